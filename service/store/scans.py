"""Scans as callers see them: submitted, joined, asked after. ``claims.py`` is where they are run.

The table is the truth: what stands in it survives any crash.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from model.url import URL
from service.errors import BusyError, KeyReusedError, NotFoundError
from service.finding import Finding
from service.politeness import site_of_url
from service.store.database import Database
from service.store.known import find_known
from service.store.tables import SCANS, SUBMISSIONS
from service.store.verdicts import finding_by_id

ScanState = Literal["queued", "running", "done"]


@dataclass(frozen=True, slots=True)
class Scan:
    """One run of a URL through fetch and judge; ``finding`` is there once it is done.

    ``url`` is the address as it was first asked for, ``tries`` how often the scan was started.
    """

    id: str
    url: str
    canonical: str
    state: ScanState
    tries: int
    created_at: datetime
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """What a caller sent to have a repeated request recognised."""

    key_id: int
    idempotency_key: str
    body_digest: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A URL somebody asks about, as written and as canonicalized."""

    asked: str
    url: URL
    fresh: bool = False


_COLUMNS = (
    SCANS.c.id,
    SCANS.c.url,
    SCANS.c.canonical,
    SCANS.c.state,
    SCANS.c.tries,
    SCANS.c.created_at,
    SCANS.c.verdict_id,
)


def submit_scans(
    db: Database,
    wanted: Sequence[Wanted],
    now: datetime,
    submission: Submission | None = None,
    most_waiting: int | None = None,
) -> list[Scan | None]:
    """Queue a scan for each URL, or join the one that is active; committed when this returns.

    None stands where the answer became known meanwhile and no scan is needed. A ``submission``
    goes with exactly one URL: seen before, it gives its first scan again, and raises KeyReusedError
    where it came with another body. Where ``most_waiting`` scans wait already, none is queued:
    raises BusyError, and nothing is stored.
    """
    with db.write() as connection:
        if submission is not None:
            earlier = _submitted_before(connection, submission)
            if earlier is not None:
                return [earlier]
        scans = queue_scans(connection, wanted, now, most_waiting)
        if submission is not None:
            _remember(connection, submission, scans[0], now)
    return scans


def queue_scans(
    connection: Connection,
    wanted: Sequence[Wanted],
    now: datetime,
    most_waiting: int | None = None,
) -> list[Scan | None]:
    """Do the same in a transaction of the caller's."""
    known = find_known(connection, [want.url for want in wanted])
    full = most_waiting is not None and _is_full(connection, most_waiting)
    return [
        None
        if knew.answers(now) and not want.fresh
        else _join_or_queue(connection, want, now, full=full)
        for want, knew in zip(wanted, known, strict=True)
    ]


def _submitted_before(connection: Connection, submission: Submission) -> Scan | None:
    row = connection.execute(
        select(SUBMISSIONS.c.body_digest, SUBMISSIONS.c.scan_id).where(_same_key(submission))
    ).one_or_none()
    if row is None:
        return None
    if row.body_digest != submission.body_digest:
        raise KeyReusedError(
            "This Idempotency-Key came before with another body: use a new key for a new request."
        )
    return None if row.scan_id is None else scan_where(connection, SCANS.c.id == row.scan_id)


def _same_key(submission: Submission) -> ColumnElement[bool]:
    return and_(
        SUBMISSIONS.c.key_id == submission.key_id,
        SUBMISSIONS.c.idempotency_key == submission.idempotency_key,
    )


def _remember(
    connection: Connection, submission: Submission, scan: Scan | None, now: datetime
) -> None:
    scan_id = None if scan is None else scan.id
    same = update(SUBMISSIONS).where(_same_key(submission)).values(scan_id=scan_id)
    if not connection.execute(same).rowcount:
        connection.execute(
            insert(SUBMISSIONS).values(
                key_id=submission.key_id,
                idempotency_key=submission.idempotency_key,
                body_digest=submission.body_digest,
                scan_id=scan_id,
                at=now,
            )
        )


def _is_full(connection: Connection, most: int) -> bool:
    waiting = select(SCANS.c.id).where(SCANS.c.state == "queued").limit(1).offset(most - 1)
    return connection.execute(waiting).first() is not None


def _join_or_queue(connection: Connection, want: Wanted, now: datetime, *, full: bool) -> Scan:
    active = scan_where(
        connection, and_(SCANS.c.canonical == want.url.href, SCANS.c.state != "done")
    )
    if active is not None:
        return active
    if full:
        raise BusyError("As many scans wait as may: try again when some of them are done.")
    scan = Scan(secrets.token_hex(16), want.asked, want.url.href, "queued", 0, now)
    connection.execute(
        insert(SCANS).values(
            id=scan.id,
            url=scan.url,
            canonical=scan.canonical,
            site=site_of_url(want.url),
            state=scan.state,
            tries=0,
            created_at=now,
        )
    )
    return scan


def scan_where(connection: Connection, where: ColumnElement[bool]) -> Scan | None:
    """Return the one scan that this is true of, or None."""
    row = connection.execute(select(*_COLUMNS).where(where)).one_or_none()
    if row is None:
        return None
    finding = None if row.verdict_id is None else finding_by_id(connection, row.verdict_id)
    return Scan(row.id, row.url, row.canonical, row.state, row.tries, row.created_at, finding)


def read_scan(db: Database, scan_id: str) -> Scan:
    """Return one scan. Raises NotFoundError."""
    with db.read() as connection:
        scan = scan_where(connection, SCANS.c.id == scan_id)
    if scan is None:
        raise NotFoundError("No scan has this id.")
    return scan
