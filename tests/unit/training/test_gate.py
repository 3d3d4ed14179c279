from __future__ import annotations

import math

import pytest
from saved_lines import scored

from model.figures import worse_than
from training.gate import (
    below_floors,
    figures,
    pages_digest,
    read_floors,
)
from training.metrics import summarize

FOUND = {"bait_found": 0.8, "false_bait": 0.02, "pr_auc": 0.9}


@pytest.mark.parametrize(
    "floors",
    [
        {},
        {"bait_found": 0.8, "false_bait": 0.02, "pr_auc": 0.9},
        {"bait_found": 0.7, "false_bait": 0.5},
        {"bait_found": 0.8, "sha256": "a digest is no floor"},
        {"false_bait": 1, "bait_found": 0},
    ],
)
def test_floors_that_are_held(floors):
    assert below_floors(FOUND, floors) == []


@pytest.mark.parametrize(
    ("floors", "said"),
    [
        ({"bait_found": 0.81}, "bait_found is 0.8000, its floor is 0.81"),
        ({"false_bait": 0.019}, "false_bait is 0.0200, its floor is 0.019"),
        ({"false_bait": 0}, "false_bait is 0.0200, its floor is 0"),
        ({"false_flag": 1.0}, "false_flag has a floor and was not measured"),
        ({"recall_at_1_in_100": 0.0}, "recall_at_1_in_100 has a floor and was not measured"),
    ],
)
def test_floors_that_are_not_held_are_named(floors, said):
    assert below_floors(FOUND, {"pr_auc": 0.5, **floors}) == [said]


@pytest.mark.parametrize("name", ["bait_found", "false_bait"])
def test_what_is_no_number_holds_no_floor(name):
    assert len(below_floors({name: math.nan}, {name: 0.5})) == 1


@pytest.mark.parametrize(
    ("found", "before", "worse"),
    [
        ({"bait_found": 0.795}, {"bait_found": 0.8}, []),
        ({"bait_found": 0.785}, {"bait_found": 0.8}, ["bait_found is 0.7850, it was 0.8000"]),
        ({"bait_found": 0.9}, {"bait_found": 0.8}, []),
        ({"false_bait": 0.009}, {"false_bait": 0.0}, []),
        ({"false_bait": 0.011}, {"false_bait": 0.0}, ["false_bait is 0.0110, it was 0.0000"]),
        ({"false_bait": 0.0}, {"false_bait": 0.5}, []),
        ({"bait_found": 0.1}, {}, []),
        ({}, {"bait_found": 0.9}, []),
    ],
)
def test_a_figure_is_worse_beyond_one_in_a_hundred(found, before, worse):
    assert worse_than(found, before) == worse


def test_figures_of_a_set_are_its_rates():
    pages = [
        scored("bait", 0.9, "bait", group="a", pair="x"),
        scored("bait", 0.4, "suspicious", group="b"),
        scored("ok", 0.5, "clean", pair="x"),
    ]
    assert figures(summarize(pages)) == {
        "bait_found": 0.5,
        "bait_at_least_suspicious": 1.0,
        "false_bait": 0.0,
        "false_flag": 0.0,
        "pairs_wholly_right": 1.0,
        "pairs_ranked_right": 1.0,
        "pr_auc": pytest.approx((1 + 2 / 3) / 2),
        "recall_at_1_in_1000": 0.5,
        "recall_at_1_in_1000_by_campaign": 0.5,
        "recall_at_1_in_100": 0.5,
        "recall_at_1_in_100_by_campaign": 0.5,
    }


def test_a_share_of_nothing_is_no_figure():
    assert figures(summarize([scored("bait", 0.9, "bait")])) == {
        "bait_found": 1.0,
        "bait_at_least_suspicious": 1.0,
    }


def test_floors_are_read_by_set_and_name(tmp_path):
    path = tmp_path / "floors.toml"
    path.write_text('[pages]\nsha256 = "ab"\nbait_found = 0.9\n[held_out]\nfalse_bait = 0.01\n')
    assert read_floors(path) == {
        "pages": {"sha256": "ab", "bait_found": 0.9},
        "held_out": {"false_bait": 0.01},
    }


def test_the_pinned_floors_are_shares_of_figures_that_are_measured():
    pages = [scored("bait", 0.9, pair="x"), scored("ok", 0.1, pair="x")]
    measured = figures(summarize(pages))
    pinned = read_floors()
    for floors in (pinned["pages"], pinned["hard_pages"], pinned["held_out"]):
        shares = {name: floor for name, floor in floors.items() if name != "sha256"}
        assert shares.keys() <= measured.keys()
        assert all(0 <= floor <= 1 for floor in shares.values())


def test_the_digest_of_a_set_is_over_names_and_contents_in_any_order(tmp_path):
    def written(name, content):
        (tmp_path / name).write_text(content)
        return tmp_path / name

    first, second = written("a.jsonl", "1"), written("b.jsonl", "2")
    digest = pages_digest([first, second])
    assert pages_digest([second, first]) == digest
    assert pages_digest([first]) != digest
    written("b.jsonl", "3")
    assert pages_digest([first, second]) != digest
    second.rename(tmp_path / "c.jsonl")
    written("c.jsonl", "2")
    assert pages_digest([first, tmp_path / "c.jsonl"]) != digest
