"""Reports: somebody disagrees with a verdict, or asks for a look. Signals, never labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import exists, insert, select

from model.url import URL
from service.store.audit import Actor
from service.store.database import Database
from service.store.intake import take_reported
from service.store.tables import DECISIONS, REPORTS

Says = Literal["bait", "not_bait"]

_COLUMNS = REPORTS.c["id", "url", "says", "comment", "by", "at"]


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody said about an address; ``by`` is the name of the key it came with."""

    id: int
    url: str
    says: Says
    comment: str | None
    by: str
    at: datetime


def record_report(db: Database, url: URL, says: Says, comment: str | None, actor: Actor) -> Report:
    """Store a report and bring its page before the moderators."""
    with db.write() as connection:
        row = connection.execute(
            insert(REPORTS)
            .values(url=url.href, says=says, comment=comment, by=actor.name, at=actor.at)
            .returning(*_COLUMNS)
        ).one()
        take_reported(connection, url, says, actor.at)
    return Report(*row)


def open_reports(db: Database, after: int, most: int) -> list[Report]:
    """List reports with an id above ``after``, oldest first, that no later decision settled.

    A decision made on the reported address settles them; a revoked one does not.
    """
    settled = exists().where(
        DECISIONS.c.url == REPORTS.c.url,
        DECISIONS.c.at >= REPORTS.c.at,
        DECISIONS.c.revoked_at.is_(None),
    )
    query = select(*_COLUMNS).where(REPORTS.c.id > after, ~settled)
    with db.read() as connection:
        return [
            Report(*row) for row in connection.execute(query.order_by(REPORTS.c.id).limit(most))
        ]
