"""Which pages are the same: their words are, or nearly are."""

from __future__ import annotations

import re
from typing import Literal

from rensa import RMinHash, RMinHashLSH

from model.normalize import normalize

Sameness = Literal["same text", "nearly the same text"]

_PERMUTATIONS = 128
_BANDS = 16  # of 8 permutations each: pairs at 0.9 are compared in 9,999 of 10,000 cases
_NEAR = 0.9  # Jaccard similarity of word triples from which two pages are one
_COMPARED = 20_000  # characters from the start of a page


class KeptPages:
    """The pages kept so far, as MinHash sketches of their word triples, a shelf for each label.

    Source: A. Broder, "On the resemblance and containment of documents", 1997; banding as in
    J. Leskovec, A. Rajaraman, J. Ullman, "Mining of Massive Datasets", chapter 3.
    """

    def __init__(self) -> None:
        self._texts: set[tuple[str, str | bytes]] = set()
        self._shelves: dict[str, _Shelf] = {}

    def keep(self, label: str, text: str, body: bytes) -> Sameness | None:
        """Keep a page unless one of its label is kept that is the same; then say how alike.

        ``text`` is the visible text. Pages without a word are the same if their bytes are.
        """
        return self._look(label, text, body, keep=True)

    def find(self, label: str, text: str, body: bytes) -> Sameness | None:
        """Say how alike a page is to one that is kept, without keeping it."""
        return self._look(label, text, body, keep=False)

    def _look(self, label: str, text: str, body: bytes, *, keep: bool) -> Sameness | None:
        words = re.findall(r"\w+", normalize(text[:_COMPARED]))
        key = label, " ".join(words) or body
        if key in self._texts:
            return "same text"
        if keep:
            self._texts.add(key)
        if not words:
            return None
        shelf = self._shelves.setdefault(label, _Shelf())
        return "nearly the same text" if shelf.holds_like(words, keep=keep) else None


class _Shelf:
    """Sketches of one label, found by bands of their permutations."""

    def __init__(self) -> None:
        self._index = RMinHashLSH(threshold=_NEAR, num_perm=_PERMUTATIONS, num_bands=_BANDS)
        self._sketches: list[RMinHash] = []

    def holds_like(self, words: list[str], *, keep: bool) -> bool:
        """Say whether a page nearly the same is here; else keep this one, if asked to."""
        sketch = RMinHash(num_perm=_PERMUTATIONS, seed=1)
        sketch.update([" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))])
        near = self._index.query(sketch)
        if any(sketch.jaccard(self._sketches[other]) >= _NEAR for other in near):
            return True
        if keep:
            self._index.insert(len(self._sketches), sketch)
            self._sketches.append(sketch)
        return False
