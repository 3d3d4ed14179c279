"""The steps of a scan: fetch a page, judge it, keep what was found. No database is needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from model.judge import Judged
from model.page import Page, Redirect
from model.verdict import Evidence, ModelId, UnknownBecause, Verdict, VerdictName
from service.clock import Now
from service.errors import BusyError
from service.fetch.earlier import NotModified
from service.fetch.errors import FetchError
from service.finding import Finding, Reading, Visit, content_fingerprint, reading_of
from service.freshness import Revisit, renewed, unchanged_visit, visit_of
from service.logs import loggable_url
from service.snapshots import pack_page

_log = structlog.get_logger(__name__)

# The reading is None where no page came.
Found = tuple[Finding, Reading | None]


@dataclass(frozen=True, slots=True)
class Way:
    """How far a scan came: the address it asks, the hops behind it, whether its page arrived.

    ``url`` is None where the last hop led to what is no address.
    """

    url: str | None
    redirects: tuple[Redirect, ...] = ()
    arrived: bool = False


Tell = Callable[[Way], None]


class ScanDiedError(Exception):
    """The process of a scan, or of a judgement, died without a word: nobody knows why.

    ``way`` is how far the scan came, None for a judgement.
    """

    def __init__(self, message: str = "", way: Way | None = None) -> None:
        super().__init__(message)
        self.way = way


class ScanNotBegunError(Exception):
    """No process could be started for a scan, or a judgement: it is not the page's fault."""


class TakeScan(Protocol):
    """Scans a canonical URL, or looks again at one seen before; ``tell`` hears how far it came."""

    def __call__(self, asked: str | Revisit, tell: Tell | None = None) -> Found:
        """Take the steps of one scan."""
        ...


@dataclass(frozen=True, slots=True)
class Steps:
    """What the service asks of the world, passed in so that tests can pass fakes.

    ``scan`` fetches a canonical URL and judges its page; ``judge`` judges a page that is here.
    Whatever happens there is a finding; nothing is raised but ScanDiedError and ScanNotBegunError,
    where they run in processes of their own. ``model`` says which model judges at this moment,
    ``life`` how long a verdict stays fresh, ``able`` whether a scan could be begun.
    """

    scan: TakeScan
    judge: Callable[[Page], Found]
    model: Callable[[], ModelId]
    life: Callable[[VerdictName], timedelta]
    now: Now
    able: Callable[[], bool] = lambda: True


def steps_here(
    fetch: Callable[..., Page],
    judge: Callable[[Page], Judged],
    model: Callable[[], ModelId],
    life: Callable[[VerdictName], timedelta],
    now: Now,
) -> Steps:
    """Make steps that are taken in the caller's own process.

    ``fetch`` takes a URL and, where the page was seen before, the ``earlier`` fetch, and, where
    somebody listens, what to ``tell`` of redirects; it raises FetchError, and NotModified. Any
    other error is one of our own: it is logged, and ``unknown``.
    """

    def scan(asked: str | Revisit, tell: Tell | None = None) -> Found:
        url = _url_of(asked)
        before = _of_this_model(steps, asked)
        began = time.monotonic()
        try:
            page = _fetched(partial(fetch, **_telling(tell)), url, before, steps.now())
        except NotModified:
            return _renewed(steps, before, None, time.monotonic() - began)
        except FetchError as error:
            _log.info("fetch_failed", url=loggable_url(url), code=error.code)
            way = Way(error.url, error.redirects)
            return unseen(steps, error.code, str(error), way), None
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  # a scan is promised an end
            _log.exception("fetch_broke", url=loggable_url(url))
            return unseen(steps, "internal"), None
        (tell or _nobody)(Way(page.final_url, page.redirects, arrived=True))
        visit = visit_of(page, steps.now(), time.monotonic() - began)
        if before and before.saw(visit):
            return _renewed(steps, before, visit, visit.fetch_seconds)
        return examine(page, visit)

    def examine(page: Page, visit: Visit | None = None) -> Found:
        began = time.monotonic()
        try:
            judged = judge(page)
            return _found(steps, page, judged, _judged(visit, judged, time.monotonic() - began))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  # the page is a stranger's: it must not stop the worker
            _log.exception("judge_broke", url=loggable_url(page.url or ""))
            return unseen(steps, "internal"), None

    steps = Steps(scan, examine, model, life, now)
    return steps


def _found(steps: Steps, page: Page, judged: Judged, visit: Visit | None) -> Found:
    now = steps.now()
    finding = Finding(
        judged.verdict,
        page.final_url,
        page.redirects,
        content_fingerprint(judged.document.text),
        now,
        now + steps.life(judged.verdict.verdict),
        visit,
    )
    # Only what was fetched is seen again: what somebody sends is not kept.
    return finding, reading_of(judged.document, pack_page(page) if visit else None)


def _of_this_model(steps: Steps, asked: str | Revisit) -> Revisit | None:
    """Return what was seen before, where the same model would judge it again."""
    if isinstance(asked, str) or asked.finding.verdict.model != steps.model():
        return None
    return asked


def _judged(visit: Visit | None, judged: Judged, seconds: float) -> Visit | None:
    return visit and replace(visit, judge_seconds=seconds, numbers=judged.numbers)


def _url_of(asked: str | Revisit) -> str:
    return asked if isinstance(asked, str) else asked.url


def _nobody(_way: Way) -> None:
    """Hear nothing."""


def _telling(tell: Tell | None) -> dict[str, Any]:
    """Make the argument by which a fetch tells of redirects, where somebody listens."""
    return {} if tell is None else {"tell": lambda url, redirects: tell(Way(url, redirects))}


def _fetched(fetch: Callable[..., Page], url: str, before: Revisit | None, now: datetime) -> Page:
    earlier = None if before is None else before.earlier(now)
    return fetch(url, earlier=earlier) if earlier else fetch(url)


def _renewed(steps: Steps, before: Revisit | None, visit: Visit | None, seconds: float) -> Found:
    assert before is not None
    finding = before.finding
    visit = visit or unchanged_visit(finding, seconds)
    return renewed(finding, visit, steps.now(), steps.life(finding.verdict.verdict)), None


def run_scan(steps: Steps, url: str) -> Found:
    """Scan a canonical URL once, for somebody who will not try again: there is always a finding."""
    try:
        return steps.scan(url)
    except ScanDiedError as error:
        return unseen(steps, "crashed", way=error.way), None
    except ScanNotBegunError:
        return unseen(steps, "internal"), None


def judge_sent(steps: Steps, page: Page) -> Found:
    """Judge a page that somebody sent. Raises BusyError where no process can be had for it."""
    try:
        return steps.judge(page)
    except ScanDiedError:
        return unseen(steps, "crashed"), None
    except ScanNotBegunError as error:
        raise BusyError("No process could be started: try again in a moment.") from error


def unseen(steps: Steps, code: str, detail: str = "", way: Way | None = None) -> Finding:
    """Make the ``unknown`` finding about a page that was not seen, or not understood.

    The hops of the ``way`` to it are its evidence.
    """
    way = way or Way(None)
    because = UnknownBecause.of(code, detail)
    hops = tuple(Evidence("redirect", hop.url, way.url) for hop in way.redirects)
    verdict = Verdict("unknown", None, steps.model(), evidence=hops, unknown_because=because)
    now = steps.now()
    life = steps.life("unknown")
    return Finding(verdict, way.url, way.redirects, None, now, now + life)
