from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.url import (
    MAX_URL_LENGTH,
    InvalidUrl,
    canonicalize_url,
    registrable_domain,
    resolve_url,
    safe_browsing_canonical,
    split_domain,
    unicode_host,
    url_expressions,
)

# Text that is nearly an address, so that most of it gets past the first check.
PIECES = st.sampled_from(
    "http:// HTTPS: // / . .. @ : ? # % %2e %41 xn-- [ ] example com 0x7f 127.0.0.1 ::1 80".split()
    + "ß 。 א 😀 İ ﬁ １ a\u0301 \u00ad \u200d \\ \x00 \ud800".split()
    + [" ", "\t"]
)
NEARLY_URLS = st.lists(PIECES, max_size=12).map(lambda pieces: "http://" + "".join(pieces))
WILD = st.text(max_size=80) | st.text(st.characters(codec=None), max_size=80) | NEARLY_URLS


def test_the_parts_of_an_address_are_named():
    url = canonicalize_url(" HTTPS://Some:Secret@BÜCHER.Example.:8443/a/../b%7e?q=ä#part ")
    assert url.href == "https://xn--bcher-kva.example:8443/b%7e?q=%C3%A4"
    assert (url.scheme, url.host, url.port) == ("https", "xn--bcher-kva.example", 8443)
    assert (url.path, url.query) == ("/b%7e", "q=%C3%A4")
    assert (url.unicode_host, url.had_credentials, url.is_ip) == ("bücher.example", True, False)


@pytest.mark.parametrize(
    ("text", "href", "port"),
    [
        ("http://example.org:80", "http://example.org/", 80),
        ("https://example.org:443/", "https://example.org/", 443),
        ("http://example.org:443/", "http://example.org:443/", 443),
        ("http://example.org:0/", "http://example.org:0/", 0),
    ],
)
def test_a_default_port_is_dropped_and_the_effective_one_kept(text, href, port):
    url = canonicalize_url(text)
    assert (url.href, url.port) == (href, port)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://１２７.0.0.1/", "127.0.0.1"),
        ("http://127.0.0.1./", "127.0.0.1"),
        ("http://127.0.0.1../", "127.0.0.1"),
        ("http://[::FFFF:7f00:1]/", "[::ffff:7f00:1]"),
    ],
)
def test_an_ip_address_is_known_in_every_disguise(text, host):
    url = canonicalize_url(text)
    assert (url.host, url.is_ip) == (host, True)


@pytest.mark.parametrize("text", ["http://localhost/", "http://1.2.3.4.example/"])
def test_a_host_name_is_no_ip_address(text):
    assert not canonicalize_url(text).is_ip


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("example.org/page", "no scheme"),
        ("example.org:8080/page", "no scheme"),
        ("localhost:8080", "no scheme"),
        ("//example.org/", "no scheme"),
        ("", "no scheme"),
        ("javascript:alert(1)", "Only http and https"),
        ("mailto:a@example.org", "Only http and https"),
        ("ftp://example.org/", "Only http and https"),
        ("http://", "cannot be parsed"),
        ("http://./", "no host name"),
        ("http://example.org:99999/", "cannot be parsed"),
        ("http://exa mple.org/", "cannot be parsed"),
        ("http://example.org/a\nb", "control character"),
        ("http://example.org/a\x9bb", "control character"),
        ("http://example.org\\@evil.example/", "backslash"),
        ("http://example.org/\ud800", "half a character"),
        ("http://example.org/" + "a" * MAX_URL_LENGTH, "longer than 2,048"),
        ("http://example.org/" + "ä" * 1_000, "longer than 2,048"),
    ],
)
def test_what_is_refused_is_refused_with_advice(text, advice):
    with pytest.raises(InvalidUrl, match=advice):
        canonicalize_url(text)


def test_an_address_of_just_the_longest_length_is_read():
    text = "http://example.org/".ljust(MAX_URL_LENGTH, "a")
    assert canonicalize_url(text).href == text


def test_an_at_sign_in_the_path_is_no_credential():
    url = canonicalize_url("https://example.org/@name?mail=a@b")
    assert url.href == "https://example.org/@name?mail=a@b"
    assert not url.had_credentials


@given(WILD)
@example("http://a\u0345.b")
def test_any_text_is_refused_or_has_one_canonical_form(text):
    try:
        url = canonicalize_url(text)
    except InvalidUrl:
        return
    again = canonicalize_url(url.href)
    assert (again.href, again.host, again.port) == (url.href, url.host, url.port)
    assert (again.path, again.query, again.is_ip) == (url.path, url.query, url.is_ip)
    assert url.href.isascii()
    assert url.host.isascii()
    assert url.host == url.host.lower() != ""
    assert "#" not in url.href
    assert not again.had_credentials


@given(st.none() | WILD, WILD)
def test_any_reference_resolves_or_stays_as_written(base, reference):
    resolved = resolve_url(base, reference)
    assert resolved == reference or resolve_url(None, resolved) == resolved


def test_a_link_that_cannot_be_resolved_stays_as_written():
    assert resolve_url(None, "../next") == "../next"
    assert resolve_url("mailto:a@example.org", "next") == "next"
    assert resolve_url("https://example.org/a/b", "../next#x") == "https://example.org/next#x"
    assert resolve_url("https://example.org/", "javascript:void(0)") == "javascript:void(0)"


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.co.uk", "example.co.uk"),
        ("somebody.github.io", "somebody.github.io"),
        ("a.somebody.github.io", "somebody.github.io"),
        ("github.io", "github.io"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("localhost", "localhost"),
        ("a.b.unlisted", "b.unlisted"),
        ("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
    ],
)
def test_the_registrable_domain_of_a_host(host, domain):
    assert registrable_domain(host) == domain


LABELS = st.sampled_from(
    "www example co uk com github io kobe jp city ck unlisted xn--55qx5d 1".split()
)


@given(st.lists(LABELS, min_size=1, max_size=6).map(".".join))
def test_the_registrable_domain_is_the_end_of_its_host_and_its_own(host):
    domain = registrable_domain(host)
    assert f".{host}".endswith(f".{domain}")
    assert registrable_domain(domain) == domain


@given(WILD)
def test_no_text_is_too_wild_to_be_asked_for_its_domain(host):
    label, suffix = split_domain(host)
    assert registrable_domain(host) == (f"{label}.{suffix}" if label else host)
    assert "xn--" in host or unicode_host(host) == host


@given(WILD | st.binary(max_size=80))
def test_any_text_has_a_safe_browsing_form_of_printable_ascii(text):
    canonical = safe_browsing_canonical(text)
    assert canonical.isascii()
    assert all(33 <= ord(character) < 127 and character != "#" for character in canonical)


@given(WILD)
def test_there_are_at_most_thirty_expressions_and_none_twice(text):
    expressions = url_expressions(text)
    assert 1 <= len(expressions) <= 30
    assert len(set(expressions)) == len(expressions)


def test_expressions_name_no_port_and_no_credentials():
    with_both = url_expressions("https://user:secret@a.example.org:8443/x?y")
    assert with_both == url_expressions("http://a.example.org/x?y")
    assert with_both[0] == "a.example.org/x?y"


def test_expressions_of_an_ip_address_keep_it_whole():
    assert url_expressions("http://[::1]:8080/") == ("[::1]/",)
    assert url_expressions("http://10.0.0.1/a") == ("10.0.0.1/a", "10.0.0.1/")
