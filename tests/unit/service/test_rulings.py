"""Which decision counts, and what each covers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.url import canonicalize_url, url_expressions
from service.errors import InvalidRequestError
from service.rulings import Decision, expression_of, standing

NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://a.b.example/one/two/three.html?x=1"

EXPRESSIONS = [
    (URL, "page", "a.b.example/one/two/three.html?x=1"),
    (URL, "prefix", "a.b.example/one/two/"),
    (URL, "host", "a.b.example/"),
    ("https://b.example", "page", "b.example/"),
    ("https://b.example", "prefix", "b.example/"),
    ("https://b.example/file?x=/y/", "prefix", "b.example/"),
    ("https://b.example:8443/one/", "prefix", "b.example/one/"),
    ("https://b.example/1/2/3/", "prefix", "b.example/1/2/3/"),
    ("http://192.168.0.1/x", "host", "192.168.0.1/"),
    ("http://[2001:db8::1]/x", "host", "[2001:db8::1]/"),
]


@pytest.mark.parametrize(("url", "scope", "expression"), EXPRESSIONS)
def test_a_scope_has_its_expression(url, scope, expression):
    assert expression_of(canonicalize_url(url), scope) == expression


@pytest.mark.parametrize(("url", "scope", "expression"), EXPRESSIONS)
def test_a_decision_covers_the_url_it_was_made_on(url, scope, expression):
    made = decision(1, scope, expression_of(canonicalize_url(url), scope))
    assert standing([made], url_expressions(canonicalize_url(url).href)) == made


@pytest.mark.parametrize("url", ["https://b.example/1/2/3/4/", "https://b.example/1/2/3/4/x"])
def test_a_prefix_that_no_look_up_reaches_is_refused(url):
    with pytest.raises(InvalidRequestError):
        expression_of(canonicalize_url(url), "prefix")


def decision(number, scope, expression, minutes=0, ruling="bait"):
    at = NOW + timedelta(minutes=minutes)
    return Decision(number, URL, scope, expression, ruling, None, "mod", at)


CASCADE = [
    decision(1, "campaign", "f" * 64, 9),
    decision(2, "host", "b.example/", 8),
    decision(3, "host", "a.b.example/", 7),
    decision(4, "prefix", "b.example/one/two/", 6),
    decision(5, "prefix", "a.b.example/one/", 5),
    decision(6, "prefix", "a.b.example/one/two/", 4),
    decision(7, "page", "a.b.example/one/two/three.html?x=1", 3),
    decision(8, "page", "a.b.example/one/two/three.html?x=1", 4),
]


@given(st.sets(st.sampled_from(CASCADE), min_size=1), st.randoms())
def test_the_narrowest_wins_then_the_newest_in_any_order(decisions, random):
    shuffled = list(decisions)
    random.shuffle(shuffled)
    order = [1, 2, 3, 5, 4, 6, 7, 8]
    expected = max(decisions, key=lambda d: order.index(d.id))
    assert standing(shuffled, (*url_expressions(URL), "f" * 64)) == expected


def test_what_covers_nothing_does_not_count():
    others = [decision(1, "host", "c.example/"), decision(2, "page", "a.b.example/")]
    assert standing(others, url_expressions(URL)) is None
