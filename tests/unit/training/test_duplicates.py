from __future__ import annotations

import saved_lines
from hypothesis import given
from hypothesis import strategies as st

from training.duplicates import KeptPages

LONG = saved_lines.prose(1, 300)


def outcome(*pages):
    kept = KeptPages()
    return [kept.keep(*page) for page in pages]


def test_a_page_that_says_the_same_is_dropped_however_it_is_set():
    shouted = LONG.upper().replace(" ", "\n  ")
    assert outcome(("ok", LONG, b"1"), ("ok", shouted, b"2")) == [None, "same text"]


def test_a_page_with_a_word_changed_is_nearly_the_same():
    changed = LONG.replace(LONG.split()[150], "otherwise", 1)
    assert outcome(("ok", LONG, b""), ("ok", changed, b"")) == [None, "nearly the same text"]


def test_a_page_with_half_its_words_changed_is_another():
    words = LONG.split()
    other = " ".join([*words[:150], *saved_lines.prose(2, 150).split()])
    assert outcome(("ok", LONG, b""), ("ok", other, b"")) == [None, None]


def test_bait_and_its_honest_twin_are_both_kept():
    twin = f"{LONG} and more"
    assert outcome(("ok", LONG, b""), ("bait", LONG, b""), ("bait", twin, b"")) == [
        None,
        None,
        "nearly the same text",
    ]


def test_pages_without_a_word_are_the_same_only_if_their_bytes_are():
    pages = [("bait", "", b"<img a>"), ("bait", " … ", b"<img b>"), ("bait", "", b"<img a>")]
    assert outcome(*pages) == [None, None, "same text"]


def test_a_dropped_page_stands_for_nothing():
    words = LONG.split()
    pages = [" ".join([*words[: 300 - 4 * n], *["else"] * (4 * n)]) for n in range(30)]
    kept = outcome(*(("ok", page, b"") for page in pages))
    assert kept[1] == "nearly the same text"
    assert kept.count(None) > 1  # a chain of small changes does not swallow its far end


@given(st.lists(st.text(max_size=30), max_size=12))
def test_the_same_pages_twice_over_add_nothing(texts):
    kept = KeptPages()
    first = [kept.keep("ok", text, text.encode()) for text in texts]
    second = [kept.keep("ok", text, text.encode()) for text in texts]
    assert None not in second
    assert len(first) == len(second)
