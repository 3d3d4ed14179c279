"""What a benchmark must show, and how it says whether it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Goal:
    """A figure with its limit: the most it may be, or the least where ``at_least``."""

    name: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the figure keeps to its limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def report_goals(goals: Iterable[Goal]) -> int:
    """Print a line a goal; return what to exit with: 1 where one is short, else 0."""
    held = True
    print()
    for goal in goals:
        held = held and goal.holds
        verdict = "holds" if goal.holds else "short"
        print(f"goal {goal.name}: {goal.value:.4g}, limit {goal.limit:.4g}: {verdict}")
    return 0 if held else 1
