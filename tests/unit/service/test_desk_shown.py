"""What the desk makes of an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.verdict import Evidence
from service.desk.shown import defang, place_evidence


def quote(text, start, end):
    return Evidence("text", text[start:end], start=start, end=end)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://bad.example/a.b?c", "hxxps://bad[.]example/a.b?c"),
        ("http://192.0.2.1:8080", "hxxp://192[.]0[.]2[.]1:8080"),
        ("javascript:alert(1)", "javascript[:]alert(1)"),
        ("data:text/html,x", "data[:]text/html,x"),
        ("/local", "/local"),
        ("", ""),
    ],
)
def test_an_address_is_shown_so_that_nothing_opens_it(address, shown):
    assert defang(address) == shown


TEXT = "one two three four"


def test_evidence_is_marked_where_it_stands():
    stretches, marked = place_evidence(TEXT, [quote(TEXT, 8, 13), quote(TEXT, 0, 3)])
    assert [(s.text, s.mark) for s in stretches] == [
        ("one", 2),
        (" two ", None),
        ("three", 1),
        (" four", None),
    ]
    assert marked == {1, 2}


def test_quotes_that_overlap_share_no_mark():
    stretches, marked = place_evidence(TEXT, [quote(TEXT, 0, 7), quote(TEXT, 4, 13)])
    assert [(s.text, s.mark) for s in stretches][:2] == [("one two", 1), (" three", 2)]
    assert marked == {1, 2}


def test_a_quote_inside_another_or_without_a_place_has_no_mark_of_its_own():
    evidence = [quote(TEXT, 0, 13), quote(TEXT, 4, 7), Evidence("redirect", "https://a.example/")]
    assert place_evidence(TEXT, evidence)[1] == {1}


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted), max_size=6),
)
def test_the_stretches_are_the_text_whatever_the_evidence(text, places):
    evidence = [Evidence("text", "", start=start, end=end) for start, end in places]
    stretches, marked = place_evidence(text, evidence)
    assert "".join(stretch.text for stretch in stretches) == text
    assert {stretch.mark for stretch in stretches} - {None} == marked
