"""One URL's whole way, from the caller's text to the stored verdict.

    check_link:  canonicalize -> known decision or fresh verdict? answer : queue a scan, committed
    workers.py:  claim a scan -> run_scan -> save    (the table between the two is the truth)
    steps.py:    run_scan: fetch -> judge -> finding

A page that could not be fetched or read is ``unknown``, never ``clean``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from model.url import URL, InvalidUrl, canonicalize_url
from service.answers import Answer, answer_of
from service.canonical import canonical
from service.finding import Finding
from service.memory import Memory
from service.rulings import Decision
from service.settings import Settings
from service.steps import Steps, unseen
from service.store.database import Database
from service.store.known import Known, find_known
from service.store.scans import Scan, Submission, Wanted, submit_scans
from service.traces import OFF, Traces


@dataclass(frozen=True, slots=True)
class Service:
    """What every part of the service works with: the database, the steps, the settings, traces."""

    db: Database
    steps: Steps
    settings: Settings
    traces: Traces = OFF
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "memory", Memory(self.db))


def check_link(
    service: Service,
    asked: str,
    *,
    fresh: bool = False,
    submission: Submission | None = None,
) -> Answer | Scan:
    """Answer from what is known, or queue a scan: once this returns one, a finding will come.

    Raises InvalidUrl, KeyReusedError, StoreUnavailableError, BusyError.
    """
    wanted = Wanted(asked, canonicalize_url(asked), fresh)
    if submission is None and not fresh:
        (answer,) = look_up(service, [asked])
        if not answer.not_seen:
            return answer
    (scan,) = _submit(service, [wanted], submission)
    return scan or known_answer(service, asked)


def check_links(service: Service, asked: Sequence[str]) -> list[Answer | Scan]:
    """Do the same for many; one that is no URL becomes an ``unknown`` answer in its place."""
    told = look_up(service, asked)
    pairs = list(zip(asked, told, strict=True))
    wanted = [Wanted(text, canonicalize_url(text)) for text, answer in pairs if answer.not_seen]
    scans = iter(_submit(service, wanted) if wanted else ())
    return [
        (next(scans) or known_answer(service, text)) if answer.not_seen else answer
        for text, answer in pairs
    ]


def _submit(
    service: Service, wanted: Sequence[Wanted], submission: Submission | None = None
) -> list[Scan | None]:
    most = service.settings.queue_most
    return submit_scans(service.db, wanted, service.steps.now(), submission, most)


def look_up(service: Service, asked: Sequence[str]) -> list[Answer]:
    """Answer from decisions and fresh verdicts alone, ``not_seen`` where there is neither.

    What is no URL is ``unknown`` in its place. Never fetches.
    """
    told: dict[int, Answer] = {}
    wanted: dict[int, URL] = {}
    for place, text in enumerate(asked):
        try:
            wanted[place] = canonical(text)
        except InvalidUrl as error:
            told[place] = _refusal(service, text, str(error))
    every = service.memory.known(list(wanted.values()))
    for place, known in zip(wanted, every, strict=True):
        told[place] = answer_from(service, asked[place], known)
    return [told[place] for place in range(len(asked))]


def answer_from(service: Service, asked: str, known: Known) -> Answer:
    """Answer with what is known, where that settles the URL; ``not_seen`` where it does not."""
    finding = known.finding if known.answers(service.steps.now()) else None
    return _told(service, asked, finding, known.decision)


def known_answer(service: Service, asked: str) -> Answer:
    """Answer with the newest that is known, however old; ``not_seen`` where nothing is."""
    with service.db.read() as connection:
        (known,) = find_known(connection, [canonicalize_url(asked)])
    return _told(service, asked, known.finding, known.decision)


def scanned_answer(service: Service, asked: str, scan: Scan) -> Answer:
    """Answer with what a scan found, under the decision that counts now; it must be done."""
    if scan.finding is None:
        raise ValueError("a scan has no finding before it is done")
    (known,) = service.memory.known([canonicalize_url(scan.canonical)])
    until = service.steps.now() + timedelta(seconds=service.settings.life_decision)
    return answer_of(asked, scan.finding, known.decision, source="scan", until=until)


def _told(
    service: Service, asked: str, finding: Finding | None, decision: Decision | None
) -> Answer:
    until = service.steps.now() + timedelta(seconds=service.settings.life_decision)
    if finding is None:
        nothing = unseen(service.steps, "not_seen")
        return answer_of(asked, nothing, decision, source="none", until=until)
    return answer_of(asked, finding, decision, source="cache", until=until)


def _refusal(service: Service, asked: str, detail: str) -> Answer:
    return Answer(asked, unseen(service.steps, "refused_url", detail), "none")
