"""The steps of a scan: fetch a page, judge it, keep what was found. No database is needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from model.judge import Judged
from model.page import Page
from model.saved import dump_saved_page
from model.verdict import ModelId, UnknownBecause, Verdict, VerdictName
from service.clock import Now
from service.errors import BusyError
from service.fetch.earlier import NotModified
from service.fetch.errors import FetchError
from service.finding import Finding, Reading, Visit, content_fingerprint, reading_of
from service.freshness import Revisit, renewed, unchanged_visit, visit_of
from service.logs import loggable_url
from service.snapshots import snapshot_of

_log = structlog.get_logger(__name__)

# The reading is None where no page came.
Found = tuple[Finding, Reading | None]


class ScanDiedError(Exception):
    """The process of a scan, or of a judgement, died without a word: nobody knows why."""


class ScanNotBegunError(Exception):
    """No process could be started for a scan, or a judgement: it is not the page's fault."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What the service asks of the world, passed in so that tests can pass fakes.

    ``scan`` fetches a canonical URL and judges its page, or looks again at one seen before;
    ``judge`` judges a page that is here.
    Whatever happens there is a finding; nothing is raised but ScanDiedError and ScanNotBegunError,
    where they run in processes of their own. ``model`` says which model judges at this moment,
    ``life`` how long a verdict stays fresh.
    """

    scan: Callable[[str | Revisit], Found]
    judge: Callable[[Page], Found]
    model: Callable[[], ModelId]
    life: Callable[[VerdictName], timedelta]
    now: Now


def steps_here(
    fetch: Callable[..., Page],
    judge: Callable[[Page], Judged],
    model: Callable[[], ModelId],
    life: Callable[[VerdictName], timedelta],
    now: Now,
) -> Steps:
    """Make steps that are taken in the caller's own process.

    ``fetch`` takes a URL and, where the page was seen before, the ``earlier`` fetch; it raises
    FetchError, and NotModified. Any other error is one of our own: it is logged, and ``unknown``.
    """

    def scan(asked: str | Revisit) -> Found:
        url = _url_of(asked)
        before = _of_this_model(steps, asked)
        began = time.monotonic()
        try:
            page = _fetched(fetch, url, before, steps.now())
        except NotModified:
            return _renewed(steps, before, None, time.monotonic() - began)
        except FetchError as error:
            _log.info("fetch_failed", url=loggable_url(url), code=error.code)
            nothing = unseen(steps, error.code, str(error))
            return replace(nothing, final_url=error.url, redirects=error.redirects), None
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  # a scan is promised an end
            _log.exception("fetch_broke", url=loggable_url(url))
            return unseen(steps, "internal"), None
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
    return finding, reading_of(judged.document, dump_saved_page(snapshot_of(page)))


def _of_this_model(steps: Steps, asked: str | Revisit) -> Revisit | None:
    """Return what was seen before, where the same model would judge it again."""
    if isinstance(asked, str) or asked.finding.verdict.model != steps.model():
        return None
    return asked


def _judged(visit: Visit | None, judged: Judged, seconds: float) -> Visit | None:
    return visit and replace(visit, judge_seconds=seconds, numbers=judged.numbers)


def _url_of(asked: str | Revisit) -> str:
    return asked if isinstance(asked, str) else asked.url


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
    except ScanDiedError:
        return unseen(steps, "crashed"), None
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


def unseen(steps: Steps, code: str, detail: str = "") -> Finding:
    """Make the ``unknown`` finding about a page that was not seen, or not understood."""
    because = UnknownBecause.of(code, detail)
    verdict = Verdict("unknown", None, steps.model(), unknown_because=because)
    now = steps.now()
    return Finding(verdict, None, (), None, now, now + steps.life("unknown"))
