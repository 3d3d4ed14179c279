"""How soon somebody should look at a case: bands, never scores. Pure.

Points are given for doubt, reach and reports; docs/desk.md has them as a table.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, get_args

from model.verdict import VerdictName

Band = Literal["now", "soon", "later"]
BANDS: tuple[Band, ...] = get_args(Band)

# From how many askers, and reports, on there is a point more.
_REACH = (3, 10)
_REPORTS = (1, 3)
_DOUBT: dict[VerdictName, int] = {"suspicious": 2, "unknown": 1, "bait": 1, "clean": 0}
_DISAGREEMENT = 2
_NOW, _SOON = 4, 2


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a case.

    ``reach`` is how often somebody asked about its pages, ``disagrees`` whether a report says
    otherwise than the machine, ``second_opinion`` whether a moderator was unsure.
    """

    verdict: VerdictName
    reach: int
    reports: int
    disagrees: bool
    second_opinion: bool


def band_of(signals: Signals) -> Band:
    """Say how soon somebody should look."""
    points = (
        _DOUBT[signals.verdict]
        + bisect_right(_REACH, signals.reach)
        + bisect_right(_REPORTS, signals.reports)
        + (_DISAGREEMENT if signals.disagrees else 0)
        + (1 if signals.second_opinion else 0)
    )
    if points >= _NOW:
        return "now"
    return "soon" if points >= _SOON else "later"
