"""What brings a page before a moderator: a doubtful finding, a report, a submission at the desk.

A page that a decision rules on needs nobody any more, unless a report says otherwise.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from model.url import URL
from service.rulings import RULED
from service.store.case_page import CasePage, known_page
from service.store.case_tables import BATCH_ITEMS
from service.store.joining import open_or_join_case, renew_open_case
from service.store.known import find_known


def take_scanned(connection: Connection, scan_id: str, page: CasePage, now: datetime) -> None:
    """Open or renew a page's case after a scan, where the machine doubts or the desk asked."""
    submitted = (
        select(func.count()).select_from(BATCH_ITEMS).where(BATCH_ITEMS.c.scan_id == scan_id)
    )
    asked = connection.execute(submitted).scalar_one()
    if page.sketch is None:
        # The scan may have found the page as it was, and brought nothing new to read.
        page = known_page(connection, page.url)
    if not asked and page.verdict != "suspicious":
        renew_open_case(connection, page, now)
    elif not _ruled(connection, page.url):
        open_or_join_case(connection, page, now, asked=max(1, asked))


def take_submitted(connection: Connection, url: URL, now: datetime) -> None:
    """Open a case for a page that was submitted at the desk and is known already."""
    if not _ruled(connection, url):
        open_or_join_case(connection, known_page(connection, url), now, asked=1)


def take_reported(connection: Connection, url: URL, says: str, now: datetime) -> None:
    """Open a case for a reported page, unless it was ruled to be what the report says."""
    if _ruled(connection, url) != says:
        open_or_join_case(connection, known_page(connection, url), now, asked=1, reports=1)


def _ruled(connection: Connection, url: URL) -> str | None:
    """Return the ruling that settles a page; None where none does."""
    (known,) = find_known(connection, [url])
    decision = known.decision
    return decision.ruling if decision and RULED[decision.ruling] is not None else None
