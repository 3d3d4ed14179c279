"""Webhooks, and what they are still to be told: written in the transaction of what happened.

due --claim_delivery--> due later --delivered--> deleted
                            |
                            +--failed--> due later, or given up (until somebody asks again)
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from service.errors import NotFoundError
from service.store.audit import Actor, record_action
from service.store.database import Database
from service.store.tables import DELIVERIES, WEBHOOKS

Event = Literal["scan.done", "decision.recorded", "decision.revoked"]
EVENTS: tuple[Event, ...] = get_args(Event)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of events; the secret signs what it is told."""

    id: int
    url: str
    events: tuple[str, ...]
    secret: str
    by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook; ``subject`` is the id of its scan or decision.

    ``because`` says why the last of the ``tries`` failed.
    """

    id: str
    webhook_id: int
    event: Event
    subject: str
    tries: int
    because: str | None
    created_at: datetime


_WEBHOOK = select(*WEBHOOKS.c["id", "url", "events", "secret", "by", "created_at"])
_DELIVERY = select(
    *DELIVERIES.c["id", "webhook_id", "event", "subject", "tries", "because", "created_at"]
)


def create_webhook(db: Database, url: str, events: Collection[Event], actor: Actor) -> Webhook:
    """Store a webhook with a new secret of 192 random bits."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    with db.write() as connection:
        row = connection.execute(
            insert(WEBHOOKS)
            .values(
                url=url,
                events=" ".join(sorted(events)),
                secret=secret,
                by=actor.name,
                created_at=actor.at,
            )
            .returning(*_WEBHOOK.selected_columns)
        ).one()
        record_action(connection, actor, "create_webhook", f"{row.id} {url}")
    return _webhook(row)


def _webhook(row: Row[Any]) -> Webhook:
    columns = row._asdict()
    return Webhook(**columns | {"events": tuple(columns["events"].split())})


def every_webhook(db: Database) -> list[Webhook]:
    """List the webhooks, oldest first."""
    with db.read() as connection:
        return [_webhook(row) for row in connection.execute(_WEBHOOK.order_by(WEBHOOKS.c.id))]


def read_webhook(db: Database, webhook_id: int) -> Webhook:
    """Return one webhook. Raises NotFoundError."""
    with db.read() as connection:
        row = connection.execute(_WEBHOOK.where(WEBHOOKS.c.id == webhook_id)).one_or_none()
    if row is None:
        raise _no_webhook()
    return _webhook(row)


def _no_webhook() -> NotFoundError:
    return NotFoundError("No webhook has this id.")


def remove_webhook(db: Database, webhook_id: int, actor: Actor) -> None:
    """Remove a webhook and what it was still to be told. Raises NotFoundError."""
    with db.write() as connection:
        connection.execute(delete(DELIVERIES).where(DELIVERIES.c.webhook_id == webhook_id))
        removed = connection.execute(delete(WEBHOOKS).where(WEBHOOKS.c.id == webhook_id))
        if not removed.rowcount:
            raise _no_webhook()
        record_action(connection, actor, "remove_webhook", str(webhook_id))


def announce(connection: Connection, event: Event, subject: str, now: datetime) -> None:
    """Have every webhook that asked for this kind of event told of one."""
    for webhook_id, events in connection.execute(select(WEBHOOKS.c.id, WEBHOOKS.c.events)).all():
        if event in events.split():
            connection.execute(
                insert(DELIVERIES).values(
                    id=secrets.token_hex(16),
                    webhook_id=webhook_id,
                    event=event,
                    subject=subject,
                    tries=0,
                    created_at=now,
                    due_at=now,
                )
            )


def any_delivery_due(db: Database, now: datetime) -> bool:
    """Say whether ``claim_delivery`` would find one; takes no lock."""
    with db.read() as connection:
        query = select(DELIVERIES.c.id).where(DELIVERIES.c.due_at <= now).limit(1)
        return connection.execute(query).first() is not None


def claim_delivery(db: Database, now: datetime, term: timedelta) -> Delivery | None:
    """Take the delivery that is due longest; it is due again after ``term`` if nobody says more.

    The claim counts as a try. None where nothing is due.
    """
    with db.write() as connection:
        oldest = select(DELIVERIES.c.id).where(DELIVERIES.c.due_at <= now)
        delivery_id = connection.execute(oldest.order_by(DELIVERIES.c.due_at).limit(1)).scalar()
        if delivery_id is None:
            return None
        this = DELIVERIES.c.id == delivery_id
        connection.execute(
            update(DELIVERIES).where(this).values(tries=DELIVERIES.c.tries + 1, due_at=now + term)
        )
        return Delivery(*connection.execute(_DELIVERY.where(this)).one())


def delivered(db: Database, delivery_id: str) -> None:
    """Forget a delivery that was heard."""
    with db.write() as connection:
        connection.execute(delete(DELIVERIES).where(DELIVERIES.c.id == delivery_id))


def failed(db: Database, delivery_id: str, because: str, again_at: datetime | None) -> None:
    """Note why a try failed, and when the next one is due: None gives the delivery up."""
    with db.write() as connection:
        connection.execute(
            update(DELIVERIES)
            .where(DELIVERIES.c.id == delivery_id)
            .values(because=because, due_at=again_at)
        )


def dead_deliveries(db: Database, webhook_id: int, most: int) -> list[Delivery]:
    """List what a webhook was never told, oldest first. Raises NotFoundError."""
    read_webhook(db, webhook_id)
    query = _DELIVERY.where(DELIVERIES.c.webhook_id == webhook_id, DELIVERIES.c.due_at.is_(None))
    query = query.order_by(DELIVERIES.c.created_at, DELIVERIES.c.id).limit(most)
    with db.read() as connection:
        return [Delivery(*row) for row in connection.execute(query)]


def retry_dead(db: Database, webhook_id: int, now: datetime) -> int:
    """Have everything that was given up tried from the start; return how many there were.

    Raises NotFoundError.
    """
    read_webhook(db, webhook_id)
    with db.write() as connection:
        revived = connection.execute(
            update(DELIVERIES)
            .where(DELIVERIES.c.webhook_id == webhook_id, DELIVERIES.c.due_at.is_(None))
            .values(due_at=now, tries=0)
        )
    return revived.rowcount


def waiting_deliveries(db: Database) -> dict[int, int]:
    """Count by webhook what it is still to be told, without what was given up."""
    query = select(DELIVERIES.c.webhook_id, func.count()).where(DELIVERIES.c.due_at.is_not(None))
    with db.read() as connection:
        rows = connection.execute(query.group_by(DELIVERIES.c.webhook_id)).all()
    return {row[0]: row[1] for row in rows}
