"""Cases: pages of nearly the same content that wait for one moderator to look.

a finding, a report, a submission at the desk -> open_or_join_case (joining.py) -> CASES
a ruling that covers a case's pages -> close_case;  its undoing -> reopen_case
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from model.verdict import VerdictName
from service.errors import NotFoundError
from service.rulings import Ruling
from service.store.audit import Actor, record_action
from service.store.case_tables import CASE_PAGES, CASES
from service.store.database import Database
from service.urgency import BANDS, Band, Signals, band_of

# Long enough to look at a case with care, short enough that one who left keeps nobody waiting.
CLAIM_TERM = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Case:
    """One case, as the queue and its page show it.

    ``verdict`` is the strongest of its pages'; host, title, language and lure are its first page's.
    ``campaign`` is the id of the oldest case of nearly the same content. A claim counts until
    ``claimed_until``. ``ruling`` is what it was closed with.
    """

    id: int
    opened_at: datetime
    touched_at: datetime
    closed_at: datetime | None
    band: Band
    verdict: VerdictName
    lure: str | None
    lang: str
    host: str
    site: str
    title: str
    fingerprint: str | None
    campaign: int
    pages: int
    reach: int
    reports: int
    disagrees: bool
    claimed_by: str | None
    claimed_until: datetime | None
    ruling: Ruling | None
    second_opinion: bool

    def holder(self, now: datetime) -> str | None:
        """Name who works on it at this moment."""
        holds = self.claimed_until is not None and self.claimed_until > now
        return self.claimed_by if holds else None


CASE_COLUMNS = (
    CASES.c.id,
    CASES.c.opened_at,
    CASES.c.touched_at,
    CASES.c.closed_at,
    CASES.c.band,
    CASES.c.verdict,
    CASES.c.lure,
    CASES.c.lang,
    CASES.c.host,
    CASES.c.site,
    CASES.c.title,
    CASES.c.fingerprint,
    CASES.c.campaign,
    CASES.c.pages,
    CASES.c.reach,
    CASES.c.reports,
    CASES.c.disagrees,
    CASES.c.claimed_by,
    CASES.c.claimed_until,
    CASES.c.ruling,
    CASES.c.second_opinion,
)


@dataclass(frozen=True, slots=True)
class PageOfCase:
    """A page in a case, and what the machine last said of it."""

    id: int
    canonical: str
    host: str
    verdict: VerdictName
    added_at: datetime


def case_of_row(row: RowMapping) -> Case:
    """Make a case of a row of ``CASE_COLUMNS``."""
    columns: dict[str, Any] = {str(name): value for name, value in row.items()}
    return Case(**columns | {"band": BANDS[columns["band"]]})


def case_by_id(connection: Connection, case_id: int) -> Case:
    """Return one case, open or closed. Raises NotFoundError."""
    query = select(*CASE_COLUMNS).where(CASES.c.id == case_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError("There is no case with this number.")
    return case_of_row(row)


def case_of_page(connection: Connection, canonical: str) -> int | None:
    """Return the id of the case that a page is in, open or closed."""
    query = select(CASE_PAGES.c.case_id).where(CASE_PAGES.c.canonical == canonical)
    found: int | None = connection.execute(query).scalar()
    return found


def pages_of_case(
    connection: Connection, case_id: int, most: int, after: int = 0
) -> list[PageOfCase]:
    """List a case's pages with an id above ``after`` in the order they came, at most so many."""
    query = (
        select(*CASE_PAGES.c["id", "canonical", "host", "verdict", "added_at"])
        .where(CASE_PAGES.c.case_id == case_id, CASE_PAGES.c.id > after)
        .order_by(CASE_PAGES.c.id)
        .limit(most)
    )
    return [PageOfCase(*row) for row in connection.execute(query)]


def pages_of_cases(
    connection: Connection, case_ids: Sequence[int]
) -> dict[int, list[tuple[str, VerdictName]]]:
    """Return the addresses of many cases' pages and what the machine last said of each."""
    query = (
        select(*CASE_PAGES.c["case_id", "canonical", "verdict"])
        .where(CASE_PAGES.c.case_id.in_(case_ids))
        .order_by(CASE_PAGES.c.case_id, CASE_PAGES.c.id)
    )
    found: dict[int, list[tuple[str, VerdictName]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.case_id].append((row.canonical, row.verdict))
    return found


def similar_cases(connection: Connection, case: Case, most: int) -> list[Case]:
    """List the other cases of a case's campaign, newest first, at most so many."""
    query = (
        select(*CASE_COLUMNS)
        .where(CASES.c.campaign == case.campaign, CASES.c.id != case.id, CASES.c.pages > 0)
        .order_by(CASES.c.id.desc())
        .limit(most)
    )
    return [case_of_row(row) for row in connection.execute(query).mappings()]


def close_case(connection: Connection, case_id: int, ruling: Ruling, now: datetime) -> None:
    """Take a case from the queue: a ruling covers its pages. One that is closed stays as it is."""
    connection.execute(
        update(CASES)
        .where(CASES.c.id == case_id, CASES.c.closed_at.is_(None))
        .values(closed_at=now, touched_at=now, ruling=ruling, claimed_by=None, claimed_until=None)
    )


def reopen_case(connection: Connection, case_id: int, now: datetime) -> None:
    """Put a case back as it was before it was closed: its ruling was undone."""
    connection.execute(
        update(CASES)
        .where(CASES.c.id == case_id, CASES.c.closed_at.is_not(None))
        .values(closed_at=None, touched_at=now, ruling=None)
    )


def ask_second_opinion(
    connection: Connection, case_id: int, now: datetime, *, wanted: bool = True
) -> None:
    """Say that a moderator was unsure of a case, or, to undo it, that nobody is any more.

    It goes back to the queue, for somebody else to take. Raises NotFoundError.
    """
    case = case_by_id(connection, case_id)
    band = band_of(Signals(case.verdict, case.reach, case.reports, case.disagrees, wanted))
    connection.execute(
        update(CASES)
        .where(CASES.c.id == case_id)
        .values(
            second_opinion=wanted,
            band=BANDS.index(band),
            touched_at=now,
            claimed_by=None,
            claimed_until=None,
        )
    )


def claim_case(db: Database, case_id: int, actor: Actor, term: timedelta) -> bool:
    """Keep a case for somebody for so long; False where somebody else has it or it is closed.

    Who has it already keeps it longer. Raises NotFoundError.
    """
    with db.write() as connection:
        case = case_by_id(connection, case_id)
        if case.closed_at is not None or case.holder(actor.at) not in {None, actor.name}:
            return False
        connection.execute(
            update(CASES)
            .where(CASES.c.id == case_id)
            .values(claimed_by=actor.name, claimed_until=actor.at + term)
        )
        record_action(connection, actor, "claim_case", str(case_id), case.host)
    return True


def release_case(db: Database, case_id: int, actor: Actor) -> bool:
    """Give a case back; False where whoever asks does not have it."""
    with db.write() as connection:
        released = connection.execute(
            update(CASES)
            .where(CASES.c.id == case_id, CASES.c.claimed_by == actor.name)
            .values(claimed_by=None, claimed_until=None)
        )
        if released.rowcount:
            record_action(connection, actor, "release_case", str(case_id))
    return bool(released.rowcount)
