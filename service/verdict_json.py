"""The verdict object: the one JSON form in which every way out of the service gives an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from model.url import InvalidUrl
from service.canonical import canonical

if TYPE_CHECKING:
    from model.page import Page
    from model.verdict import Evidence, Verdict, VerdictName

VerdictSource = Literal["decision", "cache", "scan", "caller", "none"]

# What a ruling turns the machine's verdict into; "unsure" leaves it as it is.
_RULED: dict[str, VerdictName] = {"bait": "bait", "not_bait": "clean"}


class ShownDecision(Protocol):
    """What is shown of a moderator's decision."""

    @property
    def ruling(self) -> str: ...  # noqa: D102
    @property
    def by(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def note(self) -> str | None: ...  # noqa: D102


def verdict_object(
    verdict: Verdict,
    *,
    page: Page | None,
    url: str | None,
    checked_at: datetime,
    expires_at: datetime | None,
    source: VerdictSource,
    decision: ShownDecision | None,
) -> dict[str, Any]:
    """Build the verdict object, with all its keys; ``json.dumps`` accepts it.

    ``page`` gives the final address and the redirects, where there is one. ``url`` is the address
    as it was asked for. A decision's ruling overrides the verdict and leaves the score alone.

    Raises ValueError for a time without a zone.
    """
    name = _RULED.get(decision.ruling, verdict.verdict) if decision else verdict.verdict
    because = verdict.unknown_because if name == "unknown" else None
    less = verdict.without_evidence
    return {
        "url": url,
        "canonical_url": _canonical(url),
        "final_url": page.final_url if page else None,
        "verdict": name,
        "score": verdict.score,
        "lure": verdict.lure,
        "reasons": [{"code": r.code, "text": r.text, "weight": r.weight} for r in verdict.reasons],
        "evidence": [_evidence_object(evidence) for evidence in verdict.evidence],
        "without_evidence": less and {"score": less.score, "verdict": less.verdict},
        "unknown_because": because and {"code": because.code, "text": because.text},
        "redirects": [{"url": r.url, "status": r.status} for r in (page.redirects if page else ())],
        "model": {"version": verdict.model.version, "digest": verdict.model.digest},
        "checked_at": utc_text(checked_at),
        "expires_at": expires_at and utc_text(expires_at),
        "source": source,
        "decision": decision and _decision_object(decision),
    }


def utc_text(moment: datetime) -> str:
    """Write a time as ISO 8601 in UTC, to the millisecond, ending in Z.

    Raises ValueError where the time has no zone: read as local time it would be silently wrong.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be written: give it one, such as UTC")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _canonical(url: str | None) -> str | None:
    try:
        return canonical(url).href if url is not None else None
    except InvalidUrl:
        return None


def _evidence_object(evidence: Evidence) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "quote": evidence.quote,
        "href": evidence.href,
        "start": evidence.start,
        "end": evidence.end,
    }


def _decision_object(decision: ShownDecision) -> dict[str, Any]:
    return {
        "ruling": decision.ruling,
        "by": decision.by,
        "at": utc_text(decision.at),
        "note": decision.note,
    }
