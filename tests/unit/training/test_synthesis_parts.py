"""Destinations, evasions and subjects: the parts that pages are made of."""

from __future__ import annotations

import re
from random import Random
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.normalize import normalize
from training.synthesis import evasion
from training.synthesis.articles import excerpt, subject_of
from training.synthesis.destinations import (
    Site,
    cited_address,
    invent_site,
    own_address,
    place_address,
    shown,
    unnamed_address,
)
from training.synthesis.language import LANGUAGES, Place

SITE = Site("Harbour Post", "harbourpost.example", "https://harbourpost.example/a")
TITLES = st.text(max_size=80)


@given(st.integers(), TITLES, st.sampled_from(LANGUAGES))
def test_every_destination_is_an_address(seed: int, title: str, lang: str):
    rng = Random(seed)
    place = Place("Netflix", "netflix.com")
    for address in (
        unnamed_address(rng, lang, SITE, title),
        place_address(rng, place, SITE, title, counted=True),
        cited_address(rng, lang),
        own_address(rng, SITE),
    ):
        assert not set(address) & set(" \"'<>\n")
        assert urlsplit(shown(address, SITE)).netloc


@given(st.integers(), TITLES)
def test_a_named_place_leads_to_its_own_host(seed: int, title: str):
    address = place_address(Random(seed), Place("Netflix", "netflix.com"), SITE, title)
    assert urlsplit(address).hostname in {"netflix.com", "www.netflix.com"}


@given(st.integers(), TITLES, st.sampled_from(LANGUAGES))
def test_an_invented_site_answers_at_its_own_host(seed: int, title: str, lang: str):
    site = invent_site(Random(seed), lang, title)
    assert site.url is None or urlsplit(site.url).hostname == site.host


def letters_of(text: str) -> int:
    return sum(not c.isspace() for c in text)


def named(how: evasion.Disguise) -> str:
    return how.reword.__name__.strip("_")


@pytest.mark.parametrize("how", evasion.MARKUP_DISGUISES, ids=named)
@given(text=st.text(max_size=80), seed=st.integers())
def test_a_disguise_loses_no_letter(how, text: str, seed: int):
    seen = evasion.reader_sees(evasion.disguise(text, how, 0.5, Random(seed)))
    assert letters_of(seen) >= letters_of(evasion.reader_sees(text))


@pytest.mark.parametrize("how", evasion.TEXT_DISGUISES, ids=named)
def test_a_disguised_call_no_longer_reads_the_same(how):
    assert evasion.disguise("Watch the movie free", how, 1.0, Random(2)) != "Watch the movie free"


@pytest.mark.parametrize("how", evasion.TEXT_DISGUISES, ids=named)
@pytest.mark.parametrize("seed", range(4))
def test_what_is_compared_is_the_word_under_its_disguise(how, seed: int):
    disguised = evasion.disguise("Watching", how, 1.0, Random(seed))
    assert normalize(disguised) == "watching"


@pytest.mark.parametrize(
    "text", ["请在我们的合作页面观看完整电影", "提携ページで映画をぜんぶ見てください"]
)
@pytest.mark.parametrize("how", evasion.TEXT_DISGUISES[:2], ids=named)
def test_a_share_of_the_signs_is_disguised_where_there_are_no_blanks(how, text: str):
    shares = []
    for seed in range(30):
        disguised = evasion.disguise(text, how, 0.4, Random(seed))
        assert normalize(disguised) == normalize(text)
        shares.append((len(disguised) - len(text)) / len(text))
    assert 0.15 < sum(shares) / len(shares) < 0.55


@pytest.mark.parametrize("how", evasion.TEXT_DISGUISES, ids=named)
def test_words_whose_letters_join_never_fall_apart(how):
    text = "شاهد الفيلم كاملا في موقع شريكنا"
    words = normalize(evasion.disguise(text, how, 1.0, Random(5)))
    assert re.sub(r"\W+", " ", words) == text


def test_split_words_and_entities_read_as_if_nothing_had_happened():
    for how in (evasion.MARKUP_DISGUISES[-4], evasion.MARKUP_DISGUISES[-2]):
        hidden = evasion.disguise("Watch the movie", how, 1.0, Random(3))
        assert hidden != "Watch the movie"
        assert evasion.reader_sees(hidden) == "Watch the movie"


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("The harbour – Ostby Post", "The harbour"),
        ("Review: a long way", "Review"),
        ("Solaris (1972)", "Solaris"),
        ("  Two   words ", "Two words"),
        ("", ""),
        ("well-known places", "well-known places"),
    ],
)
def test_a_title_is_cut_to_what_a_sentence_can_carry(title: str, subject: str):
    assert subject_of(title) == subject


@given(st.text(max_size=300))
def test_a_subject_is_never_longer_than_a_line(title: str):
    assert len(subject_of(title)) <= 48


def test_an_excerpt_skips_empty_paragraphs_and_never_runs_dry():
    assert excerpt(("a", " ", "b  c", ""), 9, 2) == ("a", "b c")
    assert excerpt(("a", "b", "c"), 1, 1) == ("b",)
