"""Drift: spreads, and how far two of them lie apart."""

import json
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.drift import (
    NUMBER_BOUNDS,
    SCORE_BOUNDS,
    drift,
    read_reference,
    reference_of,
    spread,
    stability_index,
)

shares = st.lists(st.floats(0, 1), min_size=1, max_size=200).map(
    lambda values: spread(values, NUMBER_BOUNDS)
)


def test_a_value_belongs_to_the_part_whose_upper_bound_it_reaches():
    assert spread([0.0, 0.0, 0.25, 0.26, 3.0], NUMBER_BOUNDS) == (0.4, 0.2, 0.2, 0.0, 0.2)
    assert spread([], NUMBER_BOUNDS) == (0.0,) * 5


def test_the_index_is_the_published_sum():
    expected = (0.5 - 0.2) * log(0.5 / 0.2) + (0.5 - 0.8) * log(0.5 / 0.8)
    assert stability_index((0.2, 0.8), (0.5, 0.5)) == pytest.approx(expected)


@given(shares, shares)
def test_the_index_is_never_negative_and_zero_for_the_same_spread(one, other):
    assert stability_index(one, one) == 0
    assert stability_index(one, other) >= 0


def test_a_reference_survives_the_manifest():
    reference = reference_of([0.1, 0.999], [[0.0, 1.0], [0.5, 1.0]], ["offer", "warning"])
    read = read_reference(json.loads(json.dumps({"reference": reference})))
    assert read["score"] == spread([0.1, 0.999], SCORE_BOUNDS)
    assert read["warning"] == (0, 0, 0, 0, 1)
    moved = drift(read, [0.1, 0.999], [{"offer": 0.5}, {}])
    assert moved["score"] == moved["offer"] == 0
    assert moved["warning"] > 1


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        {"reference": None},
        {"reference": {}},
        {"reference": {"score": [1], "features": {}}},
        {"reference": {"score": "abcdefghij", "features": {}}},
        {"reference": {"score": [0] * 10, "features": {"offer": None}}},
        {"reference": {"score": [0] * 10, "features": []}},
    ],
)
def test_a_manifest_without_a_reference_tells_of_no_drift(manifest):
    assert read_reference(manifest) == {}
