"""Tokens hashed into sparse rows of ones: what the views of a page are fitted on and score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction import FeatureHasher

from model.features import Features
from model.passages import passage_tokens

HASHES = 2**18  # columns of the two views
LURE_HASHES = 2**16


@dataclass(frozen=True, slots=True)
class HashedPage:
    """A page's tokens as rows: one for the whole page, one a passage.

    ``units`` has a row for the words of each unit, and then one for the meaning of each.
    """

    page: csr_matrix
    passages: csr_matrix
    units: csr_matrix
    signals: tuple[frozenset[str], ...]  # of each unit


def hash_features(features: Features) -> HashedPage:
    """Hash each token once, and join units to passages and to the page.

    A token counts once in a row, however often it stands there.
    """
    signals, own = features.unit_signals, len(features.unit_signals)
    runs = [range(p.first, p.last + 1) for p in features.passages]
    page = [*features.page_units, 2 * own]
    rows = hash_rows(
        [
            *features.unit_tokens,
            *features.meaning_tokens,
            features.page_tokens,
            *_tokens_of(runs, signals),
        ]
    )
    joined = join_rows(rows, [*_members(runs, own, 2 * own + 1), page])
    return HashedPage(joined[-1], joined[:-1], rows[: 2 * own], signals)


def hash_runs(hashed: HashedPage, runs: Sequence[range]) -> csr_matrix:
    """Return the rows of runs of a hashed page's units, as if each were a passage."""
    rows = vstack([hashed.units, hash_rows(_tokens_of(runs, hashed.signals))], format="csr")
    own = len(hashed.signals)
    return join_rows(rows, _members(runs, own, 2 * own))


def _members(runs: Sequence[range], own: int, first: int) -> list[list[int]]:
    """Number the rows of each run: its units' words, their meaning, and what they do together."""
    return [
        [*run, *(own + unit for unit in run), first + number] for number, run in enumerate(runs)
    ]


def _tokens_of(runs: Sequence[range], signals: Sequence[frozenset[str]]) -> list[list[str]]:
    return [passage_tokens(signals[run.start : run.stop]) for run in runs]


def join_rows(rows: csr_matrix, members: Sequence[Sequence[int]]) -> csr_matrix:
    """Return a row of ones for each list of row numbers: the union of those rows."""
    lengths = [len(numbers) for numbers in members]
    membership = csr_matrix(
        (
            np.ones(sum(lengths), dtype=np.float32),
            np.concatenate([np.asarray(numbers, dtype=np.int32) for numbers in members]),
            np.cumsum([0, *lengths]),
        ),
        shape=(len(lengths), rows.shape[0]),
    )
    joined = membership @ rows
    joined.data.fill(1)
    return joined


def hash_rows(rows: Iterable[Iterable[str]]) -> csr_matrix:
    """Hash token lists into rows of ``HASHES`` columns; tokens that share one add up there."""
    return _hasher().transform(dict.fromkeys(row, 1) for row in rows)


def fold(rows: csr_matrix, columns: int = LURE_HASHES) -> csr_matrix:
    """Return the rows as if they had been hashed into fewer columns, a power of two."""
    folded = csr_matrix(
        (np.ones_like(rows.data), rows.indices % columns, rows.indptr),
        shape=(rows.shape[0], columns),
    )
    folded.sum_duplicates()
    folded.data.fill(1)
    return folded


@cache
def _hasher() -> FeatureHasher:
    return FeatureHasher(HASHES, input_type="dict", alternate_sign=False, dtype=np.float32)
