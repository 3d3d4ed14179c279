"""What the desk shows of an answer: in words, with its evidence placed in the page's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.verdict import Evidence, VerdictName
from service.answers import Answer
from service.finding import Reading
from service.rulings import RULED

_WORDS: dict[VerdictName, str] = {
    "bait": "This page is bait.",
    "suspicious": "This page is suspicious.",
    "clean": "Nothing here points to bait.",
    "unknown": "This page could not be judged.",
}
_NOT_SEEN = "This page has not been checked."
_KINDS = {"text": "Words", "link": "Link", "redirect": "Redirect", "hidden": "Hidden part"}
_RULINGS = {
    "bait": "A moderator ruled that it is bait.",
    "not_bait": "A moderator ruled that it is not bait.",
    "unsure": "A moderator looked at it and was unsure.",
}


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
class ShownLink:
    """Somewhere the page leads: its words, and its address, which is no link here."""

    text: str
    address: str
    hidden: bool


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
    reasons: tuple[str, ...]
    quotes: tuple[Quote, ...]
    stretches: tuple[Stretch, ...]
    links: tuple[ShownLink, ...]
    checked: str
    reading: Reading | None


def show(answer: Answer, reading: Reading | None) -> Shown:
    """Prepare an answer for the desk; ``reading`` is its page, where one was seen."""
    verdict, decision = answer.finding.verdict, answer.decision
    name = (RULED[decision.ruling] if decision else None) or verdict.verdict
    stretches, marked = place_evidence(reading.text if reading else "", verdict.evidence)
    because = verdict.unknown_because if name == "unknown" else None
    return Shown(
        words=_NOT_SEEN if answer.not_seen else _WORDS[name],
        tone=name,
        because=because.text if because else "",
        score="" if verdict.score is None else _percent(verdict.score),
        machine=_WORDS[verdict.verdict] if name != verdict.verdict else "",
        ruling=f"{_RULINGS[decision.ruling]} ({decision.by})" if decision else "",
        note=(decision.note or "") if decision else "",
        lure=(verdict.lure or "").replace("-", " "),
        asked=defang(answer.url or ""),
        final=defang(answer.finding.final_url or ""),
        redirects=tuple((defang(hop.url), hop.status) for hop in answer.finding.redirects),
        reasons=tuple(reason.text for reason in verdict.reasons),
        quotes=tuple(
            Quote(n, _KINDS[e.kind], e.quote, defang(e.href or ""), n in marked)
            for n, e in enumerate(verdict.evidence, 1)
        ),
        stretches=stretches,
        links=tuple(
            ShownLink(link.text, defang(link.href), link.hidden)
            for link in (reading.links if reading else ())
        ),
        checked="" if answer.not_seen else f"{answer.finding.checked_at:%Y-%m-%d %H:%M} UTC",
        reading=reading,
    )


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


def defang(address: str) -> str:
    """Write an address so that nothing turns it into a link and nobody opens it by accident."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return address.replace(":", "[:]", 1)
    host, slash, path = rest.partition("/")
    return f"{scheme.replace('tt', 'xx')}://{host.replace('.', '[.]')}{slash}{path}"


def _percent(score: float) -> str:
    """Write a probability so that no rounding makes it a certainty."""
    if score > 0.999:
        return "over 99.9%"
    return "under 0.1%" if score < 0.001 else f"{score:.1%}"
