"""Moderators' decisions: recorded, revoked but never deleted, and found by what they cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, insert, select, update

from model.page import Page
from model.url import URL, canonicalize_url
from service.errors import NeverScannedError, NotFoundError
from service.finding import load_reading
from service.rulings import Act, Decision, Ruling, Scope, expression_of
from service.snapshots import unpack_page
from service.store.audit import Actor, record_action
from service.store.cases import case_of_page
from service.store.database import Database
from service.store.settling import settle_under
from service.store.standing import DECISION_COLUMNS
from service.store.tables import DECISIONS, SNAPSHOTS
from service.store.verdicts import newest_fingerprints, newest_kept
from service.store.versions import raise_version
from service.store.webhooks import announce

_PAGES_AT_ONCE = 50


def record_decision(
    db: Database, url: URL, ruling: Ruling, scope: Scope, note: str | None, actor: Actor
) -> Decision:
    """Store a ruling; it counts from the moment this returns, in every process.

    Raises NeverScannedError for a campaign on a URL whose content no scan has seen,
    InvalidRequestError for a prefix that lies too deep.
    """
    with db.write() as connection:
        decision = add_decision(
            connection, url, covered_by(connection, url, scope), Act(ruling, scope, note), actor
        )
        settle_under(connection, [decision], actor.at)
    return decision


def covered_by(connection: Connection, url: URL, scope: Scope) -> str:
    """Name what a decision of this scope on a URL covers; raises as ``record_decision`` does."""
    if scope != "campaign":
        return expression_of(url, scope)
    fingerprint = newest_fingerprints(connection, [url.href]).get(url.href)
    if fingerprint is None:
        raise NeverScannedError(
            "A campaign is known by the text of its pages, and no check has seen enough text at "
            "this address: check the address first, then decide."
        )
    return fingerprint


def add_decision(
    connection: Connection,
    url: URL,
    expression: str,
    act: Act,
    actor: Actor,
    group_id: str | None = None,
) -> Decision:
    """Add one decision of an act, in its transaction: with its log entry and its webhooks."""
    reading, snapshot = newest_kept(connection, url.href)
    row = connection.execute(
        insert(DECISIONS)
        .values(
            url=url.href,
            scope=act.scope,
            expression=expression,
            ruling=act.ruling,
            note=act.note,
            reading=reading,
            snapshot=snapshot,
            by=actor.name,
            at=actor.at,
            case_id=case_of_page(connection, url.href),
            group_id=group_id,
            reason=act.reason,
        )
        .returning(*DECISION_COLUMNS)
    ).one()
    raise_version(connection, "decisions")
    record_action(connection, actor, "record_decision", str(row.id), url.host)
    announce(connection, "decision.recorded", str(row.id), actor.at)
    return Decision(*row)


def revoke_decision(db: Database, decision_id: int, actor: Actor) -> None:
    """Take a decision back; it stays as history.

    Raises NotFoundError where none stands by this id.
    """
    with db.write() as connection:
        settle_under(connection, take_back(connection, [decision_id], actor), actor.at)


def take_back(connection: Connection, decision_ids: Sequence[int], actor: Actor) -> list[Decision]:
    """Revoke decisions, and return them. Raises NotFoundError where one does not stand."""
    rows = connection.execute(
        update(DECISIONS)
        .where(DECISIONS.c.id.in_(decision_ids), DECISIONS.c.revoked_at.is_(None))
        .values(revoked_by=actor.name, revoked_at=actor.at)
        .returning(*DECISION_COLUMNS)
    ).all()
    if len(rows) < len(decision_ids):
        raise NotFoundError("No standing decision has this id; it may have been revoked before.")
    raise_version(connection, "decisions")
    for row in rows:
        host = canonicalize_url(row.url).host
        record_action(connection, actor, "revoke_decision", str(row.id), host)
        announce(connection, "decision.revoked", str(row.id), actor.at)
    return [Decision(*row) for row in rows]


def read_decision(db: Database, decision_id: int) -> Decision:
    """Return one decision, revoked or not. Raises NotFoundError."""
    with db.read() as connection:
        row = connection.execute(
            select(*DECISION_COLUMNS).where(DECISIONS.c.id == decision_id)
        ).one_or_none()
    if row is None:
        raise NotFoundError("No decision has this id.")
    return Decision(*row)


def decisions_by_id(db: Database, ids: Sequence[int]) -> dict[int, tuple[Decision, bool]]:
    """Return those of some hundred decisions that there are, each with whether it stands."""
    query = select(*DECISION_COLUMNS, DECISIONS.c.revoked_at.is_(None)).where(
        DECISIONS.c.id.in_(ids)
    )
    with db.read() as connection:
        rows = connection.execute(query).all()
    return {row.id: (Decision(*row[:-1]), bool(row[-1])) for row in rows}


def decided_pages(db: Database) -> Iterator[tuple[Decision, Page | None, bool]]:
    """Yield every unrevoked decision, oldest first, a few at a time.

    With each comes the page that it was made on, and whether it is the newest of its maker on that
    address.
    """
    newest = (
        select(func.max(DECISIONS.c.id))
        .where(DECISIONS.c.revoked_at.is_(None))
        .group_by(DECISIONS.c.by, DECISIONS.c.url)
    )
    query = (
        select(
            *DECISION_COLUMNS,
            DECISIONS.c.reading,
            SNAPSHOTS.c.content,
            DECISIONS.c.id.in_(newest),
        )
        .join_from(DECISIONS, SNAPSHOTS, SNAPSHOTS.c.digest == DECISIONS.c.snapshot, isouter=True)
        .where(DECISIONS.c.revoked_at.is_(None))
        .order_by(DECISIONS.c.id)
        .limit(_PAGES_AT_ONCE)
    )
    last = 0
    while True:
        # A read that lasted as long as the export would keep the database's log from shrinking.
        with db.read() as connection:
            rows = connection.execute(query.where(DECISIONS.c.id > last)).all()
        for *columns, reading, content, is_newest in rows:
            decision = Decision(*columns)
            last = decision.id
            page = unpack_page(content, load_reading(reading).url) if content else None
            yield decision, page, bool(is_newest)
        if not rows:
            return
