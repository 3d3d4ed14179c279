"""Sketches: near copies share a band and are alike, other texts are not, whatever the script."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.sketch import NEAR, sketch_of

WORDS = (
    "harbour lantern keeper winter story island bridge letter garden window silver thunder copper "
    "meadow castle engine pocket ladder candle ribbon market orchard velvet marble feather anchor"
).split()


def prose(seed: int, count: int = 400) -> list[str]:
    chance = random.Random(seed)
    return [chance.choice(WORDS) + str(chance.randrange(9)) for _ in range(count)]


def changed(words: list[str], every: int) -> str:
    return " ".join("other" if n % every == 0 else word for n, word in enumerate(words, 1))


def alike(one: str, other: str) -> tuple[bool, float]:
    first, second = sketch_of(one), sketch_of(other)
    assert first is not None
    assert second is not None
    return not set(first.bands).isdisjoint(second.bands), first.likeness(second)


@pytest.mark.parametrize("seed", range(20))
def test_a_copy_with_some_words_changed_is_found_and_near(seed):
    words = prose(seed)
    shares, likeness = alike(" ".join(words), changed(words, every=40))
    assert shares
    assert likeness >= NEAR


@pytest.mark.parametrize("seed", range(20))
def test_another_text_is_far(seed):
    _, likeness = alike(" ".join(prose(seed)), " ".join(prose(seed + 1_000)))
    assert likeness < NEAR / 2


def test_case_layout_and_punctuation_do_not_count():
    words = prose(1)
    text = " ".join(words)
    assert sketch_of(text) == sketch_of(",\n ".join(words).upper())


@pytest.mark.parametrize("alphabet", ["的一是不了人我在有他这中大来上", "กขคงจฉชซญฎฐฑฒณด"])
def test_copies_in_scripts_without_spaces_are_near_and_other_texts_are_not(alphabet):
    chance = random.Random(1)
    letters = [chance.choice(alphabet) for _ in range(600)]
    copy = [letter if n % 60 else "一" for n, letter in enumerate(letters)]
    other = [chance.choice(alphabet) for _ in range(600)]
    shares, likeness = alike("".join(letters), "".join(copy))
    assert shares
    assert likeness >= NEAR
    assert alike("".join(letters), "".join(other))[1] < NEAR


@pytest.mark.parametrize("text", ["", " \n", "...!?", "\u200b"])
def test_a_text_without_words_has_no_sketch(text):
    assert sketch_of(text) is None


@given(st.text(max_size=2_000))
def test_any_text_is_sketched_the_same_way_twice(text):
    sketch = sketch_of(text)
    assert sketch == sketch_of(text)
    if sketch is not None:
        assert len(set(sketch.bands)) == len(sketch.bands)
        assert all(-(2**63) <= band < 2**63 for band in sketch.bands)
        assert sketch.likeness(sketch) == 1
