"""Sketches of pages' texts: how nearly the same content is found, in words that were changed here
and there.

Source: A. Broder, "On the resemblance and containment of documents", 1997; banding as in
J. Leskovec, A. Rajaraman, J. Ullman, "Mining of Massive Datasets", chapter 3.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import numpy as np
from rensa import RMinHash

from model.normalize import normalize

# Pairs at NEAR share a band in 995 of 1,000 cases, pairs at 0.3 in 47: those are told apart by the
# whole sketch.
NEAR = 0.75
_BANDS, _ROWS = 20, 5
_PERMUTATIONS = _BANDS * _ROWS
_COMPARED = 20_000  # characters from the start of a page

# Scripts that set no spaces between words: each of their letters counts as one.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A text's MinHash over word triples, as 32-bit little-endian numbers."""

    numbers: bytes

    @property
    def bands(self) -> tuple[int, ...]:
        """Name each piece of the sketch by a signed 64-bit number: near texts share one."""
        width = 4 * _ROWS
        return tuple(
            int.from_bytes(
                hashlib.blake2b(
                    self.numbers[band * width : (band + 1) * width],
                    digest_size=8,
                    salt=band.to_bytes(2),
                ).digest(),
                signed=True,
            )
            for band in range(_BANDS)
        )

    def likeness(self, other: Sketch) -> float:
        """Estimate the Jaccard similarity of two texts' word triples, 0 to 1."""
        mine, theirs = (np.frombuffer(one.numbers, "<u4") for one in (self, other))
        return float(np.mean(mine == theirs))


def sketch_of(text: str) -> Sketch | None:
    """Sketch the beginning of a visible text; None where it has no words."""
    words: list[str] = _WORD.findall(normalize(text[:_COMPARED]))
    if not words:
        return None
    made = RMinHash(num_perm=_PERMUTATIONS, seed=1)
    made.update([" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))])
    return Sketch(np.array(made.digest(), "<u4").tobytes())
