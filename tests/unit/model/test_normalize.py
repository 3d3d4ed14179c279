from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_pages import ANY_TEXT, TELLING_TEXT

from model.normalize import count_disguised, normalize

DISGUISES = {
    "capitals": "WATCH",
    "fullwidth letters": "ｗａｔｃｈ",
    "mathematical letters": "𝐰𝐚𝐭𝐜𝐡",
    "circled letters": "ⓦⓐⓣⓒⓗ",
    "squared letters": "🅆🄰🅃🄲🄷",
    "dark letters": "🅦🅐🅣🅒🅗",
    "dark squared letters": "🆆🅰🆃🅲🅷",
    "accents": "wátčh",
    "loose accents": "wa\u0301tc\u030ch",
    "a zero-width space": "wat\u200bch",
    "a soft hyphen": "wat\u00adch",
    "a word joiner": "w\u2060atch",
    "a direction mark": "wat\u202ech",
    "Cyrillic letters": "wаtсh",
    "a Greek letter": "wαtch",
    "blanks": "w a t c h",
    "dots": "w.a.t.c.h",
    "hyphens": "w-a-t-c-h",
    "leetspeak": "w47ch",
    "an at sign": "w@tch",
    "blanks between letters of two scripts": "w а t с h",
    "blanks between styled letters": "𝐰 𝐚 𝐭 𝐜 𝐡",
}


@pytest.mark.parametrize("disguised", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguised_word_becomes_the_word(disguised):
    assert normalize(disguised) == "watch"


@pytest.mark.parametrize(
    "text", ["1080p", "h264", "mp3", "4k", "v2", "s01e02", "1984", "10:30", "u s a", "i am a cat"]
)
def test_a_measure_a_number_and_a_short_run_of_letters_are_no_disguise(text):
    assert normalize(text) == text


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Смотреть онлайн", "смотреть онлаин"),  # й loses its breve as é loses its accent
        ("Ελληνικά", "ελληνικα"),
        ("कि की", "कि की"),  # vowel signs are letters of their own
        ("مُشَاهَدَة", "مشاهدة"),  # points are often left out
        ("ガ", "カ"),
        ("Straße", "strasse"),
        ("ﬁlm", "film"),
        ("한국", "한국"),
        ("İzle", "izle"),
    ],
)
def test_each_script_keeps_what_tells_its_words_apart(written, compared):
    assert normalize(written) == compared


@given(st.one_of(ANY_TEXT, TELLING_TEXT))
def test_what_is_normalised_stays_as_it_is(text):
    once = normalize(text)
    assert normalize(once) == once


@given(st.one_of(ANY_TEXT, TELLING_TEXT))
def test_case_is_not_compared(text):
    assert normalize(text.casefold()) == normalize(text)


@pytest.mark.parametrize(
    "piece", ["a ", "a.b-", "a1", "@", "a$", "wа", "а ", "\u0301", "\ufdfa", "1a", "a_a"]
)
def test_hostile_text_costs_time_in_proportion_to_its_length(piece):
    text = piece * (200_000 // len(piece))
    started = time.process_time()
    result = normalize(text)
    assert time.process_time() - started < 2.0
    assert len(result) <= len(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("watch now", 0),
        ("смотри онлайн", 0),  # a script of its own hides nothing
        ("Ελλάδα and more", 0),
        ("café naïve", 0),
        ("下载 watch", 0),
        ("wаtсh", 1),
        ("𝐰𝐚𝐭𝐜𝐡 the ⓕⓘⓛⓜ", 2),
        ("ｗａｔｃｈ", 1),
        ("🆆🅰🆃🅲🅷", 1),
        ("① one ② two 🅿 parking", 0),  # numbers and signs that stand for themselves
    ],
)
def test_words_in_letters_that_only_look_right_are_counted(text, count):
    assert count_disguised(text) == count
