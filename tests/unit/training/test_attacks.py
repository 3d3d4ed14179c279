"""Attacked copies: what a reader sees stays, what a machine reads does not."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.document import Document, parse_document
from model.lookalike import skeleton
from model.page import Page
from model.passages import find_destinations
from training.attacks import ATTACKS, PageVerdicts, attack, attacked_recall, judge_attacked
from training.attacks.pages import soup_of

DOCS = Path(__file__).parents[3] / "docs" / "attacks.md"
MARKUP = """<!doctype html><html lang="en"><head><title>Harbour lights, a review</title>
<style>.x{color:red}</style></head><body><h1>Harbour lights</h1>
<p>The second half of the film belongs to its two sisters, who never say what they know.</p>
<p>Watch the entire film free on our partner page:</p>
<a href="https://films.example/full"><b>Watch the film now</b></a>
<p>See <a href="/about.html">about us</a> or https://shown.example/a.b for more.</p>
<script>var words = "these stay as they are";</script></body></html>"""
TEXT = """Harbour lights, a review
The second half of the film belongs to its two sisters, who never say what they know.
Watch the entire film free here: https://films.example/full
[Watch the film now](https://films.example/full)
"""
SCRIPTS = {
    "Latin": "Téléchargez le film complet sur notre site partenaire",
    "Cyrillic": "Смотрите фильм полностью на сайте партнёра",
    "Greek": "Δείτε ολόκληρη την ταινία στη σελίδα του συνεργάτη",
    "Arabic": "شاهد الفيلم كاملا في موقع شريكنا",
    "Devanagari": "हमारे साझेदार की साइट पर पूरी फ़िल्म देखें",
    "Thai": "ชมภาพยนตร์เต็มเรื่องบนเว็บไซต์พันธมิตรของเรา",
    "Hangul": "제휴 페이지에서 전체 영화를 보세요",
    "Japanese": "提携ページで映画をぜんぶ見てください",
    "Chinese": "请在我们的合作页面观看完整电影",
}
LETTERS = (
    "look-alike letters", "styled letters", "fullwidth letters", "enclosed letters",
    "small capitals", "invisible characters", "soft hyphens", "leetspeak", "spaced letters",
    "punctuated letters", "direction marks", "reversed letters", "changed case", "added marks",
)  # fmt: skip
ANY_PAGE = st.one_of(
    st.builds(Page.from_text, st.text(max_size=300)),
    st.builds(Page.from_html, st.text(max_size=300)),
    st.builds(Page.from_html, st.binary(max_size=300)),
    st.builds(
        lambda words, href: Page.from_html(f'<p>{words}<a href="{href}">{words}</a>'),
        st.text(max_size=80),
        st.sampled_from(["https://[", "http://a.example/x y", "#", "//b", "https://b.example/"]),
    ),
)


def markup() -> Page:
    return Page.from_html(MARKUP, "https://reviews.example/harbour")


def text() -> Page:
    return Page.from_text(TEXT, "https://reviews.example/harbour")


def attacked(name: str, page: Page, seed: int = 1) -> Document:
    copy = attack(page, name, seed)
    assert copy is not None
    return parse_document(copy)


def kinds(document: Document) -> Counter[str]:
    return Counter(d.kind for d in find_destinations(document))


def without_blanks(words: str) -> str:
    return re.sub(r"\s", "", words)


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("page", [markup(), text()], ids=["markup", "text"])
def test_a_seed_gives_the_same_copy_again(name, page):
    assert attack(page, name, 5) == attack(page, name, 5)


@pytest.mark.parametrize("name", LETTERS)
def test_another_seed_gives_another_copy(name):
    assert len({attack(text(), name, seed).body for seed in range(12)}) > 1


@pytest.mark.parametrize("name", sorted(set(ATTACKS) - {"dropped accents"}))
def test_a_copy_is_another_page_at_the_same_address(name):
    copy = attack(markup(), name, 3)
    assert copy is not None
    assert copy.body != markup().body
    assert (copy.url, copy.status, copy.media_type) == (markup().url, 200, "text/html")


@given(ANY_PAGE, st.sampled_from(sorted(ATTACKS)), st.integers(0, 9))
@settings(max_examples=300, deadline=None)
def test_any_page_can_be_attacked_or_says_that_it_cannot(page, name, seed):
    copy = attack(page, name, seed)
    assert copy is None or copy.media_type == page.media_type


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("page", [markup(), text()], ids=["markup", "text"])
def test_addresses_survive_attacks_on_letters(name, page):
    for seed in range(6):
        found = {link.href for link in attacked(name, page, seed).links}
        assert found >= {link.href for link in parse_document(page).links}


def test_scripts_and_styles_survive_attacks_on_letters():
    source = attack(markup(), "leetspeak", 2).body.decode()
    assert "these stay as they are" in source
    assert ".x{color:red}" in source


@pytest.mark.parametrize("words", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("name", ["invisible characters", "direction marks", "soft hyphens"])
def test_what_has_no_width_can_be_dropped_again(name, words):
    read = attacked(name, Page.from_text(words)).text
    assert read != words
    assert "".join(c for c in read if unicodedata.category(c) != "Cf" and c != "\u034f") == words


@pytest.mark.parametrize("words", SCRIPTS.values(), ids=SCRIPTS)
def test_added_marks_can_be_dropped_again(words):
    def bare(line: str) -> str:
        apart = unicodedata.normalize("NFD", line).replace("\u0640", "")
        return "".join(c for c in apart if unicodedata.category(c)[0] != "M")

    read = attacked("added marks", Page.from_text(words)).text
    assert read != words
    assert bare(read) == bare(words)


@pytest.mark.parametrize("name", ["styled letters", "fullwidth letters"])
def test_letters_of_other_make_are_compatible_with_those_they_stand_for(name):
    for seed in range(8):
        read = attacked(name, text(), seed).text
        assert unicodedata.normalize("NFKC", read) == parse_document(text()).text


def test_look_alike_letters_look_alike():
    words = "Watch complete episode"
    for seed in range(8):
        read = attacked("look-alike letters", Page.from_text(words), seed).text
        assert read != words
        assert [skeleton(w) for w in read.split()] == [skeleton(w) for w in words.split()]


@pytest.mark.parametrize("name", ["spaced letters", "punctuated letters"])
@pytest.mark.parametrize("script", sorted(set(SCRIPTS) - {"Arabic", "Devanagari"}))
def test_letters_set_apart_can_be_put_together_again(name, script):
    def bare(line: str) -> str:
        return re.sub(r"[\s/'’,~+=:‧・.-]", "", line)

    for seed in range(4):
        read = attacked(name, Page.from_text(SCRIPTS[script] * 3), seed).text
        assert bare(read) == bare(SCRIPTS[script] * 3)


def test_letters_that_join_are_never_set_apart():
    assert attack(Page.from_text(SCRIPTS["Arabic"]), "spaced letters", 1) is None


def test_reversed_letters_are_turned_round_on_the_screen():
    read = attacked("reversed letters", Page.from_text("Watch complete episodes right here")).text
    turned = re.sub(r"\u2067?\u202e(\w+)\u202c\u2069?", lambda found: found[1][::-1], read)
    assert read != turned == "Watch complete episodes right here"


@pytest.mark.parametrize("name", ["split words", "entities", "hidden letters"])
def test_markup_within_words_leaves_what_is_shown(name):
    for seed in range(6):
        assert attack(markup(), name, seed).body != markup().body
        assert attacked(name, markup(), seed).text == parse_document(markup()).text


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("entities", text()),
        ("split words", text()),
        ("hidden letters", text()),
        ("hidden padding", text()),
        ("scripted links", text()),
        ("computed links", text()),
        ("image calls", Page.from_text("no link here")),
        ("shortened links", Page.from_html("<p>no link here")),
        ("redirected links", Page.from_text("no link here")),
        ("spelled addresses", Page.from_html('<a href="/own">about us</a>')),
        ("dropped accents", text()),
        ("styled letters", Page.from_text(SCRIPTS["Chinese"])),
        ("leetspeak", Page.from_text(SCRIPTS["Hangul"])),
    ],
)
def test_an_attack_that_cannot_apply_says_so(name, page):
    assert attack(page, name, 1) is None


def test_calls_break_into_more_lines_with_the_same_words():
    for page in (markup(), text()):
        split, whole = attacked("split calls", page), parse_document(page)
        assert len(split.blocks) > len(whole.blocks)
        assert without_blanks(split.text) == without_blanks(whole.text)


def test_joined_words_lose_their_blanks():
    read = attacked("joined words", Page.from_text("Watch the film now")).text
    assert " " not in read
    assert re.sub(r"[^a-z]", "", read.lower()) == "watchthefilmnow"


@pytest.mark.parametrize("name", ["shortened links", "redirected links"])
@pytest.mark.parametrize("page", [markup(), text()], ids=["markup", "text"])
def test_links_lead_another_way(name, page):
    wanted = {"shortened links": "shortener", "redirected links": "redirector"}[name]
    assert kinds(attacked(name, page))[wanted] > kinds(parse_document(page))[wanted]
    assert "films.example/full" not in {link.href for link in attacked(name, page).links}


def test_scripted_links_still_lead_there_without_an_anchor():
    for seed in range(12):
        links = attacked("scripted links", markup(), seed).links
        found = [link.role for link in links if link.href == "https://films.example/full"]
        assert found
        assert "text" not in found


def test_computed_links_are_named_nowhere():
    assert b"films.example" not in attack(markup(), "computed links", 1).body


def test_a_call_that_is_a_picture_keeps_its_words_in_the_file_or_beside_it():
    for seed in range(6):
        document = attacked("image calls", markup(), seed)
        (button,) = [link for link in document.links if link.href == "https://films.example/full"]
        assert button.role == "image"
        assert button.text.lower() == "watch the film now"
        assert "Watch the film now" not in document.text


@pytest.mark.parametrize("page", [markup(), text()], ids=["markup", "text"])
def test_a_spelled_address_is_typed_and_not_followed(page):
    document = attacked("spelled addresses", page)
    assert "https://films.example/full" not in {link.href for link in document.links}
    assert re.search(r"films\W*(dot)?\W*example/full", document.text)


@pytest.mark.parametrize("page", [markup(), text()], ids=["markup", "text"])
def test_honest_padding_stands_before_and_after(page):
    read, whole = attacked("honest padding", page).text, parse_document(page).text
    before, after = read.index(whole[:20]), len(read) - read.index(whole[-20:])
    assert min(before, after) > 3_000


@pytest.mark.parametrize("language", ["en", "ar", "hi", "ja", "zh", "vi"])
def test_padding_is_in_the_language_of_the_page(language):
    words = {
        "en": "The film is over and the river runs below the mill while the children play.",
        "ar": "انتهى الفيلم في النهر القديم من سنة إلى سنة",
        "hi": "फ़िल्म पुल के नीचे बंद रहा और नदी का पानी है",
        "ja": "川の映画は古い町で終わり、橋を歩いている。",
        "zh": "电影在河边的老桥上结束了，因为冬天的洪水。",
        "vi": "Bộ phim kết thúc bên dòng sông và cây cầu của người làng",
    }
    alone = Page.from_text(words[language])
    named = Page.from_html(f'<html lang="{language}"><p>1 2 3')
    told = {
        line
        for page in (alone, named)
        for seed in range(9)
        for line in attacked("honest padding", page, seed).text.split("\n")
        if line not in (words[language], "1 2 3")
    }
    script = {"ar": "[؀-ۿ]", "hi": "[ऀ-ॿ]", "ja": "[ぁ-ん]", "zh": "的|了|在", "vi": "[ầờứắ]"}
    assert all(re.search(script.get(language, r"\b(the|and|for|in)\b"), line) for line in told)


def test_each_attack_has_its_sentence_in_the_documentation():
    rows = dict(
        re.findall(
            r"^\| ([a-z]\S+(?: [a-z]+)*) \| (.+?) \|",
            DOCS.read_text().partition("## What undoes them")[0],
            re.MULTILINE,
        )
    )
    rows.pop("attack")
    assert rows == {name: found.description for name, found in ATTACKS.items()}


def test_each_page_is_judged_clean_and_under_every_attack_that_applies():
    judged = judge_attacked(
        Page.from_text("Watch it here"),
        lambda page: "bait" if b"Watch" in page.body else "clean",
        1,
    )
    assert judged.clean == "bait"
    assert judged.attacked["honest padding"] == "bait"
    assert judged.attacked["fullwidth letters"] == "clean"
    assert "entities" not in judged.attacked


def test_recall_is_kept_relative_to_the_clean_recall_of_the_same_pages():
    figures = attacked_recall(
        [
            PageVerdicts("bait", {"leetspeak": "bait", "entities": "bait"}),
            PageVerdicts("bait", {"leetspeak": "suspicious"}),
            PageVerdicts("clean", {"leetspeak": "clean"}),
            PageVerdicts("suspicious", {"leetspeak": "bait"}),
        ]
    )
    assert list(figures) == ["leetspeak", "entities"]
    leet = figures["leetspeak"]
    assert leet["pages"] == 4
    assert leet["bait"]["clean"]["rate"] == leet["bait"]["attacked"]["rate"] == 0.5
    assert leet["bait"]["kept"] == 1.0
    assert leet["bait"]["still"]["rate"] == 0.5
    assert leet["flagged"]["kept"] == 1.0
    assert figures["entities"]["pages"] == 1


def test_nothing_found_keeps_nothing_that_could_be_told():
    figures = attacked_recall([PageVerdicts("clean", {"leetspeak": "clean"})])
    assert figures["leetspeak"]["bait"]["kept"] is None


def test_markup_that_calls_itself_xml_is_rewritten_without_a_warning():
    page = Page.from_html('<?xml version="1.0"?><html><body><p>Watch it here</p></body></html>')
    assert "Watch it here" in soup_of(page).get_text()
