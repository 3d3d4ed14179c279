"""The log of who did what; rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select

from service.store.database import Database
from service.store.tables import AUDIT

_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, by name, and when."""

    name: str
    at: datetime


def record_action(
    connection: Connection, actor: Actor, action: str, subject: str, host: str = ""
) -> None:
    """Add one row, in the transaction of the act itself: neither stands without the other.

    ``host`` is the one that the act was about, where it was about one.
    """
    connection.execute(
        insert(AUDIT).values(
            at=actor.at, by=actor.name, action=action, subject=subject, host=host[:255]
        )
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log. ``subject`` is what was acted on, as the action writes it."""

    id: int
    at: datetime
    by: str
    action: str
    subject: str
    host: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of the log is looked at; an empty field leaves nothing out. ``until`` is not in."""

    by: str = ""
    host: str = ""
    actions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def audit_page(db: Database, chosen: AuditFilter, before: int | None, size: int) -> list[Entry]:
    """List entries, newest first: at most ``size`` of those older than the entry ``before``."""
    with db.read() as connection:
        return _entries(connection, chosen, before, size)


def audit_pages(db: Database, chosen: AuditFilter) -> Iterator[list[Entry]]:
    """Yield every entry, newest first, a few hundred at a time and each page in its own read."""
    before = None
    while page := audit_page(db, chosen, before, _ROWS_AT_ONCE):
        yield page
        before = page[-1].id


def _entries(
    connection: Connection, chosen: AuditFilter, before: int | None, size: int
) -> list[Entry]:
    query = (
        select(*AUDIT.c["id", "at", "by", "action", "subject", "host"])
        .where(*_conditions(chosen))
        .order_by(AUDIT.c.id.desc())
        .limit(size)
    )
    if before is not None:
        query = query.where(AUDIT.c.id < before)
    return [Entry(*row) for row in connection.execute(query)]


def _conditions(chosen: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if chosen.by:
        yield AUDIT.c.by == chosen.by
    if chosen.host:
        yield AUDIT.c.host == chosen.host
    if chosen.actions:
        yield AUDIT.c.action.in_(chosen.actions)
    if chosen.since:
        yield AUDIT.c.at >= chosen.since
    if chosen.until:
        yield AUDIT.c.at < chosen.until


def audit_names(db: Database) -> tuple[list[str], list[str]]:
    """List the people and the actions that the log names, each in alphabetical order."""
    with db.read() as connection:
        by, actions = (
            list(connection.execute(select(column).distinct().order_by(column)).scalars())
            for column in (AUDIT.c.by, AUDIT.c.action)
        )
    return by, actions


def actions_a_day(db: Database, action: str, since: datetime) -> dict[str, int]:
    """Count an action by day, ``YYYY-MM-DD`` in UTC; days without any are not in it."""
    return _counts(db, func.substr(AUDIT.c.at, 1, 10), action, since)


def actions_by_person(db: Database, action: str, since: datetime) -> dict[str, int]:
    """Count an action by who did it."""
    return _counts(db, AUDIT.c.by, action, since)


def _counts(db: Database, what: ColumnElement[str], action: str, since: datetime) -> dict[str, int]:
    named = what.label("what")
    query = (
        select(named, func.count())
        .where(AUDIT.c.action == action, AUDIT.c.at >= since)
        .group_by(named)
    )
    with db.read() as connection:
        return {str(name): count for name, count in connection.execute(query)}
