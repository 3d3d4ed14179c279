"""Examples: pages turned into the hashed rows and numbers that the classifier learns from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from model.document import Document
from model.features import Reading, extract_features
from model.hashing import HASHES, hash_features
from training.corpus import LabelledPage

Item = TypeVar("Item")
Integers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Rows:
    """A sparse matrix of ones, kept as its column numbers and row starts."""

    columns: Integers
    starts: Integers

    @classmethod
    def of(cls, matrix: csr_matrix) -> Rows:
        """Take a hashed matrix apart."""
        return cls(matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32))

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a page besides its content."""

    id: str
    label: str
    group: str  # campaign or site: never on both sides of a split
    lang: str
    lure: str
    real: bool
    kind: str = ""
    pair: str = ""
    template: str = ""
    lender: str = ""  # the site whose prose a copy borrows
    passage: str = ""  # the hand-written pair that a generated page is made around
    origin: str = ""  # the collection a saved page was taken from
    url: str = ""
    labelled_by: tuple[str, ...] = ()  # the moderators who gave the label; nobody: the operator
    weight: float = 1.0  # of a page's usual weight in training

    @property
    def is_bait(self) -> bool:
        """Whether the label is bait."""
        return self.label == "bait"


@dataclass(frozen=True, slots=True)
class Example:
    """One page ready to learn from. ``planted`` marks the passages known to hold bait."""

    source: Source
    page: Rows
    passages: Rows
    numbers: tuple[float, ...]
    planted: NDArray[np.bool_]


def make_example(source: Source, document: Document, planted: Sequence[str] = ()) -> Example:
    """Extract and hash one page; ``planted`` are strings that its bait passages contain."""
    reading = Reading(document)
    features = extract_features(reading)
    hashed = hash_features(features)
    spans = [(s, s + len(text)) for text in planted for s in _places(document, text)]
    marked = [any(p.start <= s and e <= p.end for s, e in spans) for p in reading.passages]
    return Example(
        source,
        Rows.of(hashed.page),
        Rows.of(hashed.passages),
        features.numbers,
        np.array(marked, dtype=bool),
    )


def _places(document: Document, text: str) -> list[int]:
    """Find where a planted string begins: in the text, or where a link to it stands."""
    found = [link.start for link in document.links if text in (link.href, link.text)]
    start = document.text.find(text)
    return [*found, start] if start >= 0 else found


def source_of(page: LabelledPage) -> Source:
    """Return what is known of a real page besides its content."""
    saved = page.saved
    return Source(
        id=saved.id,
        label=page.label,
        group=page.group,
        lang=saved.lang or "und",
        lure=saved.lure or "",
        real=True,
        kind=_text(saved.extra.get("kind")),
        pair=_text(saved.extra.get("pair")),
        origin="/".join(_text(saved.extra.get("source")).split("/")[:2]),
        url=saved.page.url or "",
        labelled_by=page.labelled_by,
        weight=page.weight,
    )


def _text(value: object) -> str:
    """Read a key that the format leaves free: people put anything there, and null is nothing."""
    return "" if value is None else str(value)


def from_corpus(page: LabelledPage) -> Example:
    """Make the example of a real page."""
    return make_example(source_of(page), page.document)


def in_parallel(
    function: Callable[[Item], Example], items: Iterable[Item], jobs: int = 2
) -> list[Example]:
    """Map in processes, keeping the order."""
    parallel = Parallel(n_jobs=jobs, batch_size=32)
    return list(parallel(delayed(function)(item) for item in items))


def stack(rows: Sequence[Rows]) -> csr_matrix:
    """Put rows under one another as one matrix of ones."""
    indices = np.concatenate([r.columns for r in rows])
    lengths = np.concatenate([np.diff(r.starts) for r in rows])
    starts = np.concatenate([[0], np.cumsum(lengths)])
    ones = np.ones(len(indices), dtype=np.float32)
    return csr_matrix((ones, indices, starts), shape=(len(lengths), HASHES))
