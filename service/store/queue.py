"""The queue: cases that wait, the most urgent first, filtered and searched, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    and_,
    func,
    or_,
    select,
    tuple_,
    union,
)

from service.store.case_tables import BATCH_ITEMS, BATCHES, CASE_PAGES, CASES
from service.store.cases import CASE_COLUMNS, Case, case_of_row
from service.store.tables import DECISIONS, REPORTS
from service.urgency import BANDS, Band

Age = Literal["hour", "day", "week", "older"]
Held = Literal["nobody", "me", "others"]

# What each age means: opened at most, and at least, so long ago.
_AGES: dict[Age, tuple[timedelta | None, timedelta | None]] = {
    "hour": (timedelta(hours=1), None),
    "day": (timedelta(days=1), None),
    "week": (timedelta(weeks=1), None),
    "older": (None, timedelta(weeks=1)),
}


_MOST_WORDS = 8
_place = tuple_(CASES.c.band, CASES.c.id)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases are asked for; what is empty or None leaves every case in.

    Each of ``words`` is in the title, host or address of one page. ``host`` names one with all
    below it. ``reporter`` reported a page of the case, or submitted it at the desk. ``closed`` asks
    for the cases that were decided instead of those that wait.
    """

    words: str = ""
    band: Band | None = None
    verdict: str = ""
    lure: str = ""
    host: str = ""
    lang: str = ""
    age: Age | None = None
    reporter: str = ""
    held: Held | None = None
    disagrees: bool = False
    second_opinion: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the queue ends: the next begins after this case."""

    band: Band
    case_id: int


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue; ``next`` is where it goes on, None at its end."""

    cases: tuple[Case, ...]
    next: Place | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the queue, and when."""

    name: str
    now: datetime


def queue_page(
    connection: Connection, filters: Filters, viewer: Viewer, most: int, after: Place | None = None
) -> QueuePage:
    """Return the cases that are asked for, the most urgent first and of those the oldest.

    Decided cases come newest first. At most so many are returned, beginning after a place.
    """
    query = select(*CASE_COLUMNS).where(*_conditions(filters, viewer))
    if filters.closed:
        query = query.order_by(CASES.c.id.desc())
    else:
        query = query.order_by(CASES.c.band, CASES.c.id)
    if after is not None:
        query = query.where(CASES.c.id < after.case_id if filters.closed else _place > _key(after))
    rows = connection.execute(query.limit(most + 1)).mappings().all()
    cases = tuple(case_of_row(row) for row in rows[:most])
    more = len(rows) > most
    return QueuePage(cases, Place(cases[-1].band, cases[-1].id) if more else None)


def case_before(
    connection: Connection, filters: Filters, viewer: Viewer, place: Place
) -> int | None:
    """Return the case right before a place in the order of the queue; None at its start."""
    query = select(CASES.c.id).where(*_conditions(filters, viewer))
    if filters.closed:
        query = query.where(CASES.c.id > place.case_id).order_by(CASES.c.id)
    else:
        query = query.where(_place < _key(place))
        query = query.order_by(CASES.c.band.desc(), CASES.c.id.desc())
    found: int | None = connection.execute(query.limit(1)).scalar()
    return found


def _key(place: Place) -> tuple[int, int]:
    return BANDS.index(place.band), place.case_id


def count_waiting(connection: Connection) -> dict[Band, int]:
    """Count the open cases of each band."""
    query = (
        select(CASES.c.band, func.count()).where(CASES.c.closed_at.is_(None)).group_by(CASES.c.band)
    )
    counted = {BANDS[band]: count for band, count in connection.execute(query)}
    return {band: counted.get(band, 0) for band in BANDS}


def languages_waiting(connection: Connection) -> list[str]:
    """List the languages of the open cases."""
    query = select(CASES.c.lang).where(CASES.c.closed_at.is_(None), CASES.c.lang != "")
    return sorted(connection.execute(query.distinct()).scalars())


def newest_decision(connection: Connection) -> int:
    """Return the id of the newest decision, 0 where there is none: what whoever looks now knows."""
    return connection.execute(select(func.max(DECISIONS.c.id))).scalar() or 0


def _conditions(filters: Filters, viewer: Viewer) -> list[ColumnElement[bool]]:
    """Say in SQL what is asked for."""
    closed = CASES.c.closed_at.is_not(None) if filters.closed else CASES.c.closed_at.is_(None)
    conditions = [and_(closed, CASES.c.pages > 0) if filters.closed else closed]
    if filters.band:
        conditions.append(CASES.c.band == BANDS.index(filters.band))
    for column, wanted in (
        (CASES.c.verdict, filters.verdict),
        (CASES.c.lure, filters.lure),
        (CASES.c.lang, filters.lang),
    ):
        if wanted:
            conditions.append(column == wanted)
    if filters.disagrees:
        conditions.append(CASES.c.disagrees)
    if filters.second_opinion:
        conditions.append(CASES.c.second_opinion)
    conditions += _of_age(filters.age, viewer.now) + _held(filters.held, viewer)
    return conditions + _of_pages(filters)


def _of_age(age: Age | None, now: datetime) -> list[ColumnElement[bool]]:
    if age is None:
        return []
    within, beyond = _AGES[age]
    return [
        *([CASES.c.opened_at > now - within] if within else []),
        *([CASES.c.opened_at <= now - beyond] if beyond else []),
    ]


def _held(held: Held | None, viewer: Viewer) -> list[ColumnElement[bool]]:
    """Say who must be at work on a case."""
    busy = CASES.c.claimed_until > viewer.now
    if held is None:
        return []
    if held == "nobody":
        return [or_(CASES.c.claimed_until.is_(None), ~busy)]
    mine = CASES.c.claimed_by == viewer.name
    return [busy, mine if held == "me" else ~mine]


def _of_pages(filters: Filters) -> list[ColumnElement[bool]]:
    """Say what one of a case's pages must be; each through the pages, of which a case has many."""
    pages = select(CASE_PAGES.c.case_id)
    wanted = []
    words = filters.words.casefold().split()[:_MOST_WORDS]
    if words:
        found = (CASE_PAGES.c.words.contains(word, autoescape=True) for word in words)
        wanted.append(pages.where(*found))
    if filters.host:
        host = filters.host.lower()
        below = CASE_PAGES.c.host.endswith(f".{host}", autoescape=True)
        wanted.append(pages.where(or_(CASE_PAGES.c.host == host, below)))
    if filters.reporter:
        wanted.append(pages.where(CASE_PAGES.c.canonical.in_(_told_by(filters.reporter))))
    return [CASES.c.id.in_(some) for some in wanted]


def _told_by(name: str) -> CompoundSelect[Any]:
    reported = select(REPORTS.c.url).where(REPORTS.c.by == name)
    submitted = (
        select(BATCH_ITEMS.c.canonical)
        .join(BATCHES, BATCHES.c.id == BATCH_ITEMS.c.batch_id)
        .where(BATCHES.c.by == name, BATCH_ITEMS.c.canonical.is_not(None))
    )
    return union(reported, submitted)
