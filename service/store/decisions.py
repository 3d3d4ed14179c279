"""Moderators' decisions: recorded, revoked but never deleted, and found by what they cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, insert, select, update

from model.url import URL
from service.errors import NeverScannedError, NotFoundError
from service.rulings import Decision, Ruling, Scope, expression_of
from service.store.audit import Actor, record_action
from service.store.database import Database
from service.store.tables import DECISIONS
from service.store.verdicts import chunks, newest_blob, newest_fingerprints
from service.store.versions import raise_version
from service.store.webhooks import announce

_PAGES_AT_ONCE = 50

_COLUMNS = (
    DECISIONS.c.id,
    DECISIONS.c.url,
    DECISIONS.c.scope,
    DECISIONS.c.expression,
    DECISIONS.c.ruling,
    DECISIONS.c.note,
    DECISIONS.c.by,
    DECISIONS.c.at,
)


def record_decision(
    db: Database, url: URL, ruling: Ruling, scope: Scope, note: str | None, actor: Actor
) -> Decision:
    """Store a ruling; it counts from the moment this returns, in every process.

    Raises NeverScannedError for a campaign on a URL whose content no scan has seen,
    InvalidRequestError for a prefix that lies too deep.
    """
    with db.write() as connection:
        expression = (
            _content_of(connection, url) if scope == "campaign" else expression_of(url, scope)
        )
        row = connection.execute(
            insert(DECISIONS)
            .values(
                url=url.href,
                scope=scope,
                expression=expression,
                ruling=ruling,
                note=note,
                reading=newest_blob(connection, url.href),
                by=actor.name,
                at=actor.at,
            )
            .returning(*_COLUMNS)
        ).one()
        raise_version(connection, "decisions")
        record_action(connection, actor, "record_decision", str(row.id))
        announce(connection, "decision.recorded", str(row.id), actor.at)
    return Decision(*row)


def _content_of(connection: Connection, url: URL) -> str:
    fingerprint = newest_fingerprints(connection, [url.href]).get(url.href)
    if fingerprint is None:
        raise NeverScannedError(
            "A campaign is known by the text of its pages, and no check has seen enough text at "
            "this address: check the address first, then decide."
        )
    return fingerprint


def revoke_decision(db: Database, decision_id: int, actor: Actor) -> None:
    """Take a decision back; it stays as history.

    Raises NotFoundError where none stands by this id.
    """
    with db.write() as connection:
        revoked = connection.execute(
            update(DECISIONS)
            .where(DECISIONS.c.id == decision_id, DECISIONS.c.revoked_at.is_(None))
            .values(revoked_by=actor.name, revoked_at=actor.at)
        )
        if not revoked.rowcount:
            raise NotFoundError(
                "No standing decision has this id; it may have been revoked before."
            )
        raise_version(connection, "decisions")
        record_action(connection, actor, "revoke_decision", str(decision_id))
        announce(connection, "decision.revoked", str(decision_id), actor.at)


def read_decision(db: Database, decision_id: int) -> Decision:
    """Return one decision, revoked or not. Raises NotFoundError."""
    with db.read() as connection:
        row = connection.execute(
            select(*_COLUMNS).where(DECISIONS.c.id == decision_id)
        ).one_or_none()
    if row is None:
        raise NotFoundError("No decision has this id.")
    return Decision(*row)


def standing_decisions(connection: Connection, expressions: Sequence[str]) -> list[Decision]:
    """Return the unrevoked decisions kept under any of these expressions."""
    found: list[Decision] = []
    for some in chunks(expressions):
        rows = connection.execute(
            select(*_COLUMNS).where(
                DECISIONS.c.expression.in_(some), DECISIONS.c.revoked_at.is_(None)
            )
        )
        found.extend(Decision(*row) for row in rows)
    return found


def decided_pages(db: Database) -> Iterator[tuple[Decision, bytes | None, bool]]:
    """Yield every unrevoked decision, oldest first, a few at a time.

    With each comes the reading of the page that it was made on, and whether it is the newest of
    its maker on that address.
    """
    newest = (
        select(func.max(DECISIONS.c.id))
        .where(DECISIONS.c.revoked_at.is_(None))
        .group_by(DECISIONS.c.by, DECISIONS.c.url)
    )
    query = (
        select(*_COLUMNS, DECISIONS.c.reading, DECISIONS.c.id.in_(newest))
        .where(DECISIONS.c.revoked_at.is_(None))
        .order_by(DECISIONS.c.id)
        .limit(_PAGES_AT_ONCE)
    )
    last = 0
    while True:
        # A read that lasted as long as the export would keep the database's log from shrinking.
        with db.read() as connection:
            rows = connection.execute(query.where(DECISIONS.c.id > last)).all()
        for *columns, reading, is_newest in rows:
            decision = Decision(*columns)
            last = decision.id
            yield decision, reading, bool(is_newest)
        if not rows:
            return
