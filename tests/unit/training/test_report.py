from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_lines import scored

from training.metrics import summarize
from training.report import markdown, plain

TABLES = ("language", "lure", "kind", "campaign")
HOSTILE = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from("|\\`\n\r\t\x1b\x9b\u2028\u202e<>[]*_")
    ),
    max_size=120,
)


def report(*pages, **more):
    return markdown("A set", summarize(pages) | more, tables=TABLES)


def test_a_report_shows_what_was_counted():
    text = report(
        scored("bait", 0.9, "bait", lang="de", group="camp", lure="download"),
        scored("ok", 0.2, "clean", lang="de", kind="shop"),
        left_out={"no label": 1_200, "same text": 2},
    )
    lines = text.splitlines()
    assert lines[:3] == ["## A set", "", "1 bait pages and 1 honest pages."]
    assert "Left out: 1,200 no label, 2 same text." in lines
    assert "| bait called `bait` | 100.0% (20.7% to 100.0%, of 1) |" in lines
    assert "| honest pages called `bait` | 0.0% (0.0% to 79.3%, of 1) |" in lines
    assert "| area under precision-recall | 1.0000 |" in lines
    assert "| `de` | 100% of 1 | 0% of 1 | 0% of 1 |" in lines
    assert "| `camp` | 100% of 1 | – | – |" in lines
    assert "| 0.9 | 1 | 0.900 | 1.000 |" in lines


def test_only_the_breakdowns_asked_for_are_shown():
    text = markdown("A set", summarize([scored("ok", 0.2)]), tables=("kind",))
    assert "### By kind of page" in text
    assert "### By language" not in text


@pytest.mark.parametrize("pages", [[], [scored("ok", 0.2)], [scored("bait", 0.9, "bait")]])
def test_what_was_not_measured_is_a_dash_and_never_a_number(pages):
    text = report(*pages)
    assert "nan" not in text.lower()
    assert "–" in text
    assert "recall" not in text


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("a|b", "`a¦b`"),
        ("a\\|b", "`a\\¦b`"),
        ("a\nb\r\n| c", "`a b ¦ c`"),
        ("`rm`", "`'rm'`"),
        ("\x1b]0;owned\x07", "`]0;owned`"),
        ("\u202eevil\u2066", "`evil`"),
        ("<script>[x](http://e.example)", "`<script>[x](http://e.example)`"),
        ("k" * 81, f"`{'k' * 79}…`"),
        ("k" * 80, f"`{'k' * 80}`"),
        ("\u200b\u2028", "–"),
    ],
)
def test_words_of_a_page_stay_words_in_their_cell(name, cell):
    text = markdown("A set", summarize([scored("ok", 0.2, kind=name)]), tables=("kind",))
    assert f"| {cell} | – | 0% of 1 | 0% of 1 |" in text.splitlines()


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_page_breaks_the_report(kind, group, lang):
    labels = (("bait", 0.9), ("ok", 0.1))
    text = report(*(scored(*known, kind=kind, group=group, lang=lang) for known in labels))
    plainly = report(*(scored(*known, kind="k", group="g", lang="l") for known in labels))
    assert {row.count("|") for row in text.split("\n")} <= {
        row.count("|") for row in plainly.split("\n")
    }
    assert all(row.count("`") % 2 == 0 for row in text.split("\n"))
    assert plain(text) == " ".join(text.split())  # nothing is left to take away


@given(HOSTILE)
def test_plain_text_is_one_line_that_commands_nothing(text):
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", plain(text))
