"""Figures of the main part, put together from what was kept of its folds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from training.experiments.held_out import scored_of
from training.experiments.remade import attack_table, pooled_triples
from training.experiments.study import Outcome
from training.intervals import intervals
from training.metrics import Scored, cut_at, histogram, precision_recall, rate, summarize

Record = Mapping[str, Any]

_MARKS = (50, 90, 99)  # quantiles in 100 of honest scores
_MISTAKES_SHOWN = 25
_FEWEST = 20  # honest pages for a language's scores to be described


def held_out_figures(folds: Sequence[Outcome], seed: int) -> Outcome:
    """Return every figure over the pages of all folds together."""
    records: list[Record] = [record for fold in folds for record in fold["pages"]]
    scored = scored_of(records)
    return {
        **summarize(scored),
        "folds": len(folds),
        "thresholds": [fold["thresholds"] for fold in folds if fold["thresholds"]],
        "intervals": intervals(scored, seed),
        "curve": precision_recall(scored),
        "histogram": histogram(scored),
        "form": _by_form(records),
        "languages": _honest_by_language(scored),
        "missed": _worst(records, bait=True),
        "flagged": _worst(records, bait=False),
        "trials": pooled_triples([fold["trials"] for fold in folds if fold["trials"]]),
        "attacks": attack_table((r["verdict"], r["copies"]) for r in records if "copies" in r),
    }


def _by_form(records: Iterable[Record]) -> Outcome:
    """Tell bait from honest pages of one form: their form itself cannot help there."""
    forms: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        forms[record["form"]].append(record)
    return {form: _within(scored_of(found)) for form, found in sorted(forms.items())}


def _within(scored: Sequence[Scored]) -> Outcome:
    bait = np.array([s.source.is_bait for s in scored])
    scores = np.array([s.score for s in scored])
    figures: Outcome = {"pages": {"bait": int(bait.sum()), "ok": int((~bait).sum())}}
    if bait.any() and not bait.all():
        cut = cut_at(scores[~bait], 0.01)
        figures["roc_auc"] = float(roc_auc_score(bait, scores))
        figures["recall_at_1_in_100"] = rate(int((scores[bait] > cut).sum()), int(bait.sum()))
    return figures


def _honest_by_language(scored: Iterable[Scored]) -> Outcome:
    """Describe the scores of honest pages, for each language with enough of them."""
    found: dict[str, list[Scored]] = defaultdict(list)
    for s in scored:
        if not s.source.is_bait:
            found[s.source.lang].append(s)
    return {
        lang: {
            "pages": len(honest),
            "quantiles": {
                str(mark): float(np.percentile([s.score for s in honest], mark)) for mark in _MARKS
            },
            "false_flag": rate(sum(s.verdict != "clean" for s in honest), len(honest)),
        }
        for lang, honest in sorted(found.items())
        if len(honest) >= _FEWEST
    }


def _worst(records: Iterable[Record], *, bait: bool) -> list[Outcome]:
    """Choose the explained pages that are furthest from what they should be."""
    explained = [r for r in records if "reasons" in r and (r["source"]["label"] == "bait") is bait]
    explained.sort(key=lambda r: r["score"] if bait else -r["score"])
    return [
        {
            **{name: r["source"][name] for name in ("id", "group", "lang", "lure", "kind")},
            **{name: r[name] for name in ("form", "score", "verdict", "title", "reasons")},
        }
        for r in explained[:_MISTAKES_SHOWN]
    ]
