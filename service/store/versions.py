"""Counters of changes: how one process sees that another changed what it remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select, update

from service.store.tables import VERDICTS, VERSIONS

# One process asks about twice a second; where more came in between it may as well forget all.
_MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since ``last_verdict``.

    ``canonicals`` are the URLs with newer verdicts, None where they are too many to name.
    """

    keys: int
    decisions: int
    last_verdict: int
    canonicals: frozenset[str] | None


def raise_version(connection: Connection, name: Literal["keys", "decisions"]) -> None:
    """Say that keys or decisions change, in the transaction that changes them."""
    connection.execute(
        update(VERSIONS).where(VERSIONS.c.name == name).values(number=VERSIONS.c.number + 1)
    )


def read_changes(connection: Connection, last_verdict: int | None) -> Changes:
    """Read the counters, and which verdicts came after one; None is the newest there is.

    Verdicts are committed in the order of their ids: each is saved by the only writer.
    """
    numbers = {row.name: row.number for row in connection.execute(select(VERSIONS))}
    if last_verdict is None:
        newest = connection.execute(select(func.max(VERDICTS.c.id))).scalar() or 0
        return Changes(numbers["keys"], numbers["decisions"], newest, frozenset())
    query = select(VERDICTS.c.id, VERDICTS.c.canonical).where(VERDICTS.c.id > last_verdict)
    rows = connection.execute(query.order_by(VERDICTS.c.id.desc()).limit(_MOST_AT_ONCE)).all()
    last = rows[0].id if rows else last_verdict
    changed = None if len(rows) == _MOST_AT_ONCE else frozenset(row.canonical for row in rows)
    return Changes(numbers["keys"], numbers["decisions"], last, changed)
