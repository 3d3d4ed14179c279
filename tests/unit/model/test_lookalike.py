from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.lookalike import is_lookalike, lookalike_of


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("раураl.com", "paypal.com"),  # mixed scripts
        ("аррӏе.com", "apple.com"),  # wholly Cyrillic
        ("xn--80ak6aa92e.com", "apple.com"),  # the same in punycode
        ("login.xn--80ak6aa92e.top", "www.apple.com"),  # under another suffix
        ("ѕсоре.example", "scope.example"),
        ("gооgle.com", "google.com"),
        ("g00gle.com", "google.com"),
        ("paypa1.com", "paypal.com"),
        ("rnicrosoft.com", "microsoft.com"),
        ("ɡithub.com", "github.com"),
        ("аpple.com", "аррӏе.com"),  # both sides may be dressed up
    ],
)
def test_a_label_that_looks_the_same_is_a_lookalike(host, known):
    assert is_lookalike(host, known)
    assert is_lookalike(known, host)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("apple.com", "apple.com"),
        ("www.apple.com", "apple.co.uk"),  # the same label: another question
        ("apples.com", "apple.com"),
        ("bücher.example", "bucher.example"),  # a dot more is visible
        ("яндекс.рф", "yandex.ru"),
        ("paypal.example.com", "paypal.com"),  # only the registrable label is compared
        ("localhost", "1ocalhost"),
        ("127.0.0.1", "l27.0.0.1"),
        ("com", "rn.com"),
    ],
)
def test_a_label_that_can_be_told_apart_is_none(host, known):
    assert not is_lookalike(host, known)


def test_the_imitated_host_is_named():
    known = ["example.org", "www.google.com", "google.de"]
    assert lookalike_of("g00gle.com", known) == "www.google.com"
    assert lookalike_of("example.net", known) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_looking_alike_goes_both_ways_and_never_to_oneself(host, other):
    assert is_lookalike(host, other) == is_lookalike(other, host)
    assert not is_lookalike(host, host)
