from __future__ import annotations

import numpy as np
from saved_lines import scored

from training.intervals import intervals


def pages(groups, each, seed=0):
    """Make bait of so many campaigns, whose pages share their campaign's luck, and honest pages."""
    random = np.random.default_rng(seed)
    luck = random.uniform(0.2, 1.0, groups)
    bait = [
        scored("bait", float(luck[at]), group=f"c{at}") for at in range(groups) for _ in range(each)
    ]
    return [
        *bait,
        *(scored("ok", float(s), group=f"s{n}") for n, s in enumerate(random.uniform(0, 0.6, 400))),
    ]


def test_a_value_lies_in_its_interval():
    for found in intervals(pages(30, 3), seed=0).values():
        assert found["low"] <= found["value"] <= found["high"]


def test_the_same_pages_and_seed_give_the_same_intervals():
    assert intervals(pages(9, 2), seed=4, times=50) == intervals(pages(9, 2), seed=4, times=50)


def test_few_campaigns_are_less_sure_than_many_of_as_many_pages():
    few, many = (
        intervals(pages(groups, 120 // groups), seed=0)["recall_at_1_in_100"] for groups in (4, 120)
    )
    assert few["high"] - few["low"] > 1.5 * (many["high"] - many["low"])


def test_the_value_is_that_of_the_pages_as_they_are():
    some = [scored("bait", 0.9), scored("bait", 0.2), scored("ok", 0.5), scored("ok", 0.1)]
    found = intervals(some, seed=0, times=5)
    assert found["cut_at_1_in_100"]["value"] == 0.5
    assert found["recall_at_1_in_100"]["value"] == 0.5
    assert found["pr_auc"]["value"] == (1 + 2 / 3) / 2
