"""The answer: a verdict with its reasons and the evidence they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VerdictName = Literal["bait", "suspicious", "clean", "unknown"]
Lure = Literal["streaming", "live-sports", "download", "giveaway", "other"]
EvidenceKind = Literal["text", "link", "redirect", "hidden"]

# Why a page could not be judged: every code there is, with its sentence for people.
UNKNOWN_BECAUSE: dict[str, str] = {
    "timeout": "The page did not arrive in time.",
    "refused_address": "The address leads to a place that must not be fetched, "
    "such as a private network.",
    "refused_url": "The address has a form that is not fetched.",
    "dns": "The host name could not be resolved.",
    "tls": "No trustworthy encrypted connection could be made.",
    "connect": "The server could not be reached.",
    "protocol_error": "The server's answer was not proper HTTP.",
    "too_large": "The page is larger than the limit.",
    "too_many_redirects": "The address redirects too many times.",
    "http_status": "The server answered with an error instead of the page.",
    "not_html": "The address leads to something other than a web page or plain text.",
    "no_text": "The page holds nothing to read and nothing to follow.",
    "too_complex": "Reading and judging the page took more time or memory than the limits allow.",
    "crashed": "The process that checked the page died every time it was tried.",
    "unreadable": "The saved page could not be read.",
    "not_seen": "This address has not been checked yet.",
    "internal": "The check failed for a reason of our own; it was logged.",
}


@dataclass(frozen=True, slots=True)
class UnknownBecause:
    """Why there is no judgement: a key of ``UNKNOWN_BECAUSE`` and a sentence for people."""

    code: str
    text: str

    @classmethod
    def of(cls, code: str, detail: str = "") -> UnknownBecause:
        """Build one from its code; ``detail`` is appended to the code's own sentence."""
        return cls(code, f"{UNKNOWN_BECAUSE[code]} {detail}".strip())


@dataclass(frozen=True, slots=True)
class Reason:
    """A named signal. ``weight`` is its share of the raw score, in log-odds; positive is bait."""

    code: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words or a link quoted from the page.

    For ``text`` evidence ``document.text[start:end] == quote``; both are None where the quote is
    not visible text.
    """

    kind: EvidenceKind
    quote: str
    href: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The same page judged without its quoted evidence."""

    score: float
    verdict: VerdictName


@dataclass(frozen=True, slots=True)
class ModelId:
    """Which artefact judged: its version and the first 12 hex digits of its SHA-256."""

    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The machine's answer about one page. ``score`` is a calibrated probability of bait."""

    verdict: VerdictName
    score: float | None
    model: ModelId
    lure: Lure | None = None
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    without_evidence: Counterfactual | None = None
    unknown_because: UnknownBecause | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Cuts on the score: at or above ``bait`` a page is bait, at or above ``suspicious`` that."""

    bait: float
    suspicious: float


def decide(score: float, thresholds: Thresholds) -> VerdictName:
    """Name the verdict for a score; it depends on nothing else."""
    if score >= thresholds.bait:
        return "bait"
    return "suspicious" if score >= thresholds.suspicious else "clean"
