from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.verdict import UNKNOWN_BECAUSE, Thresholds, UnknownBecause, decide

CUTS = Thresholds(bait=0.9, suspicious=0.4)
SCORES = st.floats(0, 1)
RANK = ("clean", "suspicious", "bait")


@pytest.mark.parametrize(
    ("score", "verdict"),
    [
        (0.0, "clean"),
        (math.nextafter(0.4, 0), "clean"),
        (0.4, "suspicious"),
        (math.nextafter(0.9, 0), "suspicious"),
        (0.9, "bait"),
        (1.0, "bait"),
    ],
)
def test_a_score_at_a_cut_has_reached_it(score, verdict):
    assert decide(score, CUTS) == verdict


@given(SCORES, SCORES)
def test_a_higher_score_is_never_a_milder_verdict(one, other):
    low, high = sorted((one, other))
    assert RANK.index(decide(low, CUTS)) <= RANK.index(decide(high, CUTS))


@given(SCORES, SCORES)
def test_equal_cuts_leave_nothing_merely_suspicious(score, cut):
    assert decide(score, Thresholds(bait=cut, suspicious=cut)) != "suspicious"


@pytest.mark.parametrize("code", UNKNOWN_BECAUSE)
def test_every_unknown_has_a_sentence_and_may_have_a_detail(code):
    because = UnknownBecause.of(code)
    assert because.code == code
    assert because.text.endswith(".")
    assert UnknownBecause.of(code, "It was 3 MB.").text == f"{because.text} It was 3 MB."


def test_an_unknown_without_a_listed_code_is_an_error():
    with pytest.raises(KeyError):
        UnknownBecause.of("because")
