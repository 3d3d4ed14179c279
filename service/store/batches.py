"""What is submitted at the desk: batches of addresses, each with what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, and_, case, func, insert, select

from model.url import URL
from service.errors import NotFoundError
from service.store.audit import Actor, record_action
from service.store.case_tables import BATCH_ITEMS, BATCHES, CASE_PAGES
from service.store.database import Database
from service.store.intake import take_submitted
from service.store.scans import Wanted, queue_scans
from service.store.tables import SCANS

# Writers take turns: a long one would keep the API's scans waiting.
_AT_ONCE = 25

ItemState = Literal["refused", "waiting", "done"]


@dataclass(frozen=True, slots=True)
class Sent:
    """One address as it was written; ``url`` is None where it is none, and ``error`` says why."""

    text: str
    url: URL | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What somebody submitted at once."""

    id: int
    by: str
    at: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One address of a batch, how far it is, and the case it came into."""

    position: int
    text: str
    canonical: str | None
    error: str | None
    state: ItemState
    case_id: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many addresses a batch has, how many are checked, and how many are no addresses."""

    total: int
    done: int
    refused: int

    @property
    def ended(self) -> bool:
        """Whether nothing is waited for any more."""
        return self.done + self.refused >= self.total


def submit_batch(db: Database, sent: Sequence[Sent], note: str | None, actor: Actor) -> Batch:
    """Store what was sent at the desk and queue the scans it needs; all of it is committed here.

    What is known already opens its cases soon after, a few at a time.
    """
    with db.write() as connection:
        row = connection.execute(
            insert(BATCHES)
            .values(by=actor.name, at=actor.at, note=note)
            .returning(*BATCHES.c["id", "by", "at", "note"])
        ).one()
        batch = Batch(*row)
        wanted = {one.url.href: Wanted(one.text, one.url) for one in sent if one.url is not None}
        scans = queue_scans(connection, list(wanted.values()), actor.at)
        scan_ids = {
            canonical: None if scan is None else scan.id
            for canonical, scan in zip(wanted, scans, strict=True)
        }
        _add_items(connection, batch, sent, scan_ids)
        record_action(connection, actor, "submit", str(batch.id))
    known = [want.url for canonical, want in wanted.items() if scan_ids[canonical] is None]
    for start in range(0, len(known), _AT_ONCE):
        with db.write() as connection:
            for url in known[start : start + _AT_ONCE]:
                take_submitted(connection, url, actor.at)
    return batch


def _add_items(
    connection: Connection, batch: Batch, sent: Sequence[Sent], scan_ids: Mapping[str, str | None]
) -> None:
    rows = [
        {
            "batch_id": batch.id,
            "position": position,
            "url": one.text,
            "canonical": None if one.url is None else one.url.href,
            "scan_id": None if one.url is None else scan_ids[one.url.href],
            "error": one.error,
        }
        for position, one in enumerate(sent)
    ]
    if rows:
        connection.execute(insert(BATCH_ITEMS), rows)


def batch_by_id(connection: Connection, batch_id: int) -> Batch:
    """Return one batch. Raises NotFoundError."""
    query = select(*BATCHES.c["id", "by", "at", "note"]).where(BATCHES.c.id == batch_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("There is no submission with this number.")
    return Batch(*row)


def newest_batches(connection: Connection, by: str, most: int) -> list[Batch]:
    """List what somebody submitted, newest first, at most so many."""
    query = select(*BATCHES.c["id", "by", "at", "note"]).where(BATCHES.c.by == by)
    rows = connection.execute(query.order_by(BATCHES.c.id.desc()).limit(most))
    return [Batch(*row) for row in rows]


def read_progress(connection: Connection, batch_id: int) -> Progress:
    """Count how far a batch is."""
    waiting = and_(SCANS.c.id.is_not(None), SCANS.c.state != "done")
    refused = BATCH_ITEMS.c.canonical.is_(None)
    query = (
        select(
            func.count().label("total"),
            func.count(case((waiting, 1))).label("waits"),
            func.count(case((refused, 1))).label("refusals"),
        )
        .select_from(BATCH_ITEMS)
        .outerjoin(SCANS, SCANS.c.id == BATCH_ITEMS.c.scan_id)
        .where(BATCH_ITEMS.c.batch_id == batch_id)
    )
    row = connection.execute(query).one()
    return Progress(row.total, row.total - row.waits - row.refusals, row.refusals)


def batch_items(connection: Connection, batch_id: int, most: int, after: int = -1) -> list[Item]:
    """List a batch's addresses behind a position, in their order, at most so many."""
    query = (
        select(
            *BATCH_ITEMS.c["position", "url", "canonical", "error"],
            SCANS.c.state,
            CASE_PAGES.c.case_id,
        )
        .outerjoin(SCANS, SCANS.c.id == BATCH_ITEMS.c.scan_id)
        .outerjoin(CASE_PAGES, CASE_PAGES.c.canonical == BATCH_ITEMS.c.canonical)
        .where(BATCH_ITEMS.c.batch_id == batch_id, BATCH_ITEMS.c.position > after)
        .order_by(BATCH_ITEMS.c.position)
        .limit(most)
    )
    return [
        Item(
            row.position,
            row.url,
            row.canonical,
            row.error,
            _state(row.canonical, row.state),
            row.case_id,
        )
        for row in connection.execute(query)
    ]


def _state(canonical: str | None, scan: str | None) -> ItemState:
    if canonical is None:
        return "refused"
    return "done" if scan in {None, "done"} else "waiting"
