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
from functools import cache
from math import exp

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import FeatureHasher
from sklearn.pipeline import Pipeline

from model.features import FEATURES, Features
from model.joiner import SignedLogistic

HASHES = 2**18  # columns of the two views
LURE_HASHES = 2**14

# What the joiner reads, in order: the views' summaries, then the named numbers.
VIEW_NAMES = ("page_view", "strongest_passage", "next_passages", "closing_passage")
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
        """Score one page."""
        odds = self.passage_view.decision_function(hash_passages(features))
        page = float(self.page_view.decision_function(hash_rows([features.page_tokens]))[0])
        joined = np.array(joined_row(page, odds, features.numbers))
        contributions = self.joiner.contributions(joined)
        raw = float(contributions.sum() + self.joiner.intercept_)
        return Prediction(
            raw,
            self.calibration.score(raw),
            tuple(map(float, contributions)),
            tuple(map(float, odds)),
        )

    def predict_lure(self, features: Features) -> str:
        """Name the most likely lure of a page taken for bait."""
        return str(self.lures.predict(hash_rows([features.page_tokens], LURE_HASHES))[0])


def joined_row(page_odds: float, passage_odds: Floats, numbers: Iterable[float]) -> list[float]:
    """Return what the joiner reads of one page: a number for each of ``JOINED_NAMES``."""
    return [page_odds, *passage_summary(passage_odds), *numbers]


def passage_summary(odds: Floats) -> list[float]:
    """Sum up passages: the strongest, the mean of the next three, the best of the last three."""
    strongest = np.sort(odds)[::-1]
    following = strongest[1:4] if len(strongest) > 1 else strongest
    return [float(strongest[0]), float(following.mean()), float(odds[-3:].max())]


@cache
def _hasher(columns: int) -> FeatureHasher:
    return FeatureHasher(columns, input_type="string", alternate_sign=False, dtype=np.float32)


def hash_rows(rows: Iterable[Iterable[str]], columns: int = HASHES) -> csr_matrix:
    """Hash token lists into rows of ones: a token counts once, however often it stands there."""
    return _ones(_hasher(columns).transform(rows))


def hash_passages(features: Features) -> csr_matrix:
    """Return a row of ones for each passage: the union of its units' tokens."""
    units = hash_rows(features.unit_tokens)
    columns = [list(range(p.first, p.last + 1)) for p in features.passages]
    members = csr_matrix(
        (
            np.ones(sum(map(len, columns)), dtype=np.float32),
            np.concatenate([np.array(c, dtype=np.int32) for c in columns]),
            np.cumsum([0, *map(len, columns)]),
        ),
        shape=(len(columns), units.shape[0]),
    )
    return _ones(members @ units)


def _ones(rows: csr_matrix) -> csr_matrix:
    rows.sum_duplicates()
    rows.data.fill(1)
    return rows
