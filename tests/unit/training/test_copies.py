"""Copies of real pages: what they keep, what is put beside it, and whose they are."""

from __future__ import annotations

from collections import Counter

import pytest

from model.document import parse_document
from model.page import Page
from model.saved import SavedPage
from training.copies import Copy, copies_of, from_copy
from training.corpus import LabelledPage
from training.synthesis import Article

PROSE = tuple(f"The {n}th lighthouse of the coast was lit by oil for a century." for n in range(9))
LENDER = Article("l", "Lighthouses", PROSE, "en", "lights.example")
BAIT = (
    '<html><body><h1>A quiet film</h1><p>It rains in every scene of it.</p><a href="https://'
    'nowhere.click/x">Watch the whole film on our partner site</a></body></html>'
)


def labelled(name: str, label: str, page: Page, by: tuple[str, ...] = ()) -> LabelledPage:
    saved = SavedPage(name, page, label, f"site of {name}", "en", "streaming")  # type: ignore[arg-type]
    return LabelledPage(saved, parse_document(page), by)


PAGES = [
    *(labelled(f"b{n}", "bait", Page.from_html(BAIT, "https://blog.example/a")) for n in range(8)),
    labelled("t", "bait", Page.from_text("Watch here:\nhttps://nowhere.click/x now")),
    *(labelled(f"o{n}", "ok", Page.from_html(BAIT.replace("nowhere.click", "arte.tv")))
      for n in range(80)),
]  # fmt: skip


@pytest.fixture(scope="module")
def copies() -> list[Copy]:
    return copies_of(PAGES, [LENDER], seed=3)


def test_both_labels_are_copied_about_as_often_and_in_the_same_ways(copies):
    counts = Counter((copy.source.label, copy.source.kind) for copy in copies)
    kinds = {kind for _, kind in counts}
    assert len(kinds) == 5
    for kind in kinds:
        assert counts["bait", kind]
        assert counts["ok", kind]
    labels = Counter(copy.source.label for copy in copies)
    assert abs(labels["bait"] - labels["ok"]) < 10


def test_a_copy_belongs_to_its_pages_campaign_and_names_who_lent_the_prose(copies):
    groups = {page.saved.id: page.group for page in PAGES}
    for copy in copies:
        assert copy.source.group == groups[copy.source.id.partition("/")[0]]
        assert copy.source.lender == "lights.example"
        assert not copy.source.real


def test_the_same_arguments_give_the_same_copies(copies):
    assert copies_of(PAGES, [LENDER], seed=3) == copies
    assert copies_of(PAGES, [LENDER], seed=4) != copies


def test_prose_is_added_and_nothing_taken_away(copies):
    for copy in copies:
        if copy.source.kind == "among_prose":
            text = parse_document(copy.page).text
            assert "lighthouse" in text
            assert "Watch" in text


def test_hidden_prose_is_no_visible_prose(copies):
    hidden = [copy for copy in copies if copy.source.kind == "behind_curtains"]
    for copy in hidden:
        document = parse_document(copy.page)
        assert "lighthouse" not in document.text
        assert any("lighthouse" in part.text for part in document.hidden)


def test_links_that_are_led_otherwise_name_their_destination_no_more(copies):
    moved = [copy for copy in copies if copy.source.kind == "led_otherwise"]
    assert moved
    for copy in moved:
        assert b"https://nowhere.click/x" not in copy.page.body


def test_what_moderators_labelled_is_not_copied():
    pages = [labelled("m", "bait", Page.from_html(BAIT), ("ann",)), *PAGES[-20:]]
    assert copies_of(pages, [LENDER], seed=1) == []


def test_a_copy_becomes_an_example_of_its_own(copies):
    example = from_copy(copies[0])
    assert example.source == copies[0].source
    assert len(example.passages) > 0
