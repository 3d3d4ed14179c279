"""Other kinds of model on the same pages: what each ranks unseen campaigns by, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier

from model.classifier import JOINED_NAMES, JOINED_SIGNS, VIEW_NAMES
from training.examples import Example
from training.experiments.study import Outcome, Study, figures_of
from training.fit import Floats, Learner, Recipe, rank_by_joiner, rank_out_of_fold
from training.metrics import Scored
from training.progress import Tell

_NUMBERS = slice(len(VIEW_NAMES), None)


def _column(name: str) -> Learner:
    """Rank by one column as it is: it was made out of fold."""
    at = JOINED_NAMES.index(name)
    return lambda _rows, _labels, _weights, unseen, _recipe: unseen[:, at]


def _boosted_trees(columns: slice) -> Learner:
    """Boost trees on some columns, each with the sign that its weight has in the joiner."""

    def learn(
        rows: Floats, labels: NDArray[np.bool_], weights: Floats, unseen: Floats, _recipe: Recipe
    ) -> Floats:
        trees = HistGradientBoostingClassifier(
            learning_rate=0.05,
            max_iter=200,
            max_leaf_nodes=15,
            min_samples_leaf=40,
            l2_regularization=1.0,
            monotonic_cst=list(JOINED_SIGNS[columns]),
            random_state=0,
        )
        trees.fit(rows[:, columns], labels, sample_weight=weights)
        return np.asarray(trees.decision_function(unseen[:, columns]))

    return learn


LEARNERS: Mapping[str, Learner] = {
    "words of the whole page, linear": _column("page_view"),
    "words of the strongest passage, linear": _column("strongest_passage"),
    "named numbers, boosted trees": _boosted_trees(_NUMBERS),
    "views and numbers, boosted trees": _boosted_trees(slice(None)),
    "views and numbers, weights with signs (as shipped)": rank_by_joiner,
}


def with_learner(learner: Learner, study: Study, tell: Tell) -> Outcome:
    """Rank the real pages by one kind of model, out of fold."""
    raw = rank_out_of_fold(study.compared, study.joined(tell), study.recipe, learner)
    return figures_of(_ranked(study.compared, raw))


def _ranked(examples: Sequence[Example], raw: Floats) -> list[Scored]:
    """Give the real pages their rank for a score: models of different kinds then compare."""
    ranks = rankdata(raw) / len(raw)
    return [
        Scored(example.source, float(rank), "clean")
        for example, rank in zip(examples, ranks, strict=True)
        if example.source.real
    ]
