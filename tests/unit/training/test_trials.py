from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import permutations
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_lines import scored as scored_page

from model.document import parse_document
from model.known_hosts import host_kind
from model.page import Page
from training.endings import (
    Ending,
    EndingLink,
    EndingPair,
    Endings,
    UnusableEndings,
    linked_lines,
)
from training.gate import read_floors
from training.synthesis import Article
from training.trials import (
    labelled_pages,
    read_endings,
    summarize_triples,
    trial_figures,
    trial_pages,
)
from training.trials.shapes import HTML_SHAPES, TEXT_STYLES, Sheet, text_page

LANGUAGES = frozenset("en es pt fr de it nl pl tr ru ar hi id vi ko ja zh".split())
LURES = {"streaming", "live-sports", "download", "giveaway", "other"}
ENDINGS = read_endings()
PAIRS = [pair for each in ENDINGS for pair in each.pairs]
SITE = {name: name.title() for name in ("home", "about", "archive", "reply", "more")}
BAIT = Ending(("Go on, get it here", "before noon"), (EndingLink("here", "https://x.top/a"),), "b")
LAWFUL = Ending(("It is in the library.",), (), "l")
SMALL = Endings("en", SITE, (EndingPair("en-01", "download", BAIT, LAWFUL),))


def article(number=0, lang="en", paragraphs=4):
    words = tuple(
        f"Paragraph {n} of article {number}, about nothing much." for n in range(paragraphs)
    )
    return Article(f"a{number}", f"Article {number}", words, lang, f"site{number % 3}")


def hosts(ending):
    return [urlsplit(link.href).hostname for link in ending.links if link.href.startswith("http")]


def blocks(saved):
    document = parse_document(saved.page)
    return Counter(document.text[b.start : b.end] for b in document.blocks)


def test_every_language_has_endings_for_every_lure():
    assert {each.lang for each in ENDINGS} == LANGUAGES
    for each in ENDINGS:
        assert len(each.pairs) >= 24
        assert {pair.lure for pair in each.pairs} == LURES
        assert each.site.keys() == SITE.keys()


def test_no_two_endings_have_the_same_words():
    sides = [side for pair in PAIRS for side in (pair.bait, pair.lawful)]
    seen = Counter((side.lines, side.links) for side in sides)
    assert [key for key, count in seen.items() if count > 1] == []


def test_endings_are_short():
    for pair in PAIRS:
        for side in (pair.bait, pair.lawful):
            assert side.lines or side.links
            assert len(side.lines) <= 6
            assert sum(map(len, side.lines)) <= 400, pair.name


def test_bait_never_names_a_lawful_destination():
    named = {"service", "store", "code", "reference"}
    assert [(p.name, h) for p in PAIRS for h in hosts(p.bait) if host_kind(h) in named] == []


def test_a_lawful_ending_never_hides_its_destination():
    hidden = {"shortener", "locker"}
    assert [(p.name, h) for p in PAIRS for h in hosts(p.lawful) if host_kind(h) in hidden] == []


def test_bait_and_lawful_endings_share_no_host_but_those_of_messengers_and_sharing():
    bait = {h for p in PAIRS for h in hosts(p.bait)}
    lawful = {h for p in PAIRS for h in hosts(p.lawful)}
    assert {h for h in bait & lawful if host_kind(h) != "social"} <= {"zalo.me"}


def test_a_line_is_cut_at_its_links_in_order():
    ending = Ending(
        ("one two, two", "three"),
        (EndingLink("two", "a"), EndingLink("two", "b"), EndingLink("", "c", picture=True)),
        "k",
    )
    assert [
        [(words, link and link.href) for words, link in line] for line in linked_lines(ending)
    ] == [
        [("one ", None), ("two", "a"), (", ", None), ("two", "b")],
        [("three", None)],
        [("", "c")],
    ]


BROKEN = {
    "more bait than lawful": '[[bait]]\nlure="other"\nkind="b"\ntext=["a"]\n',
    "a link that stands nowhere": '[[bait]]\nlure="other"\nkind="b"\ntext=["a"]\n'
    'links=[{text="b",href="c"}]\n[[lawful]]\nkind="l"\ntext=["a"]\n',
    "an unknown lure": '[[bait]]\nlure="fame"\nkind="b"\ntext=["a"]\n'
    '[[lawful]]\nkind="l"\ntext=["a"]\n',
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_file_of_endings_that_does_not_hold_together_is_refused(broken, tmp_path):
    lawful = "" if "[[lawful]]" in broken else "lawful = []\n"
    (tmp_path / "xx.toml").write_text(f"{lawful}site = {{}}\n{broken}", encoding="utf-8")
    with pytest.raises(UnusableEndings, match="xx"):
        read_endings(tmp_path)


def test_the_same_arguments_give_the_same_pages_in_whatever_order_the_articles_come():
    articles = [article(number) for number in range(3)]
    made = [trial_pages(order, [SMALL], 5) for order in permutations(articles)]
    assert all(triples == made[0] for triples in made)
    assert trial_pages(articles, ENDINGS, 5) != trial_pages(articles, ENDINGS, 6)


@pytest.mark.parametrize("count", [1, 2, 40])
def test_every_article_and_every_pair_of_endings_is_used(count):
    english = next(each for each in ENDINGS if each.lang == "en")
    articles = [article(number) for number in range(count)]
    triples = trial_pages(articles, [english], 0)
    assert len(triples) == max(count, len(english.pairs))
    assert {t.pair.name for t in triples} == {pair.name for pair in english.pairs}
    used = {re.search(r"Article (\d+)", t.bare.page.body.decode())[1] for t in triples}
    assert len(used) == count


def test_a_language_without_an_article_has_no_triple():
    triples = trial_pages([article(lang="de"), article(1, lang="xx")], ENDINGS, 0)
    assert {t.lang for t in triples} == {"de"}


def test_half_of_the_pages_are_text_and_most_endings_close_their_article():
    triples = trial_pages([article(number) for number in range(400)], [SMALL], 0)
    assert sum(t.bait.page.media_type == "text/plain" for t in triples) == 200
    assert {t.shape for t in triples} == {*TEXT_STYLES, *HTML_SHAPES}
    share = Counter(t.position for t in triples)
    assert 0.65 < share["end"] / 400 < 0.75
    assert share["middle"] > share["top"] > 0


def test_the_pages_of_a_triple_differ_in_the_ending_alone():
    for triple in trial_pages([article(number) for number in range(60)], [SMALL], 1):
        bare, bait, lawful = map(blocks, triple.pages)
        if triple.shape == "forum":  # one post is one block
            continue
        assert bare - bait == bare - lawful == Counter()
        assert sum((bait - bare).values()) <= 2
        assert list((lawful - bare).elements()) == ["It is in the library."]


def test_the_ending_stands_where_its_position_says():
    places = defaultdict(set)
    for triple in trial_pages([article(number) for number in range(60)], [SMALL], 1):
        text = parse_document(triple.bait.page).text
        before = sum(f"Paragraph {n} " in text.partition("Go on")[0] for n in range(4))
        places[triple.position].add(before)
    assert places == {"top": {0}, "middle": {2}, "end": {4}}


def test_the_pages_say_what_they_are():
    (triple,) = trial_pages([article()], [SMALL], 0)
    assert [page.label for page in triple.pages] == ["ok", "bait", "ok"]
    assert [page.lure for page in triple.pages] == [None, "download", None]
    assert {page.group for page in triple.pages} == {"site0"}
    assert [page.extra["kind"] for page in triple.pages] == ["bare", "b", "l"]
    labelled = list(labelled_pages([triple]))
    assert [page.saved for page in labelled] == list(triple.pages)
    assert all("Paragraph 3" in page.document.text for page in labelled)


@pytest.mark.parametrize("shape", HTML_SHAPES)
def test_the_links_of_an_ending_stand_in_markup_with_their_words(shape):
    for pair in PAIRS:
        sheet = Sheet("Title", ("Words.", pair.bait), "en", "site.example", SITE)
        html = HTML_SHAPES[shape](sheet)
        document = parse_document(Page.from_html(html, "https://site.example/"))
        found = [link.href for link in document.links]
        assert all(link.href in found or link.href[:4] != "http" for link in pair.bait.links)


@pytest.mark.parametrize(("style", "links"), [("markdown", 1), ("addresses", 1), ("words", 0)])
def test_plain_text_writes_links_in_its_own_style(style, links):
    sheet = Sheet("Title", ("Words.", BAIT), "en", "site.example", SITE)
    document = parse_document(Page.from_text(text_page(sheet, style)))
    assert [link.href for link in document.links] == ["https://x.top/a"] * links
    assert "Go on, get it" in document.text


@pytest.mark.parametrize("style", TEXT_STYLES)
def test_an_address_that_is_written_out_stands_once_in_plain_text(style):
    shown = Ending(("go: s.id/abc。",), (EndingLink("s.id/abc", "https://s.id/abc"),), "k")
    sheet = Sheet("Title", (shown,), "en", "site.example", SITE)
    text = text_page(sheet, style)
    assert text.count("s.id/abc") == (2 if style == "markdown" else 1)
    if style != "words":
        assert [link.href for link in parse_document(Page.from_text(text)).links] == [
            "https://s.id/abc"
        ]


@pytest.mark.parametrize("shape", HTML_SHAPES)
@given(st.text("<>&\"'ab/!-[]", min_size=1, max_size=40).filter(str.strip))
def test_an_article_of_any_words_is_read_back_as_it_was_written(shape, words):
    sheet = Sheet(words, (words, words), "en", "site.example", SITE)
    text = parse_document(Page.from_html(HTML_SHAPES[shape](sheet))).text
    assert text.count(" ".join(words.split())) >= 3


def judged(triple, bare, bait, lawful):
    """Score a triple's pages; each side is a score, and a verdict where it is not clean."""
    sides = zip(triple.pages, (bare, bait, lawful), strict=True)
    return [scored_page(page.label, *side, id=page.id) for page, side in sides]


CLEAN, FLAGGED, CALLED = (0.1,), (0.5, "suspicious"), (0.9, "bait")
EVERY = {
    "ranked_right": 0,
    "wholly_right": 0,
    "bait_found": 0,
    "bait_at_least_suspicious": 0,
    "false_bait_lawful": 0,
    "false_flag_lawful": 0,
    "false_flag_bare": 0,
}


@pytest.mark.parametrize(
    ("sides", "holds"),
    [
        (
            (CLEAN, CALLED, CLEAN),
            {"ranked_right", "wholly_right", "bait_found", "bait_at_least_suspicious"},
        ),
        ((CLEAN, FLAGGED, CLEAN), {"ranked_right", "bait_at_least_suspicious"}),
        ((CLEAN, (0.2,), CLEAN), {"ranked_right"}),
        ((CLEAN, CLEAN, CLEAN), set()),
        (
            (CLEAN, CALLED, FLAGGED),
            {"ranked_right", "bait_found", "bait_at_least_suspicious", "false_flag_lawful"},
        ),
        ((CLEAN, CLEAN, CALLED), {"false_bait_lawful", "false_flag_lawful"}),
        ((FLAGGED, CLEAN, CLEAN), {"false_flag_bare"}),
    ],
)
def test_what_counts_as_right(sides, holds):
    (triple,) = trial_pages([article()], [SMALL], 0)
    summary = summarize_triples([triple], judged(triple, *sides))
    found = {name: share["rate"] for name, share in summary["all"].items()}
    assert found == EVERY | dict.fromkeys(holds, 1)
    assert summary["by"]["bait_kind"]["b"] == summary["by"]["lure"]["download"] == summary["all"]


def test_a_triple_counts_once_all_of_its_pages_were_scored():
    one, two = trial_pages([article(0), article(1)], [SMALL], 0)
    scored = [*judged(one, CLEAN, CALLED, CLEAN), *judged(two, CLEAN, CALLED, CLEAN)[:2]]
    summary = summarize_triples([one, two], scored)
    assert summary["triples"] == summary["all"]["ranked_right"]["of"] == 1


def test_the_figures_for_floors_name_the_worst_language():
    (good,) = trial_pages([article()], [SMALL], 0)
    (bad,) = trial_pages([article(lang="de")], [Endings("de", SITE, SMALL.pairs)], 0)
    scored = [*judged(good, CLEAN, CALLED, CLEAN), *judged(bad, CLEAN, CLEAN, FLAGGED)]
    found = trial_figures(summarize_triples([good, bad], scored))
    assert found["ranked_right"] == 0.5
    assert found["ranked_right_in_the_worst_language"] == 0.0
    assert found["false_flag_lawful_in_the_worst_language"] == 1.0


def test_the_pinned_floors_are_shares_of_figures_that_triples_have():
    (triple,) = trial_pages([article()], [SMALL], 0)
    measured = trial_figures(summarize_triples([triple], judged(triple, CLEAN, CALLED, CLEAN)))
    floors = read_floors()["trials"]
    shares = {name: floor for name, floor in floors.items() if name != "sha256"}
    assert shares.keys() <= measured.keys()
    assert all(0 <= floor <= 1 for floor in shares.values())


def test_no_triples_have_no_figures():
    assert trial_figures(summarize_triples([], [])) == {}
