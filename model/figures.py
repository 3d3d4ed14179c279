"""Figures of a model by name, and when those of one are worse than those of another.

A figure is better the higher it is, except for names that begin with ``false_``: rates of false
alarms.
"""

from __future__ import annotations

from collections.abc import Mapping

# How much a figure may fall between two models before it counts as worse: noise of a few pages.
TOLERANCE = 0.01


def worse_than(found: Mapping[str, float], before: Mapping[str, float]) -> list[str]:
    """Name every figure that is worse than before by more than one in a hundred."""
    return [
        f"{name} is {value:.4f}, it was {before[name]:.4f}"
        for name, value in found.items()
        if name in before and not holds(name, value, before[name], TOLERANCE)
    ]


def holds(name: str, value: float, bound: float, tolerance: float = 1e-9) -> bool:
    """Say whether a figure reaches its bound, or stays below it where it counts false alarms."""
    if name.startswith("false_"):
        return value <= bound + tolerance
    return value >= bound - tolerance
