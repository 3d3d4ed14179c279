"""What holds for every page that judges the model, in tests/pages and in tests/hard_pages."""

from __future__ import annotations

from collections import Counter

import pytest
from page_sets import LANGUAGES, SETS, files_of, pages_of

from model.document import parse_document

pytestmark = pytest.mark.parametrize("name", SETS)


def test_no_two_pages_share_an_id(name):
    counts = Counter(page.id for page in pages_of(name))
    assert [page_id for page_id, count in counts.items() if count > 1] == []


def test_no_two_pages_have_the_same_content(name):
    seen = Counter(page.page.body for page in pages_of(name))
    assert [page.id for page in pages_of(name) if seen[page.page.body] > 1] == []


def test_each_file_holds_the_language_it_is_named_for(name):
    assert files_of(name).keys() == LANGUAGES
    for stem, pages in files_of(name).items():
        assert {page.lang for page in pages} == {stem}


def test_every_page_says_what_it_is(name):
    for page in pages_of(name):
        assert page.label in {"bait", "ok"}, page.id
        assert page.group, page.id
        assert page.extra.get("kind"), page.id


def test_bait_has_a_lure_and_honest_pages_have_none(name):
    for page in pages_of(name):
        assert (page.lure is not None) == (page.label == "bait"), page.id


def test_every_page_can_be_read_and_shows_or_leads_somewhere(name):
    for page in pages_of(name):
        document = parse_document(page.page)
        assert not document.cut, page.id
        assert document.text.strip() or document.links, page.id
