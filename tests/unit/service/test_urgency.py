"""How soon somebody should look: by doubt, reach and reports."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.verdict import VerdictName
from service.urgency import BANDS, Signals, band_of

QUIET = Signals("clean", 0, 0, disagrees=False, second_opinion=False)


@pytest.mark.parametrize(
    ("band", "signals"),
    [
        ("later", QUIET),
        ("later", replace(QUIET, reach=9)),
        ("later", replace(QUIET, verdict="bait", reach=1)),
        ("later", replace(QUIET, verdict="unknown")),
        ("soon", replace(QUIET, verdict="suspicious")),
        ("soon", replace(QUIET, reports=3)),
        ("soon", replace(QUIET, verdict="bait", reports=1)),
        ("soon", replace(QUIET, disagrees=True, reports=1)),
        ("now", replace(QUIET, verdict="suspicious", reports=3)),
        ("now", replace(QUIET, verdict="suspicious", reach=10)),
        ("now", replace(QUIET, disagrees=True, reports=3)),
        ("now", replace(QUIET, verdict="bait", reports=1, disagrees=True)),
        ("now", replace(QUIET, verdict="suspicious", reports=1, second_opinion=True)),
    ],
)
def test_what_is_doubtful_asked_about_and_reported_comes_first(band, signals):
    assert band_of(signals) == band


SIGNALS = st.builds(
    Signals,
    st.sampled_from(get_args(VerdictName)),
    st.integers(0, 1_000),
    st.integers(0, 1_000),
    st.booleans(),
    st.booleans(),
)


@given(SIGNALS, st.integers(0, 100), st.integers(0, 100))
def test_more_askers_and_more_reports_never_make_a_case_wait_longer(signals, askers, reports):
    more = replace(
        signals,
        reach=signals.reach + askers,
        reports=signals.reports + reports,
        disagrees=True,
        second_opinion=True,
    )
    assert BANDS.index(band_of(more)) <= BANDS.index(band_of(signals))
