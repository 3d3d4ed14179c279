"""What is counted of the store, for whoever watches the service: the queue, findings, rulings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from service.finding import Finding, load_finding
from service.rulings import Ruling
from service.store.tables import DECISIONS, SCANS, VERDICTS

_RULINGS_LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class Queue:
    """How many scans wait and run, and since when the oldest of those that are not done waits."""

    queued: int
    running: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Ruled:
    """A standing decision on a page, and what the machine had said of the page by then."""

    ruling: Ruling
    verdict: str
    score: float


def read_queue(connection: Connection) -> Queue:
    """Count the scans that are not done."""
    query = (
        select(SCANS.c.state, func.count(), func.min(SCANS.c.created_at))
        .where(SCANS.c.state.in_(("queued", "running")))
        .group_by(SCANS.c.state)
    )
    rows = {state: (count, oldest) for state, count, oldest in connection.execute(query)}
    waiting = [oldest for _, oldest in rows.values()]
    return Queue(
        rows.get("queued", (0, None))[0],
        rows.get("running", (0, None))[0],
        min(waiting, default=None),
    )


def newest_finding_id(connection: Connection) -> int:
    """Return the id of the newest finding, 0 where there is none."""
    return connection.execute(select(func.max(VERDICTS.c.id))).scalar() or 0


def findings_after(connection: Connection, finding_id: int, most: int) -> list[tuple[int, Finding]]:
    """Return the findings after one, oldest first, with their ids; at most so many."""
    query = (
        select(VERDICTS.c.id, VERDICTS.c.finding)
        .where(VERDICTS.c.id > finding_id)
        .order_by(VERDICTS.c.id)
        .limit(most)
    )
    return [(row.id, load_finding(row.finding)) for row in connection.execute(query)]


def newest_rulings(connection: Connection) -> Sequence[Ruled]:
    """Return the newest standing rulings on pages that had a score when they were made."""
    seen = (
        select(func.max(VERDICTS.c.id))
        .where(VERDICTS.c.canonical == DECISIONS.c.url, VERDICTS.c.checked_at <= DECISIONS.c.at)
        .correlate(DECISIONS)
        .scalar_subquery()
    )
    query = (
        select(DECISIONS.c.ruling, VERDICTS.c.finding)
        .join_from(DECISIONS, VERDICTS, VERDICTS.c.id == seen)
        .where(DECISIONS.c.revoked_at.is_(None), DECISIONS.c.ruling != "unsure")
        .order_by(DECISIONS.c.id.desc())
        .limit(_RULINGS_LOOKED_AT)
    )
    found = [(ruling, load_finding(text).verdict) for ruling, text in connection.execute(query)]
    return [
        Ruled(ruling, verdict.verdict, verdict.score)
        for ruling, verdict in found
        if verdict.score is not None
    ]
