from __future__ import annotations

from math import isfinite

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_lines import scored

from training.metrics import cut_at, rate, summarize

SCORES = st.floats(0, 1)
VERDICTS = st.sampled_from(["bait", "suspicious", "clean"])
PAGES = st.builds(
    scored,
    st.sampled_from(["bait", "ok"]),
    SCORES,
    VERDICTS,
    group=st.sampled_from("abc"),
    pair=st.sampled_from(["", "x", "y"]),
    lure=st.sampled_from(["", "download"]),
    kind=st.text(max_size=5),
)


# R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I.
@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(hits, total, low, high):
    found = rate(hits, total)
    assert found["rate"] == hits / total
    assert found["of"] == total
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nothing_may_be_anything():
    assert rate(0, 0) == {"rate": 0.0, "low": 0.0, "high": 1.0, "of": 0}


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.floats(0, n), st.just(n))))
def test_the_interval_holds_its_share(counted):
    found = rate(*counted)
    assert 0 <= found["low"] <= found["rate"] + 1e-12
    assert found["rate"] - 1e-12 <= found["high"] <= 1


@pytest.mark.parametrize(
    ("pages", "one_in", "cut"),
    [
        (999, 1_000, 998),  # none may lie above
        (1_000, 1_000, 998),  # one may
        (1_999, 1_000, 1_997),
        (2_000, 1_000, 1_997),
        (99, 100, 98),
        (100, 100, 98),
        (250, 100, 247),
        (1, 100, 0),
    ],
)
def test_the_cut_lets_one_in_so_many_lie_above(pages, one_in, cut):
    honest = np.random.default_rng(0).permutation(pages).astype(float)
    assert cut_at(honest, 1 / one_in) == cut


@given(st.lists(SCORES, min_size=1, max_size=300), st.sampled_from([0.001, 0.01, 0.1]))
def test_no_more_honest_pages_lie_above_the_cut_than_allowed(scores, allowed):
    honest = np.array(scores)
    cut = cut_at(honest, allowed)
    assert (honest > cut).sum() <= allowed * len(honest)
    assert (honest >= cut).sum() > np.floor(allowed * len(honest))  # it could be no lower


def small_set():
    return [
        scored("bait", 0.9, "bait", group="a", lang="en", lure="download", pair="1"),
        scored("bait", 0.3, "clean", group="a", lang="en", lure="download"),
        scored("bait", 0.6, "suspicious", group="b", lang="fr", lure="", pair="2"),
        scored("ok", 0.5, "suspicious", group="s", lang="fr", kind="guide", pair="2"),
        scored("ok", 0.2, "clean", group="s", lang="en", pair="1"),
        scored("ok", 0.7, "bait", group="t", lang="fr", kind="shop"),
        scored("ok", 0.1, "clean", group="t", lang="fr", kind="shop", pair="3"),
    ]


def shares(table):
    return {name: (found["rate"], found["of"]) for name, found in table.items()}


def test_verdicts_are_counted_on_each_side():
    verdicts = summarize(small_set())["verdicts"]
    assert shares(verdicts) == {
        "bait_found": (1 / 3, 3),
        "bait_at_least_suspicious": (2 / 3, 3),
        "false_bait": (1 / 4, 4),
        "false_flag": (2 / 4, 4),
    }


def test_recall_counts_pages_and_campaigns_above_the_highest_honest_score():
    recall = summarize(small_set())["recall_at_1_in_100"]  # of 4 honest pages none may lie above
    assert shares(recall) == {"page": (1 / 3, 3), "campaign": (pytest.approx(0.25), 2)}


def test_a_campaign_counts_once_however_large_it_is():
    many = [scored("bait", 0.9, group="large") for _ in range(98)]
    few = [scored("bait", 0.1, group="small") for _ in range(2)]
    recall = summarize([*many, *few, scored("ok", 0.5)])["recall_at_1_in_1000"]
    assert (recall["page"]["rate"], recall["campaign"]["rate"]) == (0.98, 0.5)


def test_a_page_on_the_cut_is_not_found():
    recall = summarize([scored("bait", 0.5), scored("ok", 0.5)])["recall_at_1_in_1000"]
    assert recall["page"]["rate"] == 0


def test_area_and_brier_score_are_those_of_their_definitions():
    summary = summarize(small_set())
    # Descending: bait, ok, bait, ok, bait: precision where recall rises is 1/1, 2/3, 3/5.
    assert summary["pr_auc"] == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)
    squares = (0.1, 0.7, 0.4, 0.5, 0.2, 0.7, 0.1)
    assert summary["brier"] == pytest.approx(sum(s * s for s in squares) / 7)


def test_reliability_compares_scores_with_what_came_true():
    pages = [scored("bait", 1.0), scored("bait", 0.92), scored("ok", 0.96), scored("ok", 0.25)]
    low, high = summarize(pages)["reliability"]
    assert low == {"from": 0.2, "pages": 1, "mean_score": 0.25, "bait_share": 0.0}
    assert high == {
        "from": 0.9,
        "pages": 3,
        "mean_score": pytest.approx(0.96),
        "bait_share": pytest.approx(2 / 3),
    }


def test_a_pair_is_ranked_by_its_scores_and_right_by_its_verdicts():
    pairs = summarize(small_set())["pairs"]  # pair 3 has one side only
    assert shares(pairs) == {"ranked_right": (1.0, 2), "wholly_right": (0.5, 2)}


@pytest.mark.parametrize(
    ("bait", "honest", "ranked"),
    [([0.6], [0.5], 1), ([0.5], [0.5], 0), ([0.9, 0.4], [0.5], 0), ([0.6], [0.5, 0.7], 0)],
)
def test_every_bait_of_a_pair_must_lie_above_every_honest_page(bait, honest, ranked):
    pages = [scored("bait", score, pair="x") for score in bait]
    pages += [scored("ok", score, pair="x") for score in honest]
    assert summarize(pages)["pairs"]["ranked_right"]["rate"] == ranked


def test_breakdowns_name_what_has_no_name():
    by = summarize(small_set())["by"]
    assert list(by["language"]) == ["en", "fr"]
    assert list(by["lure"]) == ["(honest)", "(none)", "download"]
    assert list(by["kind"]) == ["(none)", "guide", "shop"]
    assert list(by["campaign"]) == ["a", "b"]
    assert by["lure"]["download"]["bait_found"]["of"] == 2
    assert by["language"]["fr"]["false_flag"]["rate"] == pytest.approx(2 / 3)


def numbers(value):
    if isinstance(value, dict):
        return [n for part in value.values() for n in numbers(part)]
    if isinstance(value, list):
        return [n for part in value for n in numbers(part)]
    return [value]


@given(st.lists(PAGES, max_size=30))
def test_every_figure_of_every_set_is_a_number(pages):
    summary = summarize(pages)
    assert all(isinstance(n, int | float) and isfinite(n) for n in numbers(summary))
    assert ("pr_auc" in summary) == (len({page.source.label for page in pages}) == 2)
