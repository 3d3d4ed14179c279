"""The sections of the HTML report about the main part: what held-out pages were given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Any

from training.reporting.charts import precision_recall, reliability, score_histogram, share_bar
from training.reporting.markup import Html, element, folded, table, together

Figures = Mapping[str, Any]

_LONG = 12  # rows above which a table is folded
_MOST_ROWS = 200

_HEADLINES = (
    ("recall_at_1_in_1000", "page", "recall at 1 in 1,000 false alarms, by page"),
    ("recall_at_1_in_1000", "campaign", "the same by campaign"),
    ("recall_at_1_in_100", "page", "recall at 1 in 100, by page"),
    ("recall_at_1_in_100", "campaign", "the same by campaign"),
)
_VERDICTS = (
    ("bait_found", "bait called bait"),
    ("bait_at_least_suspicious", "bait called bait or suspicious"),
    ("false_bait", "honest pages called bait"),
    ("false_flag", "honest pages called bait or suspicious"),
)
_BREAKDOWNS = (
    ("language", "By language"),
    ("lure", "By lure"),
    ("kind", "By kind of page"),
    ("source", "By collection"),
    ("campaign", "By campaign"),
)


def share(found: Figures | None, kind: str = "bait") -> Html:
    """Show a share with its bar, its 95 % interval and of how many; a dash where there is none.

    ``kind`` is the side whose share it is, ``bait`` or ``honest``.
    """
    if not found or not found["of"]:
        return element("span", "–", class_="none")
    interval = f"{found['low']:.1%} to {found['high']:.1%}, of {found['of']:,}"
    number = element("span", f"{found['rate']:.1%}", class_="number")
    return together([share_bar(found, kind), number, element("span", interval, class_="of")])


def headline(held_out: Figures) -> Html:
    """Show the figures one looks for first."""
    tiles = [_tile(words, held_out[name][by]) for name, by, words in _HEADLINES if name in held_out]
    tiles += [_tile(words, held_out["verdicts"][name]) for name, words in _VERDICTS]
    numbers = [
        _number(words, held_out[name])
        for name, words in (("pr_auc", "area under precision-recall"), ("brier", "Brier score"))
        if name in held_out
    ]
    return element("div", *tiles, *numbers, class_="tiles")


def _tile(name: str, found: Figures) -> Html:
    if not found["of"]:
        return _number(name, None)
    interval = f"{found['low']:.1%} to {found['high']:.1%} of {found['of']:,}"
    return element(
        "div",
        element("span", name, class_="what"),
        element("span", f"{found['rate']:.1%}", class_="big"),
        element("span", interval, class_="of"),
        class_="tile",
    )


def _number(name: str, value: float | None) -> Html:
    shown = "–" if value is None else f"{value:.4f}"
    parts = (element("span", name, class_="what"), element("span", shown, class_="big"))
    return element("div", *parts, class_="tile")


def charts(held_out: Figures) -> Html:
    """Draw precision-recall, reliability and the spread of the scores."""
    cuts = {
        "1 in 100": held_out["intervals"]["cut_at_1_in_100"]["value"],
        "1 in 1,000": held_out["intervals"]["cut_at_1_in_1000"]["value"],
    }
    odds = {name: _odds(cut) for name, cut in cuts.items()}
    return element(
        "div",
        precision_recall(held_out["curve"]),
        reliability(held_out["reliability"]),
        score_histogram(held_out["histogram"], odds),
        class_="charts",
    )


def _odds(score: float) -> float:
    inside = min(max(score, 1e-12), 1 - 1e-12)
    return log(inside / (1 - inside))


def thresholds(held_out: Figures) -> Html:
    """Show the cuts that each fold fixed on its own pages, and how far chance could move them."""
    folds = [
        (f"fold {number}", f"{cuts['bait']:.4f}", f"{cuts['suspicious']:.4f}")
        for number, cuts in enumerate(held_out["thresholds"], start=1)
    ]
    names = {
        "cut_at_1_in_1000": "cut at 1 in 1,000 false alarms",
        "cut_at_1_in_100": "cut at 1 in 100 false alarms",
        "recall_at_1_in_1000": "recall there, 1 in 1,000",
        "recall_at_1_in_100": "recall there, 1 in 100",
        "pr_auc": "area under precision-recall",
    }
    drawn = [
        (words, *(f"{held_out['intervals'][name][part]:.4f}" for part in ("value", "low", "high")))
        for name, words in names.items()
    ]
    return together(
        [
            table(
                ("", "value", "from", "to"), drawn, "95 % intervals, campaigns and sites redrawn"
            ),
            table(
                ("trained without", "bait begins at", "suspicious begins at"),
                folds,
                "Fixed by each training on its own honest pages",
            ),
        ]
    )


def breakdowns(held_out: Figures) -> Html:
    """Show the verdicts by language, lure, kind, collection and campaign."""
    heads = ("", "bait called bait", "at least suspicious", "honest called bait", "honest flagged")
    parts = []
    for name, title in _BREAKDOWNS:
        found = held_out["by"][name]
        kept = sorted(found.items(), key=lambda item: -_size(item[1]))[:_MOST_ROWS]
        rows = [(key, *_shares(rates)) for key, rates in kept]
        parts.append(section_table(title, heads, rows))
    return together(parts)


def _shares(rates: Figures) -> list[Html]:
    return [share(rates[name], "bait" if "bait_" in name else "honest") for name, _ in _VERDICTS]


def _size(rates: Figures) -> int:
    return int(rates["bait_found"]["of"] + rates["false_bait"]["of"])


def section_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    """Show a table under its heading, folded where it is long."""
    if not rows:
        return together([element("h3", title), element("p", "Nothing to count.")])
    if len(rows) > _LONG:
        return folded(f"{title}: {len(rows)} rows", table(heads, rows))
    return together([element("h3", title), table(heads, rows)])


_TRIALS = (
    ("wholly_right", "wholly right", "bait"),
    ("ranked_right", "ranked right", "bait"),
    ("bait_found", "bait called bait", "bait"),
    ("bait_at_least_suspicious", "at least suspicious", "bait"),
    ("false_flag_lawful", "lawful ending flagged", "honest"),
    ("false_flag_bare", "bare article flagged", "honest"),
)
_TRIAL_TABLES = (
    ("language", "By language"),
    ("lure", "By lure"),
    ("bait_kind", "By kind of bait"),
    ("lawful_kind", "By kind of lawful ending"),
    ("shape", "By markup"),
    ("position", "By place in the article"),
)


def trials(found: Figures) -> Html:
    """Show what becomes of articles with hand-written endings: over all and by what they are."""
    heads = ("", *(words for _, words, _ in _TRIALS))
    whole = [(f"all {found['triples']:,} triples", *_trial_cells(found["all"]))]
    parts = [table(heads, whole)]
    for name, title in _TRIAL_TABLES:
        rows = [(key, *_trial_cells(rates)) for key, rates in found["by"][name].items()]
        parts.append(section_table(title, heads, rows))
    return together(parts)


def _trial_cells(rates: Figures) -> list[Html]:
    return [share(rates[name], kind) for name, _, kind in _TRIALS]


def attacks(table_of: Mapping[str, Figures]) -> Html:
    """Show what each attack leaves of the recall."""
    heads = (
        "attack",
        "copies",
        "called bait before",
        "after",
        "kept",
        "flagged before",
        "after",
        "kept",
    )
    rows = [
        (
            together([name, element("span", found["says"], class_="note")]),
            f"{found['pages']:,}",
            *_before_after(found["bait"]),
            *_before_after(found["flagged"]),
        )
        for name, found in table_of.items()
    ]
    return table(heads, rows)


def _before_after(found: Figures) -> tuple[str, str, str]:
    kept = "–" if found["kept"] is None else f"{found['kept']:.3f}"
    return f"{found['clean']['rate']:.1%}", f"{found['attacked']['rate']:.1%}", kept


def mistakes(held_out: Figures) -> Html:
    """List the pages that the model is furthest wrong about."""
    heads = ("page", "group", "language", "lure or kind", "form", "score", "verdict", "reasons")

    def rows(found: Iterable[Figures]) -> list[tuple[str, ...]]:
        return [
            (
                together([_title(m["title"]), note(m["id"])]),
                m["group"],
                m["lang"],
                m["lure"] or m["kind"] or "–",
                m["form"],
                f"{m['score']:.4f}",
                m["verdict"],
                note(", ".join(m["reasons"]) or "–"),
            )
            for m in found
        ]

    missed, flagged = rows(held_out["missed"]), rows(held_out["flagged"])
    return together(
        [
            section_table("Bait not called bait, lowest scores first", heads, missed),
            section_table("Honest pages flagged, highest scores first", heads, flagged),
        ]
    )


def _title(text: str) -> Html:
    return element("span", text or "(no title)", class_="title")


def note(text: str) -> Html:
    """Show words that are beside the point of their cell."""
    return element("span", text, class_="note")
