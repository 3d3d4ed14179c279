"""Drift: how far scores and features have moved from how they were spread over training pages.

A spread is the shares of a number's values between fixed bounds. Two spreads are compared by the
population stability index: the sum over the bounds of ``(found - expected) * ln(found/expected)``.
By custom below 0.1 is no drift, above 0.25 a large one. Source: Siddiqi, Credit Risk Scorecards
(2006).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Any

Spread = tuple[float, ...]

# Upper bounds, each included; the last part is open. Most features of most pages are zero.
SCORE_BOUNDS = (0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
NUMBER_BOUNDS = (0.0, 0.25, 0.5, 0.75)

_LEAST = 0.001  # a share of none would make the index infinite


def spread(values: Iterable[float], bounds: Sequence[float]) -> Spread:
    """Return the shares of the values in each part; one more part than bounds. None gives zeros."""
    counts = [0] * (len(bounds) + 1)
    for value in values:
        counts[bisect_left(bounds, value)] += 1
    return tuple(count / max(1, sum(counts)) for count in counts)


def stability_index(expected: Spread, found: Spread) -> float:
    """Return the population stability index of two spreads over the same bounds."""
    pairs = [(max(e, _LEAST), max(f, _LEAST)) for e, f in zip(expected, found, strict=True)]
    return sum((f - e) * log(f / e) for e, f in pairs)


def reference_of(
    scores: Iterable[float], numbers: Sequence[Sequence[float]], names: Sequence[str]
) -> dict[str, Any]:
    """Describe training pages for the manifest: ``numbers`` has a row a page, a number a name."""
    columns = list(zip(*numbers, strict=True)) or [()] * len(names)
    return {
        "score": list(spread(scores, SCORE_BOUNDS)),
        "features": {
            name: list(spread(column, NUMBER_BOUNDS))
            for name, column in zip(names, columns, strict=True)
        },
    }


def read_reference(manifest: Mapping[str, Any]) -> dict[str, Spread]:
    """Take the spreads out of a manifest: ``score``, and a feature each by its name.

    Empty where it has none, or none that can be read.
    """
    reference = manifest.get("reference")
    if not isinstance(reference, dict):
        return {}
    try:
        found = {"score": _spread(reference["score"], SCORE_BOUNDS)}
        for name, shares in reference["features"].items():
            found[str(name)] = _spread(shares, NUMBER_BOUNDS)
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}
    return found


def _spread(shares: Sequence[float], bounds: Sequence[float]) -> Spread:
    if len(shares) != len(bounds) + 1:
        raise ValueError("a spread has one part more than bounds")
    return tuple(float(share) for share in shares)


def drift(
    reference: Mapping[str, Spread], scores: Sequence[float], pages: Sequence[Mapping[str, float]]
) -> dict[str, float]:
    """Return the stability index of the score and of each feature that the reference knows.

    ``pages`` has the numbers of each page that are not zero.
    """
    return {
        name: stability_index(
            expected,
            spread(scores, SCORE_BOUNDS)
            if name == "score"
            else spread((page.get(name, 0.0) for page in pages), NUMBER_BOUNDS),
        )
        for name, expected in reference.items()
    }
