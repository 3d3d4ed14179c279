"""Findings: what the machine said about a URL, newest last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from service.finding import (
    Finding,
    Reading,
    dump_finding,
    dump_reading,
    load_finding,
    load_reading,
)
from service.store.database import Database
from service.store.snapshots import drop_unnamed, keep_snapshot
from service.store.tables import VERDICTS

# SQLite takes 32,766 parameters in one statement.
_PARAMETERS = 10_000


def chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list of parameters into pieces that one statement can take."""
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]


def save_finding(
    connection: Connection, canonical: str, finding: Finding, reading: Reading | None
) -> int:
    """Add a finding about a URL and return its row's id; the older ones lose their pages."""
    older = and_(VERDICTS.c.canonical == canonical, VERDICTS.c.reading.is_not(None))
    snapshot = reading.snapshot if reading else None
    digest = keep_snapshot(connection, snapshot) if snapshot else None
    if reading is not None:
        forget_readings(connection, older, but=digest)
    row = connection.execute(
        insert(VERDICTS)
        .values(
            canonical=canonical,
            verdict=finding.verdict.verdict,
            finding=dump_finding(finding),
            fingerprint=finding.fingerprint,
            reading=None if reading is None else dump_reading(reading),
            snapshot=digest,
            checked_at=finding.checked_at,
            expires_at=finding.expires_at,
        )
        .returning(VERDICTS.c.id)
    )
    verdict_id: int = row.scalar_one()
    return verdict_id


def forget_readings(
    connection: Connection, which: ColumnElement[bool], *, but: str | None = None
) -> None:
    """Forget the pages of some hundred findings; ``but`` is a snapshot that is still needed."""
    query = select(VERDICTS.c.snapshot).where(which, VERDICTS.c.snapshot.is_not(None))
    digests = set(connection.execute(query).scalars()) - {but}
    connection.execute(update(VERDICTS).where(which).values(reading=None, snapshot=None))
    drop_unnamed(connection, digests)


def newest_findings(connection: Connection, canonicals: Sequence[str]) -> dict[str, Finding]:
    """Return the newest finding of each URL that has one."""
    found: dict[str, Finding] = {}
    for some in chunks(canonicals):
        newest = (
            select(func.max(VERDICTS.c.id))
            .where(VERDICTS.c.canonical.in_(some))
            .group_by(VERDICTS.c.canonical)
        )
        rows = connection.execute(
            select(VERDICTS.c.canonical, VERDICTS.c.finding).where(VERDICTS.c.id.in_(newest))
        )
        found.update((canonical, load_finding(finding)) for canonical, finding in rows)
    return found


def newest_fingerprints(connection: Connection, canonicals: Sequence[str]) -> dict[str, str]:
    """Return the content fingerprint of the newest scan of each URL that saw any content."""
    found: dict[str, str] = {}
    for some in chunks(canonicals):
        newest = (
            select(func.max(VERDICTS.c.id))
            .where(VERDICTS.c.canonical.in_(some), VERDICTS.c.fingerprint.is_not(None))
            .group_by(VERDICTS.c.canonical)
        )
        rows = connection.execute(
            select(VERDICTS.c.canonical, VERDICTS.c.fingerprint).where(VERDICTS.c.id.in_(newest))
        )
        found.update((canonical, fingerprint) for canonical, fingerprint in rows)
    return found


def finding_by_id(connection: Connection, verdict_id: int) -> Finding:
    """Return one finding, by the id ``save_finding`` gave."""
    query = select(VERDICTS.c.finding).where(VERDICTS.c.id == verdict_id)
    return load_finding(connection.execute(query).scalar_one())


def newest_reading(db: Database, canonical: str) -> Reading | None:
    """Return the page as its newest scan read it; None where no scan saw content."""
    with db.read() as connection:
        blob = newest_blob(connection, canonical)
    return None if blob is None else load_reading(blob)


def newest_blob(connection: Connection, canonical: str) -> bytes | None:
    """Return the same as it is stored."""
    return newest_kept(connection, canonical)[0]


def newest_kept(connection: Connection, canonical: str) -> tuple[bytes | None, str | None]:
    """Return it with the digest of its snapshot, for whoever keeps both elsewhere."""
    query = select(VERDICTS.c.reading, VERDICTS.c.snapshot).where(
        VERDICTS.c.canonical == canonical, VERDICTS.c.reading.is_not(None)
    )
    row = connection.execute(query.order_by(VERDICTS.c.id.desc()).limit(1)).first()
    return (None, None) if row is None else (row.reading, row.snapshot)
