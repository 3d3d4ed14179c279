"""URLs held to the vectors others published; tests/vectors/README.md says whose they are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from model.url import (
    InvalidUrl,
    canonicalize_url,
    expression_hash,
    registrable_domain,
    resolve_url,
    safe_browsing_canonical,
    url_expressions,
)

VECTORS = Path(__file__).parents[2] / "vectors"


def load(name: str) -> Any:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


WPT = [vector for vector in load("wpt_urltestdata.json") if isinstance(vector, dict)]
WPT_ABSOLUTE = [v for v in WPT if v["base"] is None]
TO_ASCII = [vector for vector in load("wpt_toascii.json") if isinstance(vector, dict)]
GSB_CANONICAL = load("gsb_canonicalization.json")
GSB_EXPRESSIONS = load("gsb_suffix_prefix.json")
PSL = re.findall(
    r"^checkPublicSuffix\('(.*)', (?:'(.*)'|null)\);$",
    (VECTORS / "test_psl.txt").read_text(encoding="utf-8"),
    re.MULTILINE,
)

# Hosts that are left without a name, or are no valid address, once their last dots are dropped.
REFUSED_WITHOUT_DOTS = {"http://./", "http://../", "http://foo.09.."}


def refused_on_purpose(text: str) -> bool:
    """A browser repairs these; here they are refused."""
    stripped = text.strip()
    return bool(re.search(r"[\x00-\x1f\x7f-\x9f\\]", stripped)) or (
        stripped in REFUSED_WITHOUT_DOTS
    )


def test_the_vectors_are_all_there():
    counts = [len(v) for v in (WPT, WPT_ABSOLUTE, TO_ASCII, GSB_CANONICAL, GSB_EXPRESSIONS, PSL)]
    assert counts == [891, 555, 87, 40, 6, 77]


@pytest.mark.parametrize("vector", WPT, ids=lambda v: ascii((v["input"], v["base"])))
def test_a_link_resolves_as_in_a_browser(vector):
    resolved = resolve_url(vector["base"], vector["input"])
    assert resolved == (vector["input"] if vector.get("failure") else vector["href"])


@pytest.mark.parametrize("vector", WPT_ABSOLUTE, ids=lambda v: ascii(v["input"]))
def test_an_address_is_read_as_in_a_browser(vector):
    failure = vector.get("failure") or vector["protocol"] not in {"http:", "https:"}
    if failure or refused_on_purpose(vector["input"]):
        with pytest.raises(InvalidUrl):
            canonicalize_url(vector["input"])
        return
    url = canonicalize_url(vector["input"])
    host = vector["hostname"].rstrip(".")
    port = f":{vector['port']}" if vector["port"] else ""
    mark = "?" if "?" in vector["href"].partition("#")[0] else ""
    query = vector["search"].removeprefix("?")
    assert url.href == f"{vector['protocol']}//{host}{port}{vector['pathname']}{mark}{query}"
    assert (url.host, url.path, url.query) == (host, vector["pathname"], query)
    assert url.had_credentials == bool(vector["username"] or vector["password"])


@pytest.mark.parametrize("vector", TO_ASCII, ids=lambda v: ascii(v["input"]))
def test_a_host_name_becomes_ascii_as_in_a_browser(vector):
    text = f"https://{vector['input']}/x"
    if vector["output"] is None:
        with pytest.raises(InvalidUrl):
            canonicalize_url(text)
    else:
        assert canonicalize_url(text).host == vector["output"]


# The list's own rules for kobe.jp are "*.kobe.jp" and "!city.kobe.jp". By its algorithm an
# exception rule loses its first label to become the suffix, so city.kobe.jp is registrable.
PSL_CONTRADICTS_ITSELF = {"city.kobe.jp": "city.kobe.jp", "www.city.kobe.jp": "city.kobe.jp"}


@pytest.mark.parametrize(("host", "expected"), [v for v in PSL if not v[0].startswith(".")])
def test_the_registrable_domain_is_the_public_suffix_lists(host, expected):
    # Where the list knows none, the host stands for itself.
    host = host.lower()
    assert registrable_domain(host) == PSL_CONTRADICTS_ITSELF.get(host, expected or host)


@pytest.mark.parametrize(("text", "expected"), GSB_CANONICAL.items(), ids=ascii)
def test_the_safe_browsing_form_is_the_documented_one(text, expected):
    # The documentation writes bytes: \x80 stands for one byte, not for U+0080 in UTF-8.
    assert safe_browsing_canonical(text.encode("latin-1")) == expected


@pytest.mark.parametrize(("text", "expected"), GSB_EXPRESSIONS.items())
def test_the_expressions_are_the_documented_ones_in_their_order(text, expected):
    assert url_expressions(text) == tuple(expected)


def test_an_expression_hash_is_its_sha_256():
    # The first vector of FIPS 180-2.
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert expression_hash("abc").hex() == expected
