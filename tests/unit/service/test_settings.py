"""The settings, and that each is documented."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.settings import Settings

DOCS = Path(__file__).parents[3] / "docs"


def test_every_setting_is_documented():
    page = (DOCS / "settings.md").read_text()
    missing = [name for name in Settings.model_fields if f"`BAITWATCH_{name.upper()}`" not in page]
    assert missing == []


def test_every_documented_setting_exists():
    page = (DOCS / "settings.md").read_text()
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `BAITWATCH_")]
    assert rows == [f"BAITWATCH_{name.upper()}" for name in Settings.model_fields]


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        Settings().threads = 1


@pytest.mark.parametrize(
    ("url", "hosts", "expected"),
    [
        (None, "", ("localhost", "127.0.0.1", "[::1]")),
        ("https://a.example/", "", ("a.example", "localhost", "127.0.0.1", "[::1]")),
        ("https://a.example", "b.example, .c.example", ("b.example", ".c.example")),
    ],
)
def test_the_hosts_that_are_answered(url, hosts, expected):
    assert Settings(public_url=url, trusted_hosts=hosts).hosts == expected


def test_a_network_that_is_none_is_refused():
    assert Settings(deny_networks="192.0.2.0/24, 2001:db8::1").deny_networks[1] == "2001:db8::1"
    with pytest.raises(ValidationError):
        Settings(deny_networks="192.0.2.0/33")


@pytest.mark.parametrize("url", ["a.example", "ftp://a.example", "https://", ""])
def test_a_public_url_that_is_none_is_refused(url):
    with pytest.raises(ValidationError):
        Settings(public_url=url)


def test_each_verdict_has_its_life():
    settings = Settings(life_bait=4, life_suspicious=3, life_clean=2, life_unknown=1)
    names = ("bait", "suspicious", "clean", "unknown")
    assert [settings.verdict_life(name).total_seconds() for name in names] == [4, 3, 2, 1]


@pytest.mark.parametrize("agent", ["", " x", "a\r\nCookie: b", "ü", "x" * 201])
def test_a_user_agent_that_is_no_header_is_refused(agent):
    with pytest.raises(ValidationError):
        Settings(user_agent=agent)
