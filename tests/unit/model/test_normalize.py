from __future__ import annotations

import re
import time
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_pages import ANY_TEXT, TELLING_TEXT

from model.document import parse_document
from model.normalize import count_disguised, normalize
from model.saved import parse_saved_line

ROOT = Path(__file__).parents[3]
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
    "small capitals": "ᴡᴀᴛᴄʜ",
    "raised letters": "ʷᵃᵗᶜʰ",
    "letters in brackets": "⒲⒜⒯⒞⒣",
    "capitals in brackets": "🄦🄐🄣🄒🄗",
    "letters of flags": "🇼 🇦 🇹 🇨 🇭",
    "Latin letters that look alike": "wɑtch",
    "Cherokee letters": "ᏔᎪtcᏂ",
    "strokes": "w\u0336a\u0336t\u0336c\u0336h\u0336",
    "rings around letters": "wa\u20ddtch",
    "commas": "w,a,t,c,h",
    "slashes": "w/a/t/c/h",
    "blanks and marks": "w - a - t - c - h",
    "pictures between letters": "w🔥a🔥t🔥c🔥h",
    "letters turned round": "\u202ehctaw\u202c",
    "letters turned round in an isolate": "\u2067\u202ehctaw\u202c\u2069",
}


@pytest.mark.parametrize("disguised", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguised_word_becomes_the_word(disguised):
    assert normalize(disguised) == "watch"


@pytest.mark.parametrize(
    "text",
    """1080p|h264|mp3|4k|v2|s01e02|1984|10:30|u s a|i am a cat|python3|windows10|season 2|covid19
    |@someone|$name|someone@mail.example|%20part|x-ray|and/or|e.g. this|c++|1st|2nd|3d
    |fa3b9c02d4e8f7a1b6c5""".split("|"),
)
def test_a_measure_a_name_with_a_number_and_a_short_run_of_letters_are_no_disguise(text):
    assert normalize(text.strip()) == text.strip()


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("cмoтpeть oнлaйн", "смотреть онлаин"),  # Latin letters in Russian words
        ("пр0см0тр по3же", "просмотр позже"),
        ("δείτe oλόκληρη", "δειτε ολοκληρη"),
        ("с.м.о.т.р.е.т.ь", "смотреть"),
        ("смοτρеть нα сайте", "смотреть на саите"),  # Greek letters in Russian words
        ("wօrd", "word"),  # an Armenian letter
        ("क्लि-क-क-रें", "क्लिककरें"),
        ("वह जो है सो है", "वह जो है सो है"),  # words of one sign, not letters set apart
        ("फिल्म फ्री में देखें", "फिल्म फ्री में देखें"),  # words, not letters set apart
        ("请在合 作 页 面观看", "请在合作页面观看"),
        ("完整🔥电影✨观看", "完整电影观看"),
        ("م\u0640ش\u0640اه\u0640دة", "مشاهدة"),  # stretched
        ("免 费 观 看", "免费观看"),
        ("免.费.观.看", "免费观看"),
        ("免\u0332费\u0332观\u0332看\u0332", "免费观看"),
        ("무\u200b료\u2060보\u200d기", "무료보기"),
        ("फ़\u200b्री", "फ्री"),
        ("\u202eнйално\u202c", "онлаин"),
        ("xem phim miễn phí đây", "xem phim mien phi day"),
        ("şımdı ızle", "simdi izle"),
        ("watch_the_full_movie", "watch the full movie"),
        ("watch-the-full-movie", "watch the full movie"),
        ("watch🔥the🍿movie", "watch the movie"),
        ("watch👉here", "watch👉here"),  # it points: that is meant
        ("d0wnl04d fr33 m0v1e", "download free movie"),
    ],
)
def test_words_of_other_scripts_and_words_tied_together_are_read_too(disguised, plain):
    assert normalize(disguised) == plain


PROSE = tomllib.loads((ROOT / "training" / "attacks" / "prose.toml").read_text(encoding="utf-8"))
UNWRITTEN = re.compile("[\u0300-\u036f\u064b-\u065f\u093c\u3099\u309a]")
STROKES = str.maketrans("łđøı", "ldoi")


def words_as_written(text: str) -> list[str]:
    """The words in small letters, without the accents and strokes that people leave out."""
    bare = UNWRITTEN.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare).translate(STROKES))


def words_compared(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", normalize(text))


@pytest.mark.parametrize("language", PROSE)
def test_honest_prose_stays_as_it_is_written_in_every_language(language):
    text = "\n".join(PROSE[language])
    assert words_compared(text) == words_as_written(text)


def test_of_the_words_of_honest_pages_hardly_any_changes():
    changed = total = 0
    for file in sorted((ROOT / "tests" / "pages").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            saved = parse_saved_line(line)
            if saved.label == "ok":
                text = parse_document(saved.page).text
                written, compared = words_as_written(text), words_compared(text)
                changed += (Counter(compared) - Counter(written)).total()
                total += len(written)
    assert total > 30_000
    assert changed / total < 0.001


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
    "piece",
    [
        "a ",
        "a.b-",
        "a1",
        "@",
        "a$",
        "wа",
        "а ",
        "\u0301",
        "\ufdfa",
        "1a",
        "a_a",
        "ab_",
        "a-",
        "a🔥",
        "\u202ea",
        "\u202ea\u202c",
        "🇼",
        "क् ",
        "ab_ab__",
        "а4",
    ],
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
        ("ᴡᴀᴛᴄʜ ɪt", 1),
        ("\u202ehctaw\u202c \u202dabc", 1),
    ],
)
def test_words_in_letters_that_only_look_right_are_counted(text, count):
    assert count_disguised(text) == count
