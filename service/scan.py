"""One URL's whole way, from the caller's text to the stored verdict.

    check_link:  canonicalize -> known decision or fresh verdict? answer : queue a scan, committed
    run_scan:    fetch -> judge -> finding        (in a worker; the command line calls it directly)
    workers.py:  claim -> run_scan -> save        (the table between them is the truth)

A page that could not be fetched or read is ``unknown``, never ``clean``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from model.document import Document
from model.page import Page
from model.url import URL, InvalidUrl, canonicalize_url
from model.verdict import ModelId, UnknownBecause, Verdict
from service.answers import Answer, answer_of, unknown_finding
from service.clock import Now
from service.fetch.errors import FetchError
from service.finding import Finding, Reading, content_fingerprint, reading_of
from service.logs import loggable_url
from service.rulings import Decision
from service.settings import Settings
from service.store.database import Database
from service.store.known import find_known
from service.store.scans import Scan, Submission, Wanted, submit_scans

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a scan that touch the world, passed in so that tests can pass fakes.

    ``fetch`` raises FetchError; ``judge`` and ``parse`` raise nothing.
    """

    fetch: Callable[[str], Page]
    parse: Callable[[Page], Document]
    judge: Callable[[Page], Verdict]
    model: ModelId
    now: Now


@dataclass(frozen=True, slots=True)
class Service:
    """What every part of the service works with: the database, the steps, the settings."""

    db: Database
    steps: Steps
    settings: Settings


def check_link(
    service: Service,
    asked: str,
    *,
    fresh: bool = False,
    submission: Submission | None = None,
) -> Answer | Scan:
    """Answer from what is known, or queue a scan: once this returns one, a finding will come.

    Raises InvalidUrl, KeyReusedError, StoreUnavailableError.
    """
    wanted = Wanted(asked, canonicalize_url(asked), fresh)
    if submission is None and not fresh:
        (answer,) = look_up(service, [asked])
        if not answer.not_seen:
            return answer
    (scan,) = submit_scans(service.db, [wanted], service.steps.now(), submission)
    return scan or known_answer(service, asked)


def check_links(service: Service, asked: Sequence[str]) -> list[Answer | Scan]:
    """Do the same for many; one that is no URL becomes an ``unknown`` answer in its place."""
    told = look_up(service, asked)
    missing = [answer.url for answer in told if answer.not_seen]
    wanted = [Wanted(text, canonicalize_url(text)) for text in missing]
    scans = iter(submit_scans(service.db, wanted, service.steps.now()) if wanted else ())
    return [
        (next(scans) or known_answer(service, answer.url)) if answer.not_seen else answer
        for answer in told
    ]


def look_up(service: Service, asked: Sequence[str]) -> list[Answer]:
    """Answer from decisions and fresh verdicts alone, ``not_seen`` where there is neither.

    What is no URL is ``unknown`` in its place. Never fetches.
    """
    now = service.steps.now()
    told: dict[int, Answer] = {}
    wanted: dict[int, URL] = {}
    for place, text in enumerate(asked):
        try:
            wanted[place] = canonicalize_url(text)
        except InvalidUrl as error:
            told[place] = _refusal(service, text, str(error))
    with service.db.read() as connection:
        every = find_known(connection, list(wanted.values()))
    for place, known in zip(wanted, every, strict=True):
        finding = known.finding if known.answers(now) else None
        told[place] = _told(service, asked[place], finding, known.decision)
    return [told[place] for place in range(len(asked))]


def known_answer(service: Service, asked: str) -> Answer:
    """Answer with the newest that is known, however old; ``not_seen`` where nothing is."""
    with service.db.read() as connection:
        (known,) = find_known(connection, [canonicalize_url(asked)])
    return _told(service, asked, known.finding, known.decision)


def scanned_answer(service: Service, asked: str, scan: Scan) -> Answer:
    """Answer with what a scan found, under the decision that counts now; it must be done."""
    if scan.finding is None:
        raise ValueError("a scan has no finding before it is done")
    with service.db.read() as connection:
        (known,) = find_known(connection, [canonicalize_url(scan.canonical)])
    until = service.steps.now() + timedelta(seconds=service.settings.life_decision)
    return answer_of(asked, scan.finding, known.decision, source="scan", until=until)


def _told(
    service: Service, asked: str, finding: Finding | None, decision: Decision | None
) -> Answer:
    until = service.steps.now() + timedelta(seconds=service.settings.life_decision)
    if finding is None:
        unseen = _unseen(service, "not_seen", "")
        return answer_of(asked, unseen, decision, source="none", until=until)
    return answer_of(asked, finding, decision, source="cache", until=until)


def _refusal(service: Service, asked: str, detail: str) -> Answer:
    return Answer(asked, _unseen(service, "refused_url", detail), "none")


def _unseen(service: Service, code: str, detail: str) -> Finding:
    because = UnknownBecause.of(code, detail)
    life = service.settings.verdict_life("unknown")
    return unknown_finding(because, service.steps.model, service.steps.now(), life)


def run_scan(service: Service, url: str) -> tuple[Finding, Reading | None]:
    """Fetch a canonical URL and judge its page; the reading is None where no page came.

    Whatever happens there is a finding: an error of our own is logged and ``unknown``.
    """
    try:
        page = service.steps.fetch(url)
    except FetchError as error:
        _log.info("fetch_failed", url=loggable_url(url), code=error.code)
        unseen = _unseen(service, error.code, str(error))
        return replace(unseen, final_url=error.url, redirects=error.redirects), None
    except Exception:  # noqa: BLE001  # a scan is promised an end
        _log.exception("fetch_broke", url=loggable_url(url))
        return _unseen(service, "internal", ""), None
    try:
        return judge_fetched(service, page)
    except Exception:  # noqa: BLE001  # the page is a stranger's: it must not stop the worker
        _log.exception("judge_broke", url=loggable_url(url))
        return _unseen(service, "internal", ""), None


def judge_fetched(service: Service, page: Page) -> tuple[Finding, Reading]:
    """Judge a page that is here, and keep what the desk shows of it."""
    verdict = service.steps.judge(page)
    document = service.steps.parse(page)
    now: datetime = service.steps.now()
    finding = Finding(
        verdict,
        page.final_url,
        page.redirects,
        content_fingerprint(document.text),
        now,
        now + service.settings.verdict_life(verdict.verdict),
    )
    return finding, reading_of(document)
