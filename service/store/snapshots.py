"""Snapshots in the store: each content once, named by its SHA-256, for as long as a row names it.

Writers take turns on both databases, so that nobody can begin to name one while it is dropped.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select

from service.snapshots import Snapshot
from service.store.tables import DECISIONS, SNAPSHOTS, VERDICTS


def keep_snapshot(connection: Connection, snapshot: Snapshot) -> str:
    """Store a snapshot unless the same content is there already; return its digest."""
    there = select(SNAPSHOTS.c.digest).where(SNAPSHOTS.c.digest == snapshot.digest)
    if connection.execute(there).first() is None:
        values = {"digest": snapshot.digest, "content": snapshot.content}
        connection.execute(insert(SNAPSHOTS).values(values))
    return snapshot.digest


def drop_unnamed(connection: Connection, digests: Collection[str]) -> None:
    """Delete those of some hundred snapshots that no verdict and no decision names any more."""
    named = [
        select(table.c.snapshot).where(table.c.snapshot.in_(digests))
        for table in (VERDICTS, DECISIONS)
    ]
    unnamed = [SNAPSHOTS.c.digest.not_in(query) for query in named]
    connection.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.digest.in_(digests), *unnamed))
