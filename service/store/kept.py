"""Kept pages: which are judged by another model than the live one, and how long they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from model.page import Page
from model.url import canonicalize_url
from model.verdict import ModelId
from service.finding import Finding, load_finding, load_reading
from service.snapshots import unpack_page
from service.store.case_page import known_page
from service.store.database import Database
from service.store.joining import renew_open_case
from service.store.tables import SNAPSHOTS, VERDICTS
from service.store.verdicts import forget_readings, save_finding

_AT_ONCE = 20
_FORGOTTEN_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A URL's newest finding, by the id of its row, and its page."""

    id: int
    canonical: str
    finding: Finding
    page: Page


def judged_otherwise(db: Database, model: ModelId, now: datetime) -> Iterator[Kept]:
    """Yield the kept pages whose fresh verdict is another model's, a few at a time."""
    newest = VERDICTS.alias("newest")
    newest_id = (
        select(func.max(newest.c.id))
        .where(newest.c.canonical == VERDICTS.c.canonical)
        .correlate(VERDICTS)
        .scalar_subquery()
    )
    query = (
        select(
            VERDICTS.c.id,
            VERDICTS.c.canonical,
            VERDICTS.c.reading,
            SNAPSHOTS.c.content,
            newest.c.id.label("newest_id"),
            newest.c.finding,
        )
        .join_from(VERDICTS, newest, newest.c.id == newest_id)
        .join(SNAPSHOTS, SNAPSHOTS.c.digest == VERDICTS.c.snapshot)
        .where(newest.c.expires_at > now)
        .order_by(VERDICTS.c.id)
        .limit(_AT_ONCE)
    )
    last = 0
    while True:
        with db.read() as connection:
            rows = connection.execute(query.where(VERDICTS.c.id > last)).all()
        for row in rows:
            last, finding = row.id, load_finding(row.finding)
            if finding.verdict.score is not None and finding.verdict.model != model:
                page = unpack_page(row.content, load_reading(row.reading).url)
                yield Kept(row.newest_id, row.canonical, finding, page)
        if not rows:
            return


def save_rejudged(db: Database, kept: Kept, finding: Finding) -> bool:
    """Add a finding about a kept page, unless a scan was faster: False then."""
    with db.write() as connection:
        newest = select(func.max(VERDICTS.c.id)).where(VERDICTS.c.canonical == kept.canonical)
        if connection.execute(newest).scalar() != kept.id:
            return False
        save_finding(connection, kept.canonical, finding, None)
        url = canonicalize_url(kept.canonical)
        renew_open_case(connection, known_page(connection, url), finding.checked_at)
    return True


def forget_pages(db: Database, before: datetime) -> int:
    """Delete pages that were fetched before this; return how many.

    Verdicts stay, and so do the pages that decisions were made on.
    """
    old = select(VERDICTS.c.id).where(
        VERDICTS.c.reading.is_not(None), VERDICTS.c.checked_at < before
    )
    forgotten = 0
    while True:
        with db.read() as connection:
            ids = list(connection.execute(old.limit(_FORGOTTEN_AT_ONCE)).scalars())
        if not ids:
            return forgotten
        with db.write() as connection:
            forget_readings(connection, VERDICTS.c.id.in_(ids))
        forgotten += len(ids)
