from __future__ import annotations

from collections import Counter

import pytest

from model import known_hosts
from model.known_hosts import BRANDS, KNOWN_HOSTS, host_kind
from model.url import InvalidUrl, canonicalize_url


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("netflix.com", "service"),
        ("www.netflix.com", "service"),
        ("a.b.c.netflix.com", "service"),
        ("amazon.com", "store"),
        ("amazon.de", "store"),
        ("www.amazon.co.uk", "store"),
        ("amazon.com.br", "store"),
        ("pypi.org", "code"),
        ("de.wikipedia.org", "reference"),
        ("t.me", "social"),
        ("bit.ly", "shortener"),
        ("mega.nz", "locker"),
        ("anyone.blogspot.com.br", "free-host"),
        ("anyone.github.io", "free-host"),
        ("github.com", "code"),
    ],
)
def test_a_listed_host_has_its_kind(host, kind):
    assert host_kind(host) == kind


@pytest.mark.parametrize(
    "host",
    [
        "netflix.com.unlisted.example",  # the name must end the host
        "notnetflix.com",
        "netflix.xyz",
        "amazon.tk",  # a suffix that is given away
        "amazon.example",
        "amazon.org",  # the brand holds com and countries, not every suffix
        "com",
        "",
        "192.0.2.1",
        "[::1]",
    ],
)
def test_a_host_on_no_list_has_none(host):
    assert host_kind(host) is None


def test_the_longest_listed_name_decides():
    assert host_kind("pkg.go.dev") == "code"
    assert host_kind("v.qq.com") == host_kind("qq.com") == "service"
    assert host_kind("player.canalplus.com") == "service"


def test_no_host_is_on_two_lists():
    lists = [set(domains.split()) for _, domains in known_hosts._KINDS]
    counted = Counter(domain for domains in lists for domain in domains)
    assert [domain for domain, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("entry", sorted(KNOWN_HOSTS))
def test_an_entry_is_a_canonical_host_or_a_brand_with_a_star(entry):
    host = entry.removesuffix(".*") + ".com" if entry.endswith(".*") else entry
    try:
        assert canonicalize_url(f"https://{host}/").host == host
    except InvalidUrl as error:
        pytest.fail(str(error))
    assert host_kind(host) == KNOWN_HOSTS[entry]


def test_brands_are_names_of_services_and_stores_long_enough_to_mean_them():
    assert {"netflix", "amazon", "dazn"} <= BRANDS
    assert not BRANDS & {"github", "wikipedia", "bit", "max", "itv", "mega"}
