"""The judging pages in tests/pages: balanced, and fair in their pairs."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from page_sets import LANGUAGES, pages_of

from model.document import parse_document
from model.saved import SavedPage

LURES = frozenset({"streaming", "live-sports", "download", "giveaway", "other"})
KEYS = frozenset({"kind", "pair", "twin"})


def pages() -> tuple[SavedPage, ...]:
    return pages_of("pages")


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


def test_pages_have_no_keys_but_the_known_ones():
    for page in pages():
        assert page.extra.keys() <= KEYS, page.id


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
