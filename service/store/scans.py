"""The queue of scans. The table is the truth: what stands in it survives any crash.

queued --claim_scan--> running --finish_scan--> done
   ^                      |
   +---- release/requeue -+   (stopped, or its process died)
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from model.url import URL
from service.errors import KeyReusedError, NotFoundError
from service.finding import Finding, Reading
from service.store.database import Database
from service.store.known import find_known
from service.store.tables import SCANS, SUBMISSIONS
from service.store.verdicts import finding_by_id, save_finding

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
    db: Database, wanted: Sequence[Wanted], now: datetime, submission: Submission | None = None
) -> list[Scan | None]:
    """Queue a scan for each URL, or join the one that is active; committed when this returns.

    None stands where the answer became known meanwhile and no scan is needed. A ``submission``
    goes with exactly one URL: seen before, it gives its first scan again, and raises KeyReusedError
    where it came with another body.
    """
    with db.write() as connection:
        if submission is not None:
            earlier = _submitted_before(connection, submission)
            if earlier is not None:
                return [earlier]
        known = find_known(connection, [want.url for want in wanted])
        scans = [
            None if knew.answers(now) and not want.fresh else _join_or_queue(connection, want, now)
            for want, knew in zip(wanted, known, strict=True)
        ]
        if submission is not None:
            _remember(connection, submission, scans[0], now)
    return scans


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
    return None if row.scan_id is None else _read_scan(connection, SCANS.c.id == row.scan_id)


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


def _join_or_queue(connection: Connection, want: Wanted, now: datetime) -> Scan:
    active = _read_scan(
        connection, and_(SCANS.c.canonical == want.url.href, SCANS.c.state != "done")
    )
    if active is not None:
        return active
    scan = Scan(secrets.token_hex(16), want.asked, want.url.href, "queued", 0, now)
    connection.execute(
        insert(SCANS).values(
            id=scan.id,
            url=scan.url,
            canonical=scan.canonical,
            state=scan.state,
            tries=0,
            created_at=now,
        )
    )
    return scan


def _read_scan(connection: Connection, where: ColumnElement[bool]) -> Scan | None:
    row = connection.execute(select(*_COLUMNS).where(where)).one_or_none()
    if row is None:
        return None
    finding = None if row.verdict_id is None else finding_by_id(connection, row.verdict_id)
    return Scan(row.id, row.url, row.canonical, row.state, row.tries, row.created_at, finding)


def read_scan(db: Database, scan_id: str) -> Scan:
    """Return one scan. Raises NotFoundError."""
    with db.read() as connection:
        scan = _read_scan(connection, SCANS.c.id == scan_id)
    if scan is None:
        raise NotFoundError("No scan has this id.")
    return scan


def any_scan_waits(db: Database, now: datetime) -> bool:
    """Say whether ``claim_scan`` would find one; takes no lock."""
    with db.read() as connection:
        query = select(SCANS.c.id).where(_waits(now)).limit(1)
        return connection.execute(query).first() is not None


def _waits(now: datetime) -> ColumnElement[bool]:
    died = and_(SCANS.c.state == "running", SCANS.c.lease_until < now)
    return or_(SCANS.c.state == "queued", died)


def claim_scan(db: Database, lease: str, now: datetime, term: timedelta) -> Scan | None:
    """Take the scan that waits longest, for as long as ``term``; None where none waits.

    ``lease`` names this one claim and must be new. The claim counts as a try.
    """
    with db.write() as connection:
        oldest = select(SCANS.c.id).where(_waits(now)).order_by(SCANS.c.created_at).limit(1)
        scan_id = connection.execute(oldest).scalar()
        if scan_id is None:
            return None
        connection.execute(
            update(SCANS)
            .where(SCANS.c.id == scan_id)
            .values(state="running", tries=SCANS.c.tries + 1, lease=lease, lease_until=now + term)
        )
        return _read_scan(connection, SCANS.c.id == scan_id)


def finish_scan(
    db: Database, scan: Scan, lease: str, finding: Finding, reading: Reading | None
) -> bool:
    """Save what a scan found, once: False where the lease was lost and nothing was saved."""
    with db.write() as connection:
        holder = select(SCANS.c.lease).where(SCANS.c.id == scan.id, SCANS.c.state == "running")
        if connection.execute(holder).scalar() != lease:
            return False
        verdict_id = save_finding(connection, scan.canonical, finding, reading)
        connection.execute(
            update(SCANS)
            .where(SCANS.c.id == scan.id)
            .values(
                state="done",
                lease=None,
                lease_until=None,
                done_at=finding.checked_at,
                verdict_id=verdict_id,
            )
        )
    return True


def release_scans(db: Database, leases: Sequence[str]) -> int:
    """Give scans back unfinished, with their try; return how many were still held."""
    with db.write() as connection:
        released = connection.execute(
            update(SCANS)
            .where(SCANS.c.lease.in_(leases), SCANS.c.state == "running")
            .values(state="queued", lease=None, lease_until=None, tries=SCANS.c.tries - 1)
        )
    return released.rowcount


def requeue_scans(db: Database, of_dead: Sequence[str]) -> int:
    """Requeue the running scans of these lease holders at once; return how many there were."""
    with db.write() as connection:
        requeued = connection.execute(
            update(SCANS)
            .where(SCANS.c.state == "running", SCANS.c.lease.in_(of_dead))
            .values(state="queued", lease=None, lease_until=None)
        )
    return requeued.rowcount


def running_leases(db: Database) -> list[str]:
    """List the leases under which scans are running."""
    with db.read() as connection:
        query = select(SCANS.c.lease).where(SCANS.c.state == "running")
        return [lease for (lease,) in connection.execute(query)]
