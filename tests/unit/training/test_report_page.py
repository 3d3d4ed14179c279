from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import sample_experiments, sample_report

from training.reporting.page import html_report

HOSTILE = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>&\"'`=/!-\\\n\r\x00\x1b\u202e")),
    min_size=1,
    max_size=60,
)


class Outline(HTMLParser):
    """The names of all elements in order, and their attributes but for the values."""

    def __init__(self, markup):
        super().__init__()
        self.outline, self.attributes = [], set()
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.outline.append((tag, tuple(name for name, _ in attrs)))
        self.attributes |= {name for name, _ in attrs}


@cache
def tame_outline():
    return Outline(html_report(sample_report("w"))).outline


@pytest.fixture(scope="module")
def page():
    return html_report(sample_report(experiments=sample_experiments()))


@given(HOSTILE)
def test_no_words_of_a_page_change_what_the_report_is_made_of(words):
    assert Outline(html_report(sample_report(words))).outline == tame_outline()


def test_a_report_loads_nothing_and_runs_nothing(page):
    outline = Outline(page)
    tags = {tag for tag, _ in outline.outline}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "a", "base"}
    assert not outline.attributes & {"src", "href", "style", "srcset", "action"}
    assert not [name for name in outline.attributes if name.startswith("on")]
    assert "url(" not in page
    assert "@import" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_policy_allows_its_own_style_sheet_alone(page):
    (policy,) = re.findall(r'content="(default-src[^"]*)"', page)
    assert policy.startswith("default-src &#x27;none&#x27;; style-src &#x27;sha256-")


def test_a_report_shows_its_figures(page):
    for shown in (
        "2 bait pages of 2 campaigns",
        "Left out: 3 same text.",
        "recall at 1 in 1,000 false alarms, by page",
        "changed case",
        "Labels shuffled among campaigns and sites",
        "Nothing &lt;b&gt;was&lt;/b&gt; learnt.",
        "plain words",
        "too few collections",
    ):
        assert shown in page
    assert page.count("<figure>") == 4
    assert "nan" not in page.lower().replace("finance", "")


def test_a_report_without_experiments_has_no_room_for_them():
    page = html_report(sample_report())
    assert "<h2>Experiments</h2>" not in page
    assert page.count("<figure>") == 3


def test_a_report_is_the_same_from_its_file(page):
    report = json.loads(json.dumps(sample_report(experiments=sample_experiments())))
    assert html_report(report) == page


def test_both_themes_have_every_colour(page):
    light, dark = (
        set(re.findall(r"(--[a-z]+):", block)) for block in re.findall(r":root \{([^}]*)\}", page)
    )
    assert light == dark
    assert set(re.findall(r"var\((--[a-z]+)\)", page)) <= light
