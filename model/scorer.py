"""The compiled form of a fitted classifier: the same scores, without the pipelines' overhead.

A view is a damped TF-IDF and a linear model. On a row of ones its log-odds are the sum of
``idf * coefficient`` over the row's columns, divided by the root of the damping and the sum of
``idf ** 2``: two columns that one product with the row adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.pipeline import Pipeline

from model.classifier import BaitClassifier, Floats, Prediction
from model.features import Features
from model.hashing import HashedPage, hash_features, hash_runs


@dataclass(frozen=True, slots=True)
class View:
    """One view: ``sums`` has a row a column of hashes, with its weight and its squared idf."""

    sums: Floats
    damping: float
    intercept: float

    @classmethod
    def of(cls, pipeline: Pipeline) -> View:
        """Compile a fitted pipeline of ``tfidf`` and ``linear``."""
        tfidf, linear = pipeline["tfidf"], pipeline["linear"]
        idf = tfidf.idf_.astype(np.float64)
        sums = np.column_stack([idf * linear.coef_[0], idf**2])
        return cls(sums, tfidf.damping, float(linear.intercept_[0]))

    def log_odds(self, rows: csr_matrix) -> Floats:
        """Return the log-odds of each row of ones."""
        weight, square = (rows @ self.sums).T
        length = np.sqrt(np.maximum(square + self.damping, 1e-12))
        return np.asarray(weight / length + self.intercept)


@dataclass(frozen=True, slots=True)
class Scored:
    """A prediction, and the hashed tokens it was made from."""

    prediction: Prediction
    hashed: HashedPage

    @property
    def strongest(self) -> csr_matrix:
        """The row of the passage that speaks most for bait."""
        return self.hashed.passages[int(np.argmax(self.prediction.passage_odds))]


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores pages as ``BaitClassifier.predict`` does, to within rounding."""

    classifier: BaitClassifier
    page: View
    passage: View

    @classmethod
    def of(cls, classifier: BaitClassifier) -> Scorer:
        """Compile the two views of a fitted classifier."""
        return cls(classifier, View.of(classifier.page_view), View.of(classifier.passage_view))

    def score(self, features: Features) -> Scored:
        """Score one page."""
        hashed = hash_features(features)
        page = float(self.page.log_odds(hashed.page)[0])
        odds = self.passage.log_odds(hashed.passages)
        return Scored(self.classifier.join(page, odds, features), hashed)

    def run_odds(self, hashed: HashedPage, runs: Sequence[range]) -> Floats:
        """Return the passage view's log-odds of runs of units."""
        return self.passage.log_odds(hash_runs(hashed, runs))
