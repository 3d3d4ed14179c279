"""What a model makes of triples: are they ranked right, does each page get its verdict?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.metrics import Rate, Scored, rate
from training.trials.triples import Triple


@dataclass(frozen=True, slots=True)
class _Judged:
    triple: Triple
    bare: Scored
    bait: Scored
    lawful: Scored


_FIGURES: dict[str, Callable[[_Judged], bool]] = {
    "ranked_right": lambda j: j.bait.score > max(j.bare.score, j.lawful.score),
    "wholly_right": lambda j: (
        (j.bait.verdict, j.bare.verdict, j.lawful.verdict) == ("bait", "clean", "clean")
    ),
    "bait_found": lambda j: j.bait.verdict == "bait",
    "bait_at_least_suspicious": lambda j: _is_flagged(j.bait),
    "false_bait_lawful": lambda j: j.lawful.verdict == "bait",
    "false_flag_lawful": lambda j: _is_flagged(j.lawful),
    "false_flag_bare": lambda j: _is_flagged(j.bare),
}
_TABLES: dict[str, Callable[[Triple], str]] = {
    "language": lambda t: t.lang,
    "lure": lambda t: t.pair.lure,
    "bait_kind": lambda t: t.pair.bait.kind,
    "lawful_kind": lambda t: t.pair.lawful.kind,
    "shape": lambda t: t.shape,
    "position": lambda t: t.position,
}


def summarize_triples(triples: Sequence[Triple], scored: Sequence[Scored]) -> dict[str, Any]:
    """Return the figures of triples: over all, and by language, lure, kind, shape and position.

    ``scored`` are their pages in any order. A triple counts once all three pages were scored;
    ``triples`` says how many did. Each figure is a share with its 95 % Wilson interval, over
    triples: ranked right (bait scores above both others), wholly right (called ``bait``, ``clean``
    and ``clean``), bait called ``bait``, bait called at least ``suspicious``, lawful pages called
    ``bait``, and lawful and bare pages called either. Triples of one article, or of one pair of
    endings, are not independent: the truth is wider than the interval.
    """
    by_id = {page.source.id: page for page in scored}
    judged = [
        _Judged(triple, *(by_id[page.id] for page in triple.pages))
        for triple in triples
        if all(page.id in by_id for page in triple.pages)
    ]
    return {
        "triples": len(judged),
        "all": _rates(judged),
        "by": {name: _table(judged, key) for name, key in _TABLES.items()},
    }


def trial_figures(summary: Mapping[str, Any]) -> dict[str, float]:
    """Take from a summary the figures that floors are about: by name, and each language's worst.

    A share of nothing is no figure: it is left out.
    """
    taken = {name: found["rate"] for name, found in summary["all"].items() if found["of"]}
    for name in taken.copy():
        rates = [table[name]["rate"] for table in summary["by"]["language"].values()]
        taken[f"{name}_in_the_worst_language"] = (max if name.startswith("false_") else min)(rates)
    return taken


def _is_flagged(scored: Scored) -> bool:
    return scored.verdict in {"bait", "suspicious"}


def _rates(judged: Sequence[_Judged]) -> dict[str, Rate]:
    return {name: rate(sum(map(holds, judged)), len(judged)) for name, holds in _FIGURES.items()}


def _table(judged: Sequence[_Judged], key: Callable[[Triple], str]) -> dict[str, dict[str, Rate]]:
    groups: dict[str, list[_Judged]] = defaultdict(list)
    for each in judged:
        groups[key(each.triple)].append(each)
    return {name: _rates(groups[name]) for name in sorted(groups)}
