"""The sections of the HTML report about shortcuts and experiments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.reporting.charts import learning_curve
from training.reporting.markup import Html, element, table, together
from training.reporting.sections import note, section_table, share

Figures = Mapping[str, Any]


def origin(found: Figures, held_out: Figures) -> Html:
    """Say how far the origin of a page gives it away, and how the model does where it cannot."""
    rows = [
        ("what the page says: the model", *_ranked(held_out)),
        ("traces of its origin alone", *_ranked(found["bait_by_traces"])),
        ("its language alone", *_ranked(found["bait_by_language"])),
    ]
    forms = [
        (form, f"{f['pages']['bait']:,}", f"{f['pages']['ok']:,}", *_within(f))
        for form, f in held_out["form"].items()
    ]
    return together(
        [
            element("p", f"Traces are: {', '.join(found['traces'])}."),
            table(("bait told from honest pages by", *_RANKED), rows),
            _collections(found["collections"]),
            section_table(
                "Within one form of page, where its form cannot help",
                ("form", "bait", "honest", "area under ROC", "recall at 1 in 100"),
                forms,
            ),
        ]
    )


_RANKED = ("area under ROC", "area under precision-recall", "recall at 1 in 100")


def _ranked(found: Figures) -> tuple[str, str, str]:
    recall = found.get("recall_at_1_in_100")
    return _area(found, "roc_auc"), _area(found, "pr_auc"), share(recall and recall["page"])


def _area(found: Figures, name: str) -> str:
    return f"{found[name]:.4f}" if name in found else "–"


def _within(found: Figures) -> tuple[str, str]:
    return _area(found, "roc_auc"), share(found.get("recall_at_1_in_100"))


def _collections(found: Figures) -> Html:
    if "pages" not in found:
        return element("p", "The honest pages are of too few collections to tell them apart.")
    return element(
        "p",
        f"Which of {found['of']} collections an honest page came from is told for "
        f"{found['by_words']:.0%} of {found['pages']:,} pages by their words and for "
        f"{found['by_traces']:.0%} by their traces; by chance it would be "
        f"{found['by_chance']:.0%}.",
    )


def languages(found: Mapping[str, Figures]) -> Html:
    """Show how the scores of honest pages are spread in each language."""
    heads = ("language", "honest pages", "half score below", "9 in 10", "99 in 100", "flagged")
    rows = [
        (
            lang,
            f"{described['pages']:,}",
            *(f"{value:.4f}" for value in described["quantiles"].values()),
            share(described["false_flag"], "honest"),
        )
        for lang, described in found.items()
    ]
    return table(heads, rows)


def experiments(titles: Mapping[str, tuple[str, str]], found: Mapping[str, Figures]) -> Html:
    """Show each experiment that was made; ``titles`` has its title and what it shows, by name."""
    parts = []
    for name, rows in found.items():
        title, says = titles[name]
        parts += [element("h3", title), element("p", says)]
        if name == "curve" and (points := _points(rows)):
            parts.append(element("div", learning_curve(points), class_="charts"))
        parts.append(_side_by_side(rows))
        parts.append(_by_template(rows))
    return together(parts)


def _side_by_side(rows: Mapping[str, Figures]) -> Html:
    heads = ("", "bait", "honest", "recall at 1 in 1,000", "at 1 in 100", *_RANKED[:2])
    return table((*heads, "honest flagged"), [(name, *_cells(row)) for name, row in rows.items()])


def _cells(row: Figures) -> tuple[str, ...]:
    if not row["learnt"]:
        return (note(row["because"]), *("–" for _ in range(6)))
    at_1000, at_100 = (row.get(f"recall_at_1_in_{n}", {}).get("page") for n in (1000, 100))
    areas = _area(row, "roc_auc"), _area(row, "pr_auc")
    pages = row["pages"]
    counts = f"{pages['bait']:,}", f"{pages['ok']:,}"
    return (*counts, share(at_1000), share(at_100), *areas, share(row.get("false_flag"), "honest"))


def _points(rows: Mapping[str, Figures]) -> list[tuple[int, Figures]]:
    return [
        (row["campaigns"], row["recall_at_1_in_100"]["page"])
        for row in rows.values()
        if row["learnt"] and "recall_at_1_in_100" in row
    ]


def _by_template(rows: Mapping[str, Figures]) -> Html:
    known: dict[str, Figures] = {}
    unseen: dict[str, Figures] = {}
    for place, row in enumerate(rows.values()):
        (unseen if place else known).update(row.get("by_template", {}))
    if not known:
        return Html()
    shown = [(name, share(known[name]), share(unseen.get(name))) for name in known]
    return table(("template", "known", "left out"), shown, "Recall at 1 in 100 false alarms")
