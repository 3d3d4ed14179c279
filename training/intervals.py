"""Intervals by resampling campaigns and sites whole: pages of one are no independent draws.

Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993; whole clusters as in
A. C. Davison, D. V. Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from training.metrics import Scored, cut_at

Interval = dict[str, float]

RESAMPLED = 400
_CUTS = {"1_in_1000": 0.001, "1_in_100": 0.01}


def intervals(scored: Sequence[Scored], seed: int, times: int = RESAMPLED) -> dict[str, Interval]:
    """Return the value and the 95 % interval of each cut, of the recall there, and of the area.

    ``scored`` needs pages of both labels. A cut is the highest score that at most so many of the
    honest pages lie above; a recall counts bait above the cut of the same draw.
    """
    bait = [s for s in scored if s.source.is_bait]
    honest = [s for s in scored if not s.source.is_bait]
    sides = [_Side(bait), _Side(honest)]
    random = np.random.default_rng(seed)
    draws = [_figures(*(side.draw(random) for side in sides)) for _ in range(times)]
    whole = _figures(*(side.scores for side in sides))
    return {name: _interval(value, [draw[name] for draw in draws]) for name, value in whole.items()}


class _Side:
    """The scores of one label, by campaign or site."""

    def __init__(self, scored: Sequence[Scored]) -> None:
        names, place = np.unique([s.source.group for s in scored], return_inverse=True)
        order = np.argsort(place, kind="stable")
        self.scores = np.array([s.score for s in scored])
        ends = np.cumsum(np.bincount(place, minlength=len(names)))
        self._groups = np.split(self.scores[order], ends[:-1])

    def draw(self, random: np.random.Generator) -> NDArray[np.float64]:
        """Draw as many groups as there are, with replacement."""
        chosen = random.integers(len(self._groups), size=len(self._groups))
        return np.concatenate([self._groups[i] for i in chosen])


def _figures(bait: NDArray[np.float64], honest: NDArray[np.float64]) -> dict[str, float]:
    labels = np.repeat([True, False], [len(bait), len(honest)])
    found = {"pr_auc": float(average_precision_score(labels, np.concatenate([bait, honest])))}
    for name, allowed in _CUTS.items():
        cut = cut_at(honest, allowed)
        found |= {f"cut_at_{name}": cut, f"recall_at_{name}": float((bait > cut).mean())}
    return found


def _interval(value: float, drawn: Sequence[float]) -> Interval:
    low, high = np.percentile(np.array(drawn), (2.5, 97.5))
    return {"value": value, "low": float(low), "high": float(high)}
