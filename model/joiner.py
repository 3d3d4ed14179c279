"""A logistic regression whose weights keep the sign that makes sense."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.base import BaseEstimator, ClassifierMixin

Floats = NDArray[np.float64]


class SignedLogistic(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Binary logistic regression on standardised columns, with bounds on the weights' signs.

    ``signs`` has +1, -1 or 0 (free) for each column. A shortened link may then never speak for an
    honest page, whatever a small training set says, and nobody lowers a score by adding one.
    ``penalty`` weighs the squared weights against the mean log loss. Fitted by L-BFGS-B
    (Byrd, Lu, Nocedal, Zhu, 1995). ``coef_`` is in standard deviations of each column.
    """

    def __init__(self, signs: Sequence[int] = (), penalty: float = 1e-3) -> None:
        self.signs = signs
        self.penalty = penalty

    def fit(self, columns: Floats, labels: NDArray[np.bool_], sample_weight: Floats) -> Self:
        """Fit to rows of numbers, True for bait, and the rows' weights."""
        share = sample_weight / sample_weight.sum()
        self.mean_ = share @ columns
        self.scale_ = np.sqrt(share @ (columns - self.mean_) ** 2) + 1e-9
        scaled = (columns - self.mean_) / self.scale_
        sides = np.where(labels, 1.0, -1.0)

        def loss(weights: Floats) -> tuple[float, Floats]:
            margins = sides * (scaled @ weights[1:] + weights[0])
            slopes = -share * sides / (1.0 + np.exp(np.clip(margins, -500, 500)))
            value = share @ np.logaddexp(0.0, -margins)
            value += self.penalty / 2 * (weights[1:] @ weights[1:])
            gradient = np.concatenate(
                [[slopes.sum()], scaled.T @ slopes + self.penalty * weights[1:]]
            )
            return float(value), gradient

        allowed = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
        bounds = [(None, None), *(allowed[sign] for sign in self.signs)]
        start = np.zeros(scaled.shape[1] + 1)
        found = minimize(loss, start, jac=True, bounds=bounds, options={"maxiter": 1_000})
        self.intercept_, self.coef_ = float(found.x[0]), found.x[1:]
        self.classes_ = np.array([False, True])
        return self

    def contributions(self, columns: Floats) -> Floats:
        """Return what each column adds to the log-odds, for each row; exact."""
        return np.asarray((columns - self.mean_) / self.scale_ * self.coef_)

    def decision_function(self, columns: Floats) -> Floats:
        """Return each row's log-odds."""
        return np.asarray(self.contributions(columns).sum(axis=-1) + self.intercept_)
