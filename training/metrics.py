"""Figures for a scored set of pages: recall at a false-alarm rate, precision-recall, calibration.

All functions take arrays of the same length, one entry a page; scores are probabilities.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    precision_recall_curve,
    roc_auc_score,
)

from model.verdict import VerdictName
from training.examples import Source

Floats = NDArray[np.float64]
Rate = dict[str, float | int]

# Bins of a score's log-odds, half a step wide: about 0.0003 to 0.9997.
ODDS_EDGES = np.linspace(-8.0, 8.0, 33)


@dataclass(frozen=True, slots=True)
class Scored:
    """One judged page: what is known of it, its score and the verdict it got."""

    source: Source
    score: float
    verdict: VerdictName


def rate(hits: float, total: int) -> Rate:
    """A share with its 95 % Wilson interval (E. B. Wilson, 1927); ``of`` is 0 where there is none.

    ``hits`` may be a sum of shares, such as campaigns that were found in part.
    """
    if total == 0:
        return {"rate": 0.0, "low": 0.0, "high": 1.0, "of": 0}
    z, share = 1.96, hits / total
    middle = share + z * z / (2 * total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return {
        "rate": share,
        "low": max(0.0, (middle - half) / scale),
        "high": min(1.0, (middle + half) / scale),
        "of": total,
    }


def cut_at(honest: Floats, false_alarm_rate: float) -> float:
    """Return the highest score that stays allowed: a page is flagged above it.

    At most ``false_alarm_rate`` of the honest scores, of which there is one or more, lie above.
    """
    descending = np.sort(honest)[::-1]
    return float(descending[min(int(len(descending) * false_alarm_rate), len(descending) - 1)])


def summarize(scored: Sequence[Scored]) -> dict[str, object]:
    """Return every figure of the report for a set with bait and honest pages."""
    scores = np.array([s.score for s in scored])
    bait = np.array([s.source.is_bait for s in scored], dtype=bool)
    summary: dict[str, object] = {
        "pages": {"bait": int(bait.sum()), "ok": int((~bait).sum())},
        "verdicts": _verdict_rates(scored),
    }
    if bait.any() and not bait.all():
        summary |= {
            "recall_at_1_in_1000": _recall(scored, cut_at(scores[~bait], 0.001)),
            "recall_at_1_in_100": _recall(scored, cut_at(scores[~bait], 0.01)),
            "pr_auc": float(average_precision_score(bait, scores)),
            "roc_auc": float(roc_auc_score(bait, scores)),
            "brier": float(brier_score_loss(bait, scores)),
            "reliability": _reliability(scores, bait),
        }
    summary["pairs"] = _pairs(scored)
    summary["by"] = {
        name: _table(scored, key)
        for name, key in (
            ("language", lambda s: s.lang),
            ("lure", lambda s: (s.lure or "(none)") if s.is_bait else "(honest)"),
            ("kind", lambda s: s.kind or "(none)"),
            ("campaign", lambda s: s.group if s.is_bait else ""),
            ("source", lambda s: s.origin or "(none)"),
        )
    }
    return summary


def precision_recall(scored: Sequence[Scored], points: int = 200) -> list[tuple[float, float]]:
    """Return (recall, precision) from the strictest cut to the loosest, thinned to ``points``.

    Needs bait; the share of bait in the set decides how low precision can fall.
    """
    precision, recall, _ = precision_recall_curve(
        [s.source.is_bait for s in scored], [s.score for s in scored]
    )
    places = np.unique(np.linspace(0, len(recall) - 1, points).astype(int))[::-1]
    return [(float(recall[i]), float(precision[i])) for i in places]


def histogram(scored: Sequence[Scored]) -> dict[str, list[int]]:
    """Count pages by label over the log-odds of their score, in bins of ``ODDS_EDGES``.

    Probabilities crowd at both ends, where verdicts are decided; log-odds spread them out.
    """
    counted = {}
    for label in ("bait", "ok"):
        scores = np.array([s.score for s in scored if s.source.label == label])
        odds = logit(np.clip(scores, 1e-12, 1 - 1e-12))
        inside = np.clip(odds, ODDS_EDGES[0], ODDS_EDGES[-1])
        counted[label] = [int(n) for n in np.histogram(inside, ODDS_EDGES)[0]]
    return counted


def _verdict_rates(scored: Sequence[Scored]) -> dict[str, Rate]:
    """How often bait is called bait (and at least suspicious), and honest pages wrongly so."""
    bait = [s for s in scored if s.source.is_bait]
    honest = [s for s in scored if not s.source.is_bait]
    return {
        "bait_found": rate(sum(s.verdict == "bait" for s in bait), len(bait)),
        "bait_at_least_suspicious": rate(sum(_is_flagged(s) for s in bait), len(bait)),
        "false_bait": rate(sum(s.verdict == "bait" for s in honest), len(honest)),
        "false_flag": rate(sum(_is_flagged(s) for s in honest), len(honest)),
    }


def _is_flagged(scored: Scored) -> bool:
    return scored.verdict in {"bait", "suspicious"}


def _recall(scored: Sequence[Scored], cut: float) -> dict[str, Rate]:
    """Recall by page, and by campaign: the mean of the campaigns' recalls, as one page each."""
    by_campaign: dict[str, list[bool]] = defaultdict(list)
    for s in scored:
        if s.source.is_bait:
            by_campaign[s.source.group].append(s.score > cut)
    found = [hit for hits in by_campaign.values() for hit in hits]
    share = sum(sum(hits) / len(hits) for hits in by_campaign.values())
    return {"page": rate(sum(found), len(found)), "campaign": rate(share, len(by_campaign))}


def _reliability(scores: Floats, bait: NDArray[np.bool_]) -> list[dict[str, float | int]]:
    bins = np.minimum((scores * 10).astype(int), 9)
    return [
        {
            "from": i / 10,
            "pages": int((bins == i).sum()),
            "mean_score": float(scores[bins == i].mean()),
            "bait_share": float(bait[bins == i].mean()),
        }
        for i in range(10)
        if (bins == i).any()
    ]


def _pairs(scored: Sequence[Scored]) -> dict[str, object]:
    """Judge pages that vary one article: is the bait side higher, and do the verdicts part?"""
    by_pair: dict[str, list[Scored]] = defaultdict(list)
    for s in scored:
        if s.source.pair:
            by_pair[s.source.pair].append(s)
    mixed = [group for group in by_pair.values() if len({s.source.label for s in group}) == 2]
    ranked = wholly = 0
    for group in mixed:
        bait = [s for s in group if s.source.is_bait]
        honest = [s for s in group if not s.source.is_bait]
        ranked += min(s.score for s in bait) > max(s.score for s in honest)
        wholly += all(s.verdict == "bait" for s in bait) and all(
            s.verdict == "clean" for s in honest
        )
    return {"ranked_right": rate(ranked, len(mixed)), "wholly_right": rate(wholly, len(mixed))}


def _table(scored: Sequence[Scored], key: Callable[[Source], str]) -> dict[str, dict[str, Rate]]:
    groups: dict[str, list[Scored]] = defaultdict(list)
    for s in scored:
        if name := key(s.source):
            groups[name].append(s)
    return {name: _verdict_rates(groups[name]) for name in sorted(groups)}
