"""What the desk shows of an answer: in words, with its evidence placed in the page's text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from model.verdict import Evidence, Reason, Verdict, VerdictName
from service.answers import Answer
from service.desk.defang import defang
from service.desk.language import gettext
from service.desk.links import ShownLink, show_links
from service.desk.wording import lure_word
from service.finding import Reading
from service.rulings import RULED, Decision

# Log-odds from which a reason weighs one step more: it makes bait 1.6, 3.3 and 10 times as likely.
_STEPS = (0.5, 1.2, 2.3)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the page's text; ``mark`` is the number of the evidence it is part of."""

    text: str
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """One piece of evidence; ``marked`` says whether the text below has its mark."""

    number: int
    kind: str
    text: str
    address: str
    marked: bool


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A reason: its sentence, what it weighs in words, as a bar of 1 to 4, and as a number."""

    text: str
    weighs: str
    bar: int
    number: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A verdict as the desk shows it. ``tone`` names its colour; addresses are defanged."""

    words: str
    tone: VerdictName
    because: str
    score: str
    machine: str
    ruling: str
    note: str
    lure: str
    asked: str
    final: str
    redirects: tuple[tuple[str, int], ...]
    reasons: tuple[ShownReason, ...]
    quotes: tuple[Quote, ...]
    without: str
    without_score: str
    stretches: tuple[Stretch, ...]
    links: tuple[ShownLink, ...]
    checked: str
    model: str
    reading: Reading | None


def show(answer: Answer, reading: Reading | None) -> Shown:
    """Prepare an answer for the desk; ``reading`` is its page, where one was seen."""
    verdict, decision = answer.finding.verdict, answer.decision
    name = (RULED[decision.ruling] if decision else None) or verdict.verdict
    stretches, marked = place_evidence(reading.text if reading else "", verdict.evidence)
    because = verdict.unknown_because if name == "unknown" else None
    without = verdict.without_evidence
    return Shown(
        words=gettext("This page has not been checked.") if answer.not_seen else conclusion(name),
        tone=name,
        because=because.text if because else "",
        score="" if verdict.score is None else _percent(verdict.score),
        machine=conclusion(verdict.verdict) if name != verdict.verdict else "",
        ruling=_ruling(decision) if decision else "",
        note=(decision.note or "") if decision else "",
        lure=lure_word(verdict.lure),
        asked=defang(answer.url or ""),
        final=defang(answer.finding.final_url or ""),
        redirects=tuple((defang(hop.url), hop.status) for hop in answer.finding.redirects),
        reasons=tuple(_reason(reason) for reason in verdict.reasons),
        quotes=tuple(
            Quote(n, _kind(e), e.quote, defang(e.href or ""), n in marked)
            for n, e in enumerate(verdict.evidence, 1)
        ),
        without=_without(verdict),
        without_score=_percent(without.score) if without else "",
        stretches=stretches,
        links=show_links(reading, answer.finding.final_url or answer.url) if reading else (),
        checked="" if answer.not_seen else f"{answer.finding.checked_at:%Y-%m-%d %H:%M} UTC",
        model=f"{verdict.model.version} ({verdict.model.digest})",
        reading=reading,
    )


def conclusion(verdict: VerdictName) -> str:
    """Say in one sentence what a verdict means."""
    return {
        "bait": gettext("This page is bait."),
        "suspicious": gettext("This page is suspicious."),
        "clean": gettext("Nothing here points to bait."),
        "unknown": gettext("This page could not be judged."),
    }[verdict]


def _ruling(decision: Decision) -> str:
    said = {
        "bait": gettext("A moderator ruled that it is bait."),
        "not_bait": gettext("A moderator ruled that it is not bait."),
        "unsure": gettext("A moderator looked at it and was unsure."),
    }[decision.ruling]
    return f"{said} ({decision.by})"


def _kind(evidence: Evidence) -> str:
    return {
        "text": gettext("Words"),
        "link": gettext("Link"),
        "redirect": gettext("Redirect"),
        "hidden": gettext("Hidden part"),
    }[evidence.kind]


def _reason(reason: Reason) -> ShownReason:
    step = bisect_right(_STEPS, reason.weight)
    weighs = (
        gettext("weighs little"),
        gettext("counts"),
        gettext("weighs much"),
        gettext("weighs most heavily"),
    )
    return ShownReason(reason.text, weighs[step], step + 1, f"{reason.weight:+.2f}")


def _without(verdict: Verdict) -> str:
    """Say what the machine would make of the page without what it quotes."""
    if verdict.without_evidence is None:
        return ""
    if verdict.without_evidence.verdict == verdict.verdict:
        return gettext("Without the quoted parts it would be judged the same.")
    return {
        "bait": gettext("Without the quoted parts it would be judged bait."),
        "suspicious": gettext("Without the quoted parts it would be suspicious."),
        "clean": gettext("Without the quoted parts nothing would point to bait."),
        "unknown": gettext("Without the quoted parts it could not be judged."),
    }[verdict.without_evidence.verdict]


def place_evidence(
    text: str, evidence: Sequence[Evidence]
) -> tuple[tuple[Stretch, ...], frozenset[int]]:
    """Cut a text at its evidence, and say which evidence, numbered from 1, got a mark.

    Where quotes overlap the earlier keeps the words they share; one that lies wholly inside
    another, or beyond the text that was kept, has no mark of its own.
    """
    placed = sorted(
        (e.start, e.end, number)
        for number, e in enumerate(evidence, 1)
        if e.start is not None and e.end is not None
    )
    stretches: list[Stretch] = []
    marked = set()
    done = 0
    for start, end, number in placed:
        begin, stop = max(start, done), min(end, len(text))
        if begin < stop:
            stretches += [Stretch(text[done:begin]), Stretch(text[begin:stop], number)]
            marked.add(number)
            done = stop
    stretches.append(Stretch(text[done:]))
    return tuple(s for s in stretches if s.text), frozenset(marked)


def _percent(score: float) -> str:
    """Write a probability so that no rounding makes it a certainty."""
    if score > 0.999:
        return gettext("over 99.9%%")
    return gettext("under 0.1%%") if score < 0.001 else f"{score:.1%}"
