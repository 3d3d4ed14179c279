"""The scikit-learn model: two views of a page, joined and calibrated.

::

    page tokens  --page view-->     log-odds  \\
    unit tokens  --passage view-->  log-odds of the strongest passages  -> joiner -> raw -> score
    numbers      ------------------------------------------------------/

The page view knows the trade, the passage view the pattern: it cannot be drowned by a long honest
article, and it points at the words. All parts are linear, so contributions are exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.pipeline import Pipeline

from model.features import FEATURES, Features
from model.hashing import fold, hash_features
from model.joiner import SignedLogistic

# What the joiner reads, in order: the views' summaries, then the named numbers.
VIEW_NAMES = ("page_view", "strongest_passage", "closing_passage")
JOINED_NAMES = (*VIEW_NAMES, *FEATURES)
JOINED_SIGNS = (1,) * len(VIEW_NAMES) + tuple(feature.sign for feature in FEATURES.values())

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling: the score is ``1 / (1 + exp(-(slope * raw + intercept)))``, slope > 0.

    Source: J. Platt, "Probabilistic outputs for support vector machines", 1999.
    """

    slope: float
    intercept: float

    def score(self, raw: float) -> float:
        """Turn a raw score (log-odds) into a probability; strictly increasing."""
        value = self.slope * raw + self.intercept
        # Written twice so that exp never overflows and small scores keep their digits.
        return 1.0 / (1.0 + exp(-value)) if value >= 0 else exp(value) / (1.0 + exp(value))


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says of one page.

    ``raw`` is the sum of ``contributions`` (log-odds before calibration, one for each of
    ``JOINED_NAMES``) and of the joiner's intercept. ``passage_odds`` has the passage view's
    log-odds for each of the page's passages.
    """

    raw: float
    score: float
    contributions: tuple[float, ...]
    passage_odds: tuple[float, ...]


@dataclass(frozen=True)
class BaitClassifier:
    """The fitted parts. ``lures`` is fitted on bait alone and names what it promises."""

    page_view: Pipeline
    passage_view: Pipeline
    joiner: SignedLogistic
    lures: Pipeline
    calibration: Calibration

    def predict(self, features: Features) -> Prediction:
        """Score one page with the fitted pipelines as they are."""
        hashed = hash_features(features)
        page = float(self.page_view.decision_function(hashed.page)[0])
        return self.join(page, self.passage_view.decision_function(hashed.passages), features)

    def join(self, page_odds: float, passage_odds: Floats, features: Features) -> Prediction:
        """Join what the views say of a page with its numbers."""
        joined = np.array(joined_row(page_odds, passage_odds, features.numbers))
        contributions = self.joiner.contributions(joined)
        raw = float(contributions.sum() + self.joiner.intercept_)
        return Prediction(
            raw,
            self.calibration.score(raw),
            tuple(map(float, contributions)),
            tuple(map(float, passage_odds)),
        )

    def predict_lure(self, passage: csr_matrix) -> str:
        """Name the most likely lure of bait, given the hashed row of its strongest passage."""
        return str(self.lures.predict(fold(passage))[0])


def joined_row(page_odds: float, passage_odds: Floats, numbers: Iterable[float]) -> list[float]:
    """Return what the joiner reads of one page: a number for each of ``JOINED_NAMES``."""
    return [page_odds, *passage_summary(passage_odds), *numbers]


def passage_summary(odds: Floats) -> list[float]:
    """Sum up passages: the strongest of all, and the strongest of the last three."""
    return [float(odds.max()), float(odds[-3:].max())]
