"""Splits that keep a campaign or a site on one side, and refuse what cannot be learnt from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]

_FEWEST_GROUPS = 2  # one to learn from and one to hold back


class TooLittleToLearn(Exception):
    """The pages cannot teach what they should; the message says what is missing and what to add."""


def folds_by_group(groups: Sequence[str], count: int, seed: int) -> list[Fold]:
    """Split positions into ``count`` (train, test) pairs; a group is tested in exactly one.

    The fold of a group depends on its name and the seed alone, so adding pages moves no other.
    """
    fold_of = {group: _fold(group, count, seed) for group in set(groups)}
    folds = np.array([fold_of[group] for group in groups])
    return [(np.flatnonzero(folds != i), np.flatnonzero(folds == i)) for i in range(count)]


def without_borrowers(
    train: NDArray[np.intp], test: NDArray[np.intp], groups: Sequence[str], lenders: Sequence[str]
) -> NDArray[np.intp]:
    """Drop from ``train`` what belongs to a tested group, or borrows words from one."""
    tested = {groups[i] for i in test}
    kept = [i for i in train if groups[i] not in tested and lenders[i] not in tested]
    return np.array(kept, dtype=np.intp)


def learnable_folds(
    groups: Sequence[str], bait: NDArray[np.bool_], count: int, seed: int
) -> list[Fold]:
    """Split as ``folds_by_group`` does, without folds that test nothing.

    ``bait`` has one entry a page. Raises TooLittleToLearn where a fold's other pages lack a label.
    """
    folds = [(train, test) for train, test in folds_by_group(groups, count, seed) if len(test)]
    refuse_unlearnable(folds, bait, count)
    return folds


def refuse_unlearnable(folds: Sequence[Fold], bait: NDArray[np.bool_], count: int) -> None:
    """Raise TooLittleToLearn where what is left of a fold's other pages lacks a label."""
    for train, _ in folds:
        for missing, word in ((bait[train].all(), "honest"), (not bait[train].any(), "bait")):
            if missing:
                raise TooLittleToLearn(
                    f"All {word} pages fall into the same of {count} parts, and none is left to "
                    f"learn from while it is held back: add {word} pages of other campaigns or "
                    "sites, or generated pages (--generated)."
                )


def refuse_one_sided(groups: Sequence[str], bait: Sequence[bool]) -> None:
    """Raise TooLittleToLearn unless there are bait and honest pages, each of two groups or more.

    Real pages are meant: thresholds are fixed on honest ones and figures are counted on both, and
    one campaign or site alone cannot be held back from its own training.
    """
    for label, word in (("bait", "bait"), ("ok", "honest")):
        found = {
            group
            for group, is_bait in zip(groups, bait, strict=True)
            if is_bait == (label == "bait")
        }
        if len(found) < _FEWEST_GROUPS:
            have = f"{word} pages of one group only" if found else f"no {word} page"
            raise TooLittleToLearn(
                f'The corpus has {have}: add saved pages with "label": "{label}", and name the '
                f'campaign or site of each as its "group" ({_FEWEST_GROUPS} of them at the least).'
            )


def _fold(group: str, count: int, seed: int) -> int:
    digest = hashlib.sha256(f"{seed}:{group}".encode()).digest()
    return int.from_bytes(digest[:8]) % count
