"""Running scans: who holds which, for how long, and what becomes of those whose runner is gone.

queued --claim--> running --finish_scan--> done
   ^                 |
   +- release/requeue+   (stopped, or its process died; a lease that ran out counts as queued)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from model.url import canonicalize_url
from service.clock import Now
from service.finding import Finding, Reading
from service.politeness import UNPACED, Pace
from service.store.case_page import scanned_page
from service.store.database import Database
from service.store.intake import take_scanned
from service.store.scans import Scan, scan_where
from service.store.tables import SCANS
from service.store.verdicts import save_finding
from service.store.webhooks import announce

# More than are run while they are announced: the rest comes with the next round.
_ANNOUNCED_AT_ONCE = 500


def any_scan_waits(db: Database, now: datetime, pace: Pace = UNPACED) -> bool:
    """Say whether ``claim_oldest`` would find one; takes no lock."""
    with db.read() as connection:
        query = select(SCANS.c.id).where(_waits(now), _has_turn(now, pace)).limit(1)
        return connection.execute(query).first() is not None


def _waits(now: datetime) -> ColumnElement[bool]:
    died = and_(SCANS.c.state == "running", SCANS.c.lease_until < now)
    return or_(SCANS.c.state == "queued", died)


def _has_turn(now: datetime, pace: Pace) -> ColumnElement[bool]:
    """Say whether a scan's site may be asked now."""
    others = SCANS.alias("others")
    busy = (
        select(others.c.site)
        .where(others.c.state == "running", others.c.lease_until >= now)
        .group_by(others.c.site)
        .having(func.count() >= pace.at_once)
    )
    if not pace.pause:
        # Others may have begun since this ``now`` was read: without a pause that keeps nobody back.
        return SCANS.c.site.not_in(busy)
    just_asked = select(others.c.site).where(others.c.started_at > now - pace.pause)
    return and_(SCANS.c.site.not_in(busy), SCANS.c.site.not_in(just_asked))


def claim_oldest(
    db: Database, lease: str, now: Now, term: timedelta, pace: Pace = UNPACED
) -> Scan | None:
    """Take the scan that waits longest, for as long as ``term``; None where none waits.

    ``lease`` names this one claim and must be new. The claim counts as a try. Scans of a site that
    was asked too much for its ``pace`` are passed over. ``now`` is asked when it is this claim's
    turn to write: that may be long in coming, and the lease would be over before it is taken.
    """
    with db.write() as connection:
        at = now()
        waiting = select(SCANS.c.id).where(_waits(at), _has_turn(at, pace))
        oldest = waiting.order_by(SCANS.c.created_at).limit(1)
        wanted = SCANS.c.id == oldest.scalar_subquery()
        return _claim(connection, wanted, lease, at, term)


def claim_scan(
    db: Database, scan_id: str, lease: str, now: Now, term: timedelta, pace: Pace = UNPACED
) -> Scan | None:
    """Take this scan in the same way; None where it is done, held by somebody else, or too early.

    One that comes too early for its site is announced again.
    """
    this = SCANS.c.id == scan_id
    with db.write() as connection:
        at = now()
        wanted = and_(this, _waits(at), _has_turn(at, pace))
        scan = _claim(connection, wanted, lease, at, term)
        if scan is None:
            connection.execute(update(SCANS).where(this, _waits(at)).values(announced_at=None))
        return scan


def _claim(
    connection: Connection,
    wanted: ColumnElement[bool],
    lease: str,
    now: datetime,
    term: timedelta,
) -> Scan | None:
    taken = connection.execute(
        update(SCANS)
        .where(wanted)
        .values(
            state="running",
            tries=SCANS.c.tries + 1,
            lease=lease,
            lease_until=now + term,
            started_at=now,
        )
    )
    return scan_where(connection, SCANS.c.lease == lease) if taken.rowcount else None


def extend_leases(db: Database, leases: Sequence[str], until: datetime) -> int:
    """Keep leases whose scans still run; return how many were still held."""
    with db.write() as connection:
        extended = connection.execute(
            update(SCANS)
            .where(SCANS.c.lease.in_(leases), SCANS.c.state == "running")
            .values(lease_until=until)
        )
    return extended.rowcount


def finish_scan(
    db: Database, scan: Scan, lease: str, finding: Finding, reading: Reading | None
) -> bool:
    """Save what a scan found, once: False where the lease was lost and nothing was saved."""
    page = scanned_page(canonicalize_url(scan.canonical), finding, reading)
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
        take_scanned(connection, scan.id, page, finding.checked_at)
        announce(connection, "scan.done", scan.id, finding.checked_at)
    return True


def release_scans(db: Database, leases: Sequence[str]) -> int:
    """Give scans back unfinished, with their try; return how many were still held."""
    with db.write() as connection:
        released = connection.execute(
            update(SCANS)
            .where(SCANS.c.lease.in_(leases), SCANS.c.state == "running")
            .values(
                state="queued",
                lease=None,
                lease_until=None,
                announced_at=None,
                tries=SCANS.c.tries - 1,
            )
        )
    return released.rowcount


def requeue_scans(db: Database, of_dead: Sequence[str]) -> int:
    """Requeue the running scans of these lease holders at once; return how many there were."""
    with db.write() as connection:
        requeued = connection.execute(
            update(SCANS)
            .where(SCANS.c.state == "running", SCANS.c.lease.in_(of_dead))
            .values(state="queued", lease=None, lease_until=None, announced_at=None)
        )
    return requeued.rowcount


def running_leases(db: Database) -> list[str]:
    """List the leases under which scans are running."""
    with db.read() as connection:
        query = select(SCANS.c.lease).where(SCANS.c.state == "running")
        return [lease for (lease,) in connection.execute(query)]


def take_unannounced(
    db: Database, now: datetime, again: timedelta | None = None, pace: Pace = UNPACED
) -> list[str]:
    """Take the ids of scans that wait and were not announced yet, oldest first.

    They count as announced from then on. One is taken once more when its runner lost its lease,
    and, where ``again`` is given, when it waits still after so long.
    """
    unheard = or_(
        SCANS.c.announced_at.is_(None),
        and_(SCANS.c.state == "running", SCANS.c.announced_at < SCANS.c.lease_until),
        *(() if again is None else (SCANS.c.announced_at < now - again,)),
    )
    ready = select(SCANS.c.id).where(_waits(now), unheard, _has_turn(now, pace))
    query = ready.order_by(SCANS.c.created_at).limit(_ANNOUNCED_AT_ONCE)
    with db.read() as connection:
        if connection.execute(query).first() is None:
            return []
    with db.write() as connection:
        ids = list(connection.execute(query).scalars())
        connection.execute(update(SCANS).where(SCANS.c.id.in_(ids)).values(announced_at=now))
    return ids


def forget_announced(db: Database, ids: Sequence[str]) -> None:
    """Say that scans could not be announced after all."""
    with db.write() as connection:
        connection.execute(update(SCANS).where(SCANS.c.id.in_(ids)).values(announced_at=None))
