from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.verdict import (
    Counterfactual,
    Evidence,
    ModelId,
    Reason,
    UnknownBecause,
    Verdict,
)
from service.report import plain, verdict_report

MODEL = ModelId("1", "0123456789ab")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b2J\x07bell\x00", "2Jbell"),
        ("one\r\n\ttwo\u2028three", "one two three"),
        ("abc\u202ecba\u2066\u200f", "abccba"),
        ("half\ud800", "half"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("[bold]kept[/bold]", "[bold]kept[/bold]"),
    ],
)
def test_a_foreign_text_cannot_command_the_terminal(text, shown):
    assert plain(text) == shown


@given(st.text(st.characters(codec=None)))
def test_no_text_keeps_a_control_character(text):
    shown = plain(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Zl", "Zp"} for c in shown)
    assert "\u202e" not in shown


def test_a_report_names_the_verdict_its_reasons_and_its_quotes():
    verdict = Verdict(
        "bait",
        0.97312,
        MODEL,
        lure="giveaway",
        reasons=(Reason("promise", "It promises a prize.", 2.5), Reason("long", "It is long.", -1)),
        evidence=(Evidence("link", "claim [b]now\x1b[0m", "https://b.example/"),),
        without_evidence=Counterfactual(0.2, "clean"),
    )
    assert verdict_report("page-1", "https://a.example/", verdict).plain.splitlines() == [
        "page-1  bait  0.973  lure: giveaway",
        "  https://a.example/",
        "   +2.50  It promises a prize.",
        "   -1.00  It is long.",
        "  link: “claim [b]now[0m” → https://b.example/",
        "  without these words: clean, 0.200",
    ]


def test_a_report_says_why_there_is_no_judgement():
    verdict = Verdict("unknown", None, MODEL, unknown_because=UnknownBecause.of("no_text"))
    first, second = verdict_report("page-1", None, verdict).plain.splitlines()
    assert (first, second.strip()) == ("page-1  unknown", verdict.unknown_because.text)
