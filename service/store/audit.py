"""The log of who did what; rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from service.store.tables import AUDIT


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, by name, and when."""

    name: str
    at: datetime


def record_action(connection: Connection, actor: Actor, action: str, subject: str) -> None:
    """Add one row, in the transaction of the act itself: neither stands without the other."""
    connection.execute(
        insert(AUDIT).values(at=actor.at, by=actor.name, action=action, subject=subject)
    )
