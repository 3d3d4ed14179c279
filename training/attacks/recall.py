"""What attacks leave of a model's recall."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from model.page import Page
from model.verdict import VerdictName
from training.attacks.suite import ATTACKS, attack
from training.metrics import Rate, rate

Judge = Callable[[Page], VerdictName]
_FOUND: Mapping[str, frozenset[VerdictName]] = {
    "bait": frozenset({"bait"}),
    "flagged": frozenset({"bait", "suspicious"}),
}


@dataclass(frozen=True, slots=True)
class PageVerdicts:
    """A bait page's verdict, and that of each attacked copy; attacks that cannot apply lack."""

    clean: VerdictName
    attacked: Mapping[str, VerdictName]


def judge_attacked(
    page: Page, judge: Judge, seed: int, names: Collection[str] = tuple(ATTACKS)
) -> PageVerdicts:
    """Judge a page and its attacked copies."""
    copies = {name: attack(page, name, seed) for name in names}
    attacked = {name: judge(copy) for name, copy in copies.items() if copy is not None}
    return PageVerdicts(judge(page), attacked)


def attacked_recall(pages: Iterable[PageVerdicts]) -> dict[str, dict[str, object]]:
    """Say for each attack what it leaves of the recall, over the bait pages it applies to.

    For ``bait`` and for ``flagged`` (bait or suspicious) each: ``clean`` and ``attacked`` are the
    recalls of the same pages; ``kept`` is the attacked one relative to the clean one (None where
    that is 0), and ``still`` the share of the pages found that are still found. The shares have
    their 95 % intervals (see ``training.metrics.rate``).
    """
    judged = list(pages)
    names = [name for name in ATTACKS if any(name in page.attacked for page in judged)]
    return {
        name: _figures([(p.clean, p.attacked[name]) for p in judged if name in p.attacked])
        for name in names
    }


def _figures(verdicts: Sequence[tuple[VerdictName, VerdictName]]) -> dict[str, object]:
    figures: dict[str, object] = {"pages": len(verdicts)}
    for what, found in _FOUND.items():
        pairs = [(clean in found, attacked in found) for clean, attacked in verdicts]
        clean, attacked = (sum(side) for side in zip(*pairs, strict=True))
        figures[what] = {
            "clean": rate(clean, len(pairs)),
            "attacked": rate(attacked, len(pairs)),
            "kept": attacked / clean if clean else None,
            "still": _still(pairs, clean),
        }
    return figures


def _still(pairs: Sequence[tuple[bool, bool]], clean: int) -> Rate:
    return rate(sum(before and after for before, after in pairs), clean)
