"""What of an address may stand in a log."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.logs import loggable_url


@pytest.mark.parametrize(
    ("url", "logged"),
    [
        ("https://user:pw@a.example:8443/p/q?token=x#y", "https://a.example:8443/p/q"),
        ("http://[2001:db8::1]:80/x", "http://[2001:db8::1]:80/x"),
        ("http://[bad", "(unreadable)"),
        ("http://a.example:99999/", "(unreadable)"),
    ],
)
def test_user_names_and_queries_are_cut(url, logged):
    assert loggable_url(url) == logged


@given(st.text(), st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_no_address_breaks_the_log_or_tells_its_query(text, secret):
    logged = loggable_url(f"https://a.example/{text}?{secret}={secret}-secret")
    assert f"{secret}-secret" not in logged
