"""Answers: what a caller is told about an address, and its JSON form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from model.page import Page
from service.finding import Finding
from service.rulings import RULED, Decision
from service.verdict_json import VerdictSource, verdict_object


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict as told: the machine's finding, the decision that counts, where it came from."""

    url: str | None
    finding: Finding
    source: VerdictSource
    decision: Decision | None = None

    @property
    def not_seen(self) -> bool:
        """Whether neither a decision nor a fresh verdict stands behind this."""
        because = self.finding.verdict.unknown_because
        return self.source == "none" and because is not None and because.code == "not_seen"


def answer_of(
    url: str,
    finding: Finding,
    decision: Decision | None,
    *,
    source: VerdictSource,
    until: datetime,
) -> Answer:
    """Put a decision over a finding; one that rules ends the answer's life at ``until``.

    Without a ruling decision the answer lives as long as the finding does.
    """
    if decision is None or RULED[decision.ruling] is None:
        return Answer(url, finding, source, decision)
    return Answer(url, replace(finding, expires_at=until), "decision", decision)


def answer_object(answer: Answer) -> dict[str, Any]:
    """Write an answer as the verdict object."""
    finding = answer.finding
    return verdict_object(
        finding.verdict,
        page=Page(answer.url, finding.final_url, 0, {}, b"", finding.redirects),
        url=answer.url,
        checked_at=finding.checked_at,
        expires_at=finding.expires_at,
        source=answer.source,
        decision=answer.decision,
    )
