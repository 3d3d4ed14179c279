"""Reports: a summary as text for people, as Markdown for the model card."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

Summary = Mapping[str, Any]

_LONGEST_CELL = 80

_TITLES = {
    "language": "Language",
    "lure": "Lure",
    "kind": "Kind of page",
    "campaign": "Campaign",
}


def markdown(title: str, summary: Summary, *, tables: tuple[str, ...]) -> str:
    """Return one set's figures as a Markdown section; ``tables`` names the breakdowns to show."""
    return "\n".join([*_headline(title, summary), *_tables(summary, tables)]) + "\n"


def plain(text: str) -> str:
    """Return text on one line without the characters that command a terminal."""
    visible = "".join(c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(visible.split())


def percent(found: Mapping[str, float]) -> str:
    """Show a share with its interval; a dash where there was nothing to count."""
    if not found["of"]:
        return "–"
    return f"{found['rate']:.1%} ({found['low']:.1%} to {found['high']:.1%}, of {found['of']:,.0f})"


def _headline(title: str, summary: Summary) -> Iterator[str]:
    pages = summary["pages"]
    yield f"## {title}"
    yield ""
    yield f"{pages['bait']:,} bait pages and {pages['ok']:,} honest pages."
    yield ""
    if summary.get("left_out"):
        yield f"Left out: {', '.join(f'{n:,} {why}' for why, n in summary['left_out'].items())}."
        yield ""
    yield "| figure | value (95 % interval) |"
    yield "| --- | --- |"
    for name, words in (
        ("bait_found", "bait called `bait`"),
        ("bait_at_least_suspicious", "bait called `bait` or `suspicious`"),
        ("false_bait", "honest pages called `bait`"),
        ("false_flag", "honest pages called `bait` or `suspicious`"),
    ):
        yield f"| {words} | {percent(summary['verdicts'][name])} |"
    for name, words in (
        ("recall_at_1_in_1000", "1 in 1,000"),
        ("recall_at_1_in_100", "1 in 100"),
    ):
        if name in summary:
            found = summary[name]
            yield f"| recall at {words} false alarms, by page | {percent(found['page'])} |"
            yield f"| recall at {words} false alarms, by campaign | {percent(found['campaign'])} |"
    if "pr_auc" in summary:
        yield f"| area under precision-recall | {summary['pr_auc']:.4f} |"
        yield f"| Brier score | {summary['brier']:.4f} |"
    if summary["pairs"]["ranked_right"]["of"]:
        yield f"| pairs ranked right | {percent(summary['pairs']['ranked_right'])} |"
        yield f"| pairs wholly right | {percent(summary['pairs']['wholly_right'])} |"
    yield ""
    if summary.get("reliability"):
        yield "| score from | pages | mean score | share of bait |"
        yield "| --- | --- | --- | --- |"
        for row in summary["reliability"]:
            yield (
                f"| {row['from']:.1f} | {row['pages']:,} | {row['mean_score']:.3f} "
                f"| {row['bait_share']:.3f} |"
            )
        yield ""


def _tables(summary: Summary, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield f"### By {_TITLES[name].lower()}"
        yield ""
        yield f"| {_TITLES[name]} | bait called `bait` | honest called `bait` | honest flagged |"
        yield "| --- | --- | --- | --- |"
        for value, rates in summary["by"][name].items():
            cells = (rates["bait_found"], rates["false_bait"], rates["false_flag"])
            shown = " | ".join(map(short, cells))
            yield f"| {cell(value)} | {shown} |"
        yield ""


def cell(value: str) -> str:
    """Quote words of a saved page as code on one line, which obeys no terminal and no Markdown.

    What could end the code or the cell is replaced by its like, as no escape holds in both.
    """
    line = plain(value).replace("`", "'").replace("|", "¦")
    short = line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 1]}…"
    return f"`{short}`" if short else "–"


def short(found: Mapping[str, float]) -> str:
    """Show a share without its interval; a dash where there was nothing to count."""
    if not found["of"]:
        return "–"
    return f"{found['rate']:.0%} of {found['of']:,.0f}"
