"""The steps of a scan: fetch a page, judge it, keep what was found. No database is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from model.document import Document
from model.page import Page
from model.saved import dump_saved_page
from model.verdict import ModelId, UnknownBecause, Verdict, VerdictName
from service.clock import Now
from service.fetch.errors import FetchError
from service.finding import Finding, Reading, content_fingerprint, reading_of
from service.logs import loggable_url
from service.snapshots import snapshot_of

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Steps:
    """What a scan does to the world and asks of it, passed in so that tests can pass fakes.

    ``fetch`` raises FetchError; ``judge`` and ``parse`` raise nothing. ``model`` says which model
    judges at this moment, ``life`` how long a verdict stays fresh.
    """

    fetch: Callable[[str], Page]
    parse: Callable[[Page], Document]
    judge: Callable[[Page], Verdict]
    model: Callable[[], ModelId]
    life: Callable[[VerdictName], timedelta]
    now: Now


def run_scan(steps: Steps, url: str) -> tuple[Finding, Reading | None]:
    """Fetch a canonical URL and judge its page; the reading is None where no page came.

    Whatever happens there is a finding: an error of our own is logged and ``unknown``.
    """
    try:
        page = steps.fetch(url)
    except FetchError as error:
        _log.info("fetch_failed", url=loggable_url(url), code=error.code)
        nothing = unseen(steps, error.code, str(error))
        return replace(nothing, final_url=error.url, redirects=error.redirects), None
    except Exception:  # noqa: BLE001  # a scan is promised an end
        _log.exception("fetch_broke", url=loggable_url(url))
        return unseen(steps, "internal"), None
    return judge_sent(steps, page)


def judge_sent(steps: Steps, page: Page) -> tuple[Finding, Reading | None]:
    """Judge a page that is here. An error of our own is logged and ``unknown``."""
    try:
        return _judge(steps, page)
    except Exception:  # noqa: BLE001  # the page is a stranger's: it must not stop the worker
        _log.exception("judge_broke", url=loggable_url(page.url or ""))
        return unseen(steps, "internal"), None


def _judge(steps: Steps, page: Page) -> tuple[Finding, Reading]:
    verdict = steps.judge(page)
    document = steps.parse(page)
    now = steps.now()
    finding = Finding(
        verdict,
        page.final_url,
        page.redirects,
        content_fingerprint(document.text),
        now,
        now + steps.life(verdict.verdict),
    )
    return finding, reading_of(document, dump_saved_page(snapshot_of(page)))


def unseen(steps: Steps, code: str, detail: str = "") -> Finding:
    """Make the ``unknown`` finding about a page that was not seen, or not understood."""
    because = UnknownBecause.of(code, detail)
    verdict = Verdict("unknown", None, steps.model(), unknown_because=because)
    now = steps.now()
    return Finding(verdict, None, (), None, now, now + steps.life("unknown"))
