"""A verdict as a person reads it on a terminal.

Pages are hostile: what comes from them may hold escape sequences, markup or characters that turn
the line around, so every foreign text goes through ``plain`` and none is read as markup.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from model.verdict import Evidence, Verdict

_STYLES = {
    "bait": "bold red",
    "suspicious": "bold yellow",
    "clean": "bold green",
    "unknown": "bold magenta",
}
_JOINERS = "\u200c\u200d"  # harmless, and Persian and emoji need them


def plain(text: str) -> str:
    """Return text on one line that a terminal shows as it is and does not obey."""
    visible = "".join(
        c for c in text if c in _JOINERS or c.isspace() or unicodedata.category(c)[0] != "C"
    )
    return " ".join(visible.split())


def verdict_report(page_id: str, url: str | None, verdict: Verdict) -> Text:
    """Lay out one verdict: its name and score, the reasons, the quotes they rest on."""
    report = Text(plain(page_id))
    report.append("  ").append(verdict.verdict, _STYLES[verdict.verdict])
    if verdict.score is not None:
        report.append(f"  {verdict.score:.3f}")
    if verdict.lure is not None:
        report.append(f"  lure: {verdict.lure}")
    if url is not None and url != page_id:
        report.append(f"\n  {plain(url)}", "dim")
    if verdict.unknown_because is not None:
        report.append(f"\n  {plain(verdict.unknown_because.text)}")
    for reason in verdict.reasons:
        report.append(f"\n  {reason.weight:+6.2f}  {plain(reason.text)}")
    for evidence in verdict.evidence:
        report.append_text(_evidence_line(evidence))
    if verdict.without_evidence is not None:
        less = verdict.without_evidence
        report.append(f"\n  without these words: {less.verdict}, {less.score:.3f}", "dim")
    return report


def _evidence_line(evidence: Evidence) -> Text:
    line = Text(f"\n  {evidence.kind}: “{plain(evidence.quote)}”")
    if evidence.href is not None:
        line.append(f" → {plain(evidence.href)}", "dim")
    return line
