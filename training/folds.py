"""Splits that keep a campaign or a site on one side."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


def folds_by_group(groups: Sequence[str], count: int, seed: int) -> list[Fold]:
    """Split positions into ``count`` (train, test) pairs; a group is tested in exactly one.

    The fold of a group depends on its name and the seed alone, so adding pages moves no other.
    """
    fold_of = {group: _fold(group, count, seed) for group in set(groups)}
    folds = np.array([fold_of[group] for group in groups])
    return [(np.flatnonzero(folds != i), np.flatnonzero(folds == i)) for i in range(count)]


def _fold(group: str, count: int, seed: int) -> int:
    digest = hashlib.sha256(f"{seed}:{group}".encode()).digest()
    return int.from_bytes(digest[:8]) % count
