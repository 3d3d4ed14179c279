"""A short run of ``benchmarks/durability.py``: a 202 is kept, whatever is killed."""

import random

import pytest

from benchmarks.durability import KINDS, goals, measure


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", KINDS)
def test_every_202_ends_in_one_result_whatever_is_killed(kind):
    outcome = measure(kind, kills=2, submissions=16, chance=random.Random(kind))
    assert outcome.submitted == 16
    assert [goal.name for goal in goals(kind, outcome, 2) if not goal.holds] == []
