from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_pages import DOCUMENTS

from model.document import Document, parse_document
from model.evidence import quote_units, strongest_units, without_units
from model.features import Reading, extract_features
from model.page import Page
from model.passages import Unit

HOME = "https://site.example/reviews/12"
OPENING = "The harbour lights go out one by one, and nobody in the room says a word. " * 5


def reading_of(html: str) -> Reading:
    return Reading(parse_document(Page.from_html(html, HOME)))


@st.composite
def readings_with_runs(draw: st.DrawFn) -> tuple[Reading, list[tuple[Unit, ...]]]:
    """Draw a page and up to three disjoint runs of its units, in any order."""
    reading = Reading(draw(DOCUMENTS))
    marks = draw(st.lists(st.integers(0, len(reading.units)), max_size=6).map(sorted))
    runs = [reading.units[a:b] for a, b in list(pairwise(marks))[::2] if a < b]
    return reading, draw(st.permutations(runs))


@given(readings_with_runs())
def test_a_quote_of_text_is_the_text_at_its_place(drawn):
    reading, runs = drawn
    text = reading.document.text
    for run in runs:
        for quote in quote_units(reading.document, run):
            if quote.kind == "text":
                assert quote.quote.strip() == quote.quote != ""
                assert len(quote.quote) <= 600
            if quote.start is None:
                assert quote.end is None
            else:
                assert text[quote.start : quote.end] == quote.quote


@given(readings_with_runs())
def test_a_document_without_units_is_still_a_document(drawn):
    reading, runs = drawn
    rest = without_units(reading.document, runs)
    size = len(rest.text)
    assert size == len(reading.document.text) - sum(run[-1].end - run[0].start for run in runs)
    for block in rest.blocks:
        assert 0 <= block.start < block.end <= size
    assert all(a.end <= b.start for a, b in pairwise(rest.blocks))
    assert all(0 <= link.start <= link.end <= size for link in rest.links)
    places = [part.position for part in (*rest.images, *rest.forms, *rest.hidden)]
    assert all(0 <= place <= size for place in places)
    extract_features(Reading(rest))


@given(readings_with_runs())
def test_what_is_left_keeps_its_words(drawn):
    reading, runs = drawn
    gone = {i for run in runs for unit in run for i in range(unit.start, unit.end)}
    gone |= {i for run in runs for i in range(run[0].start, run[-1].end)}
    text = reading.document.text
    kept = [
        "".join(text[i] for i in range(b.start, b.end) if i not in gone)
        for b in reading.document.blocks
    ]
    rest = without_units(reading.document, runs)
    assert [rest.text[b.start : b.end] for b in rest.blocks] == [words for words in kept if words]


@given(DOCUMENTS)
def test_without_anything_gone_the_document_is_the_same(document):
    assert without_units(document, []) == document


def test_the_links_of_what_is_gone_are_gone():
    reading = reading_of(
        f'<p>{OPENING}<p>Watch <a href="https://unlisted.example/">here</a>'
        '<p>Also by us: <a href="/other">another review</a>'
    )
    closing = next(unit for unit in reading.units if unit.destinations)
    rest = without_units(reading.document, [(closing,)])
    assert [link.text for link in rest.links] == ["another review"]
    (link,) = rest.links
    assert rest.text[link.start : link.end] == "another review"
    assert "Watch here" not in rest.text


def test_a_long_run_is_quoted_with_its_first_words():
    reading = reading_of(f"<p>{OPENING * 3}")
    (quote,) = quote_units(reading.document, reading.units)
    assert len(quote.quote) == 600
    assert OPENING.startswith(quote.quote[:300])


def test_a_quote_cut_short_does_not_end_in_a_blank():
    reading = reading_of(f"<p>{'four ' * 200}")
    (quote,) = quote_units(reading.document, reading.units)
    assert quote.quote == ("four " * 120).strip()
    assert reading.document.text[quote.start : quote.end] == quote.quote


def test_links_elsewhere_are_quoted_and_others_are_not():
    reading = reading_of(
        '<p>See <a href="https://unlisted.example/x">the preview</a>, <a href="/own">us</a>, '
        '<a href="https://netflix.com/">them</a>'
    )
    text, link = quote_units(reading.document, reading.units)
    assert text.quote == "See the preview, us, them"
    assert (link.kind, link.quote) == ("link", "the preview")
    assert link.href == "https://unlisted.example/x"


def test_a_picture_button_and_a_hidden_link_have_no_place_in_the_text():
    reading = reading_of(
        '<p>Look<a href="https://one.example/"><img alt="play" src="p"></a>'
        '<a hidden href="https://two.example/">secret</a>'
    )
    _, picture, hidden = quote_units(reading.document, reading.units)
    assert (picture.kind, picture.quote, picture.start, picture.end) == ("link", "play", None, None)
    assert (hidden.kind, hidden.quote, hidden.start) == ("hidden", "secret", None)


def test_one_passage_quotes_three_addresses_at_most_and_each_once():
    links = "".join(f'<a href="https://s{n % 5}.example/">link {n}</a> ' for n in range(20))
    reading = reading_of(f"<p>{links}")
    hrefs = [q.href for q in quote_units(reading.document, reading.units[:1]) if q.kind == "link"]
    assert len(hrefs) == len(set(hrefs)) == 3


@given(DOCUMENTS)
def test_the_strongest_runs_are_disjoint_runs_of_units(small_artifact, document):
    reading = Reading(document)
    features = extract_features(reading)
    scored = small_artifact.scorer.score(features)
    taken: set[int] = set()
    for first, last in strongest_units(reading, scored, small_artifact.scorer):
        run = set(range(first, last + 1))
        assert run
        assert run.isdisjoint(taken)
        assert 0 <= first <= last < len(reading.units)
        taken |= run


def test_the_closing_of_an_article_is_the_strongest(small_artifact):
    reading = reading_of(
        f"<h1>The Glass Harbour</h1><p>{OPENING}</p><p>{OPENING}</p><p>Watch the full movie now, "
        'free: <a href="https://unlisted.example/x">click here to watch on our partner site</a></p>'
    )
    features = extract_features(reading)
    scored = small_artifact.scorer.score(features)
    runs = strongest_units(reading, scored, small_artifact.scorer)
    first, last = next(runs)
    quoted = reading.document.text[reading.units[first].start : reading.units[last].end]
    assert "partner site" in quoted
    assert "harbour" not in quoted


def test_a_document_of_nothing_has_one_run_and_no_quote(small_artifact):
    reading = Reading(Document(None, "", ""))
    features = extract_features(reading)
    scored = small_artifact.scorer.score(features)
    runs = strongest_units(reading, scored, small_artifact.scorer)
    assert list(runs) == [(0, 0)]
    assert quote_units(reading.document, reading.units) == []


@pytest.mark.parametrize("kinds", [("text",)])
def test_words_without_links_are_quoted_alone(kinds):
    reading = reading_of("<p>Watch it on our partner site.")
    assert tuple(q.kind for q in quote_units(reading.document, reading.units)) == kinds
