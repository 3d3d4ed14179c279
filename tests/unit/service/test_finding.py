"""Findings and readings in the store, and the fingerprint of a page's content."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from model.document import Document, Hidden, Link
from model.page import Redirect
from model.verdict import Counterfactual, Evidence, ModelId, Reason, UnknownBecause, Verdict
from service.finding import (
    READING_PART,
    READING_PARTS,
    READING_TEXT,
    Finding,
    Reading,
    content_fingerprint,
    dump_finding,
    dump_reading,
    load_finding,
    load_reading,
    reading_of,
)

NOW = datetime(2026, 3, 1, 12, 0, 1, 250_000, tzinfo=UTC)
WORDS = "The keeper of the lighthouse waits for one more ship to pass."

_text = st.text(st.characters(exclude_categories=["Cs"]))
_finite = st.floats(allow_nan=False, allow_infinity=False)
_verdicts = st.builds(
    Verdict,
    st.sampled_from(["bait", "suspicious", "clean", "unknown"]),
    st.none() | st.floats(0, 1),
    st.builds(ModelId, _text, _text),
    st.none() | st.just("download"),
    st.lists(st.builds(Reason, _text, _text, _finite)).map(tuple),
    st.lists(
        st.builds(Evidence, st.just("text"), _text, st.none() | _text, st.none(), st.none())
    ).map(tuple),
    st.none() | st.builds(Counterfactual, st.floats(0, 1), st.just("clean")),
    st.none() | st.builds(UnknownBecause, _text, _text),
)


@given(_verdicts, st.none() | _text, st.lists(st.builds(Redirect, _text, st.integers(300, 399))))
def test_a_finding_comes_back_from_the_store_as_it_went_in(verdict, final, redirects):
    later = NOW + timedelta(days=7)
    finding = Finding(verdict, final, tuple(redirects), None, NOW, later)
    assert load_finding(dump_finding(finding)) == finding


@given(
    _text,
    st.lists(st.builds(Link, _text, _text, st.just("text"), st.just(0), st.just(0))).map(tuple),
    st.lists(st.builds(Hidden, _text, _text, st.just(0))).map(tuple),
)
def test_a_reading_comes_back_from_the_store_as_it_went_in(text, links, hidden):
    reading = Reading("title", text, links, hidden)
    assert load_reading(dump_reading(reading)) == reading


def test_a_reading_is_bounded():
    much = "a" * (READING_TEXT + 1)
    links = (Link(much, much, "text", 0, 0, rel=("x",) * 1_000),) * (READING_PARTS + 1)
    hidden = (Hidden(much, "it is", 0),) * (READING_PARTS + 1)
    reading = reading_of(Document(None, much, much, links=links, hidden=hidden))
    assert (len(reading.text), len(reading.title)) == (READING_TEXT, READING_PART)
    assert (len(reading.links), len(reading.hidden)) == (READING_PARTS, READING_PARTS)
    link, part = reading.links[0], reading.hidden[0]
    assert {len(link.text), len(link.href), len(part.text)} == {READING_PART}
    assert len(link.rel) < 1_000


def test_copies_of_one_text_have_one_fingerprint():
    copies = [WORDS, WORDS.upper(), f"  {WORDS}\n\n2026 — 17:00!", WORDS.replace(" ", "\u00a0")]
    assert len({content_fingerprint(copy) for copy in copies}) == 1


def test_another_text_has_another_fingerprint():
    assert content_fingerprint(WORDS) != content_fingerprint(WORDS.replace("one", "two"))


def test_casefolding_is_that_of_the_language_of_the_letters():
    assert content_fingerprint("Straße" * 8) == content_fingerprint("STRASSE" * 8)


def test_a_page_with_next_to_no_text_has_no_fingerprint():
    assert content_fingerprint("Loading ... 1234567890" * 2) is None


@given(st.text())
def test_any_text_has_a_fingerprint_or_none(text):
    fingerprint = content_fingerprint(text)
    assert fingerprint is None or len(fingerprint) == 64
