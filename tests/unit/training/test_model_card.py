from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import (
    sample_experiments,
    sample_judged,
    sample_manifest,
    sample_report,
)

from model.artifact import MANIFEST_FILE, SHIPPED
from training.experiments.catalogue import EXPERIMENTS
from training.gate import GateClosed
from training.reporting.card import model_card
from training.reporting.write import JUDGED_FILE, PAGE_FILE, REPORT_FILE, write_card, write_report

DOCS = Path(__file__).parents[3] / "docs"


def card(report=None, judged=None, manifest=None):
    return model_card(
        report or sample_report(), judged or sample_judged(), manifest or sample_manifest()
    )


def test_the_card_says_which_model_it_is_of():
    text = card()
    assert "version 0.9.9" in text
    assert "0" * 64 in text
    assert "begins at a score of 0.9100, `suspicious` at 0.4200" in text
    assert "25 real honest pages of 25 sites and 2 real bait pages of 2 campaigns" in text
    assert "$" not in text


def test_the_card_has_the_figures_of_the_report_and_of_the_judged_pages():
    text = card(sample_report(experiments=sample_experiments()))
    assert "| bait called `bait` | 50.0% (9.5% to 90.5%, of 2) |" in text
    assert "Left out: 3 same text." in text
    assert "| pairs wholly right | 100.0% (20.7% to 100.0%, of 1) |" in text
    assert "| changed case | 1 | 0.000 (100% to 0%) | 0.000 (100% to 0%) |" in text
    assert "| deal 1 | nothing was learnt | – | – | – |" in text
    assert "| all of the campaigns |" in text
    assert "--with shuffle --with curve --with templates" in text


def test_the_card_names_all_experiments_in_one_word():
    row = sample_experiments()["shuffle"]
    text = card(sample_report(experiments=dict.fromkeys(EXPERIMENTS, row)))
    assert "--all\n" in text


def test_the_card_holds_no_words_of_a_page_but_its_language():
    words = "secret words of a page"
    text = card(sample_report(words))
    assert words not in re.sub(r"`secret words of a page`", "", text)
    assert text.count(words) <= 3


@given(st.text(st.sampled_from("a|`\n\\<*_#\x1b\u202e"), min_size=1, max_size=30))
def test_no_words_break_the_card(words):
    assert [line.count("|") for line in card(sample_report(words)).splitlines()] == [
        line.count("|") for line in card(sample_report("w")).splitlines()
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 1},
        {"data": {**sample_manifest()["data"], "files": {"a.jsonl": "other"}}},
        {"generated": {**sample_manifest()["generated"], "sha256": "other"}},
    ],
)
def test_a_report_of_other_pages_makes_no_card(other):
    with pytest.raises(GateClosed, match="make it again"):
        card(manifest=sample_manifest() | other)


def test_pages_judged_by_another_model_make_no_card():
    with pytest.raises(GateClosed, match="judged by another model"):
        card(judged=sample_judged("f" * 64))


def test_a_report_is_written_as_json_and_as_a_page(tmp_path):
    write_report(sample_report("ä <b>"), tmp_path)
    assert json.loads((tmp_path / REPORT_FILE).read_text())["facts"]["seed"] == 0
    assert (tmp_path / PAGE_FILE).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert {path.name for path in tmp_path.iterdir()} == {REPORT_FILE, PAGE_FILE}


@pytest.mark.parametrize("there", [(), (REPORT_FILE,), (REPORT_FILE, JUDGED_FILE)])
def test_a_folder_that_lacks_a_part_makes_no_card(tmp_path, there):
    for name in there:
        (tmp_path / name).write_text("{" if name == JUDGED_FILE else "{}")
    with pytest.raises(GateClosed, match="cannot be read"):
        write_card(tmp_path, tmp_path / "card.md", None)


def test_the_committed_card_is_of_the_model_that_ships():
    text = (DOCS / "model-card.md").read_text(encoding="utf-8")
    manifest = json.loads((SHIPPED / MANIFEST_FILE).read_text(encoding="utf-8"))
    assert manifest["sha256"] in text
    for cut in manifest["thresholds"].values():
        assert f"{cut:.4f}" in text
    for count in (manifest["data"]["bait"], manifest["data"]["ok"], manifest["data"]["campaigns"]):
        assert f"{count:,}" in text
