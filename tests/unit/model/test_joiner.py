from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from model.joiner import SignedLogistic

RANDOM = np.random.default_rng(7)
ROWS = 400
COLUMNS = RANDOM.normal(size=(ROWS, 3)) * [1.0, 5.0, 0.2] + [0.0, 3.0, -1.0]
LABELS = COLUMNS @ [1.5, -0.4, 2.0] + RANDOM.normal(size=ROWS) > -2.5
WEIGHTS = RANDOM.uniform(0.5, 2.0, size=ROWS)


def test_without_bounds_it_is_plain_logistic_regression():
    found = SignedLogistic((0, 0, 0), penalty=1e-2).fit(COLUMNS, LABELS, WEIGHTS)
    scaled = (COLUMNS - found.mean_) / found.scale_
    # scikit-learn weighs the sum of losses by C, this one the mean by 1.
    plain = LogisticRegression(C=1 / (1e-2 * WEIGHTS.sum()), tol=1e-8, max_iter=1_000)
    plain.fit(scaled, LABELS, sample_weight=WEIGHTS)
    assert found.coef_ == pytest.approx(plain.coef_[0], abs=1e-3)
    assert found.intercept_ == pytest.approx(plain.intercept_[0], abs=1e-3)


def test_a_column_that_speaks_against_its_sign_is_silent():
    found = SignedLogistic((-1, 1, 0)).fit(COLUMNS, LABELS, WEIGHTS)
    assert found.coef_[0] == found.coef_[1] == 0
    assert found.coef_[2] > 0


def test_a_column_that_speaks_with_its_sign_is_heard():
    found = SignedLogistic((1, -1, 1)).fit(COLUMNS, LABELS, WEIGHTS)
    assert found.coef_[0] > 0 > found.coef_[1]
    assert ((found.decision_function(COLUMNS) > 0) == LABELS).mean() > 0.8


def test_contributions_and_intercept_add_up_to_the_log_odds():
    found = SignedLogistic((0, 0, 0)).fit(COLUMNS, LABELS, WEIGHTS)
    sums = found.contributions(COLUMNS).sum(axis=1) + found.intercept_
    assert sums == pytest.approx(found.decision_function(COLUMNS))
    assert found.decision_function(COLUMNS[0]) == pytest.approx(sums[0])


def test_the_same_rows_give_the_same_weights():
    one, other = (SignedLogistic((0, 0, 0)).fit(COLUMNS, LABELS, WEIGHTS) for _ in range(2))
    assert one.coef_.tobytes() == other.coef_.tobytes()


def test_a_row_of_twice_the_weight_counts_as_two_rows():
    doubled = np.where(np.arange(ROWS) == 5, 2.0, 1.0)
    repeated = np.concatenate([COLUMNS, COLUMNS[5:6]])
    weighted = SignedLogistic((0, 0, 0)).fit(COLUMNS, LABELS, doubled)
    twice = SignedLogistic((0, 0, 0)).fit(
        repeated, np.concatenate([LABELS, LABELS[5:6]]), np.ones(ROWS + 1)
    )
    assert weighted.coef_ == pytest.approx(twice.coef_, abs=1e-3)


def test_a_column_that_never_changes_does_no_harm():
    still = np.column_stack([COLUMNS, np.full(ROWS, 4.0)])
    found = SignedLogistic((0, 0, 0, 0)).fit(still, LABELS, WEIGHTS)
    assert np.isfinite(found.decision_function(still)).all()


def test_perfectly_separable_rows_are_fitted_without_overflow():
    columns = np.array([[-1e6], [1e6]])
    found = SignedLogistic((1,), penalty=1e-9).fit(columns, np.array([False, True]), np.ones(2))
    assert found.decision_function(columns)[0] < 0 < found.decision_function(columns)[1]


def test_scikit_learn_can_clone_it():
    assert clone(SignedLogistic((1, -1), penalty=0.5)).get_params() == {
        "signs": (1, -1),
        "penalty": 0.5,
    }
