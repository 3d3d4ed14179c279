"""The judging pages in tests/pages: well-formed, balanced, and fair in their pairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

from model.document import parse_document
from model.saved import SavedPage, parse_saved_line

FOLDER = Path(__file__).parents[1] / "pages"
FILES = sorted(FOLDER.glob("*.jsonl"))
LANGUAGES = frozenset("en es pt fr de it nl pl tr ru ar hi id vi ko ja zh".split())
LURES = frozenset({"streaming", "live-sports", "download", "giveaway", "other"})
KEYS = frozenset({"kind", "pair", "twin"})


@cache
def pages() -> tuple[SavedPage, ...]:
    lines = (line for path in FILES for line in path.read_text("utf-8").splitlines())
    return tuple(parse_saved_line(line) for line in lines)


def by_id() -> dict[str, SavedPage]:
    return {page.id: page for page in pages()}


def articles() -> dict[str, list[SavedPage]]:
    found: dict[str, list[SavedPage]] = defaultdict(list)
    for page in pages():
        if "pair" in page.extra:
            found[page.extra["pair"]].append(page)
    return dict(found)


def words(page: SavedPage) -> Counter[str]:
    document = parse_document(page.page)
    return Counter(document.text[block.start : block.end].strip() for block in document.blocks)


def test_no_two_pages_share_an_id():
    assert [name for name, count in Counter(page.id for page in pages()).items() if count > 1] == []


def test_no_two_pages_have_the_same_content():
    seen = Counter(page.page.body for page in pages())
    assert [page.id for page in pages() if seen[page.page.body] > 1] == []


def test_each_file_holds_the_language_it_is_named_for():
    assert {path.stem for path in FILES} == LANGUAGES
    for path in FILES:
        lines = path.read_text("utf-8").splitlines()
        assert {parse_saved_line(line).lang for line in lines} == {path.stem}


def test_every_page_says_what_it_is():
    for page in pages():
        assert page.label in {"bait", "ok"}, page.id
        assert page.group, page.id
        assert page.extra.get("kind"), page.id
        assert page.extra.keys() <= KEYS, page.id


def test_bait_has_a_lure_and_honest_pages_have_none():
    for page in pages():
        assert (page.lure is not None) == (page.label == "bait"), page.id


def test_there_are_enough_pages_of_each_label():
    count = Counter(page.label for page in pages())
    assert min(count["bait"], count["ok"]) >= 100
    assert 0.4 <= count["bait"] / len(pages()) <= 0.6


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_language_has_both_labels_several_lures_and_complete_articles(language):
    own = [page for page in pages() if page.lang == language]
    count = Counter(page.label for page in own)
    assert min(count["bait"], count["ok"]) >= 6
    assert len({page.lure for page in own} - {None}) >= 3
    assert len({page.extra["pair"] for page in own if "pair" in page.extra}) >= 2


def test_every_lure_is_there_in_several_languages():
    languages = defaultdict(set)
    for page in pages():
        languages[page.lure].add(page.lang)
    assert all(len(languages[lure]) >= 5 for lure in LURES)


def test_each_article_comes_as_itself_with_bait_and_with_a_lawful_pointer():
    assert len(articles()) >= 45
    for article, variants in articles().items():
        labels = {page.id: page.label for page in variants}
        assert labels == {article: "ok", f"{article}-bait": "bait", f"{article}-lawful": "ok"}
        assert {page.group for page in variants} == {article}


def test_a_variant_adds_words_or_links_and_takes_nothing_from_its_article():
    for article, variants in articles().items():
        plain = by_id()[article]
        for page in variants:
            assert words(plain) <= words(page), page.id
            assert page is plain or len(page.page.body) > len(plain.page.body), page.id


def test_groups_are_shared_by_the_variants_of_an_article_only():
    shared = Counter(page.group for page in pages() if "pair" not in page.extra)
    assert all(count == 1 for count in shared.values())
    assert not shared.keys() & articles().keys()


def test_stand_alone_bait_names_an_honest_twin_in_its_language():
    for page in pages():
        assert ("twin" in page.extra) == (page.label == "bait" and "pair" not in page.extra)
        if "twin" in page.extra:
            twin = by_id()[page.extra["twin"]]
            assert (twin.label, twin.lang) == ("ok", page.lang), page.id


def test_every_page_can_be_read_and_shows_or_leads_somewhere():
    for page in pages():
        document = parse_document(page.page)
        assert not document.cut, page.id
        assert document.text.strip() or document.links, page.id
