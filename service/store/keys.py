"""API keys: ``bw_<prefix>_<secret>``, of which only the prefix and a SHA-256 are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import structlog
from sqlalchemy import Connection, Row, insert, select, update

from service.errors import NotFoundError, StoreUnavailableError
from service.store.audit import Actor, record_action
from service.store.database import Database
from service.store.tables import API_KEYS

_log = structlog.get_logger(__name__)

KeyScope = Literal["check", "judge", "lookup", "report", "moderate", "admin"]
KEY_SCOPES: tuple[KeyScope, ...] = get_args(KeyScope)

# The last use is told to the minute: a write for every request would cost more than it tells.
_USE_GRAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key; the key itself is not."""

    id: int
    name: str
    prefix: str
    digest: str
    scopes: frozenset[str]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


_QUERY = select(
    *API_KEYS.c[
        "id", "name", "prefix", "digest", "scopes", "created_at", "last_used_at", "revoked_at"
    ]
)


def create_key(
    connection: Connection, name: str, scopes: Collection[KeyScope], actor: Actor
) -> str:
    """Make a key with 192 random bits and return it: the only time it is seen."""
    prefix = secrets.token_hex(6)
    key = f"bw_{prefix}_{secrets.token_urlsafe(24)}"
    connection.execute(
        insert(API_KEYS).values(
            name=name,
            prefix=prefix,
            digest=_digest(key),
            scopes=" ".join(sorted(scopes)),
            created_at=actor.at,
        )
    )
    record_action(connection, actor, "create_key", f"{prefix} {name}")
    return key


def find_key(db: Database, text: str) -> ApiKey | None:
    """Return the unrevoked key that this is, or None."""
    scheme, _, rest = text.partition("_")
    prefix, _, _ = rest.partition("_")
    if scheme != "bw" or not prefix.isascii():
        return None
    with db.read() as connection:
        row = connection.execute(_QUERY.where(API_KEYS.c.prefix == prefix)).one_or_none()
    # The digest is compared where there is no such key, too: both ways take the same time.
    kept = "" if row is None else row.digest
    same = hmac.compare_digest(_digest(text), kept)
    return _key(row) if row is not None and same and row.revoked_at is None else None


def _key(row: Row[Any]) -> ApiKey:
    columns = row._asdict()
    return ApiKey(**columns | {"scopes": frozenset(columns["scopes"].split())})


def _digest(key: str) -> str:
    # A plain hash is enough: nobody can try out 192 random bits.
    return hashlib.sha256(key.encode("utf-8", errors="replace")).hexdigest()


def note_use(db: Database, key: ApiKey, now: datetime) -> None:
    """Remember that a key was used; a busy database is no reason to refuse the request."""
    if key.last_used_at is not None and now - key.last_used_at < _USE_GRAIN:
        return
    try:
        with db.write() as connection:
            connection.execute(
                update(API_KEYS).where(API_KEYS.c.id == key.id).values(last_used_at=now)
            )
    except StoreUnavailableError:
        _log.warning("key_use_not_noted", key=key.prefix)


def every_key(db: Database) -> list[ApiKey]:
    """List the keys, oldest first, revoked ones included."""
    with db.read() as connection:
        return [_key(row) for row in connection.execute(_QUERY.order_by(API_KEYS.c.id))]


def revoke_key(db: Database, prefix: str, actor: Actor) -> None:
    """End a key. Raises NotFoundError where no unrevoked key has this prefix."""
    with db.write() as connection:
        revoked = connection.execute(
            update(API_KEYS)
            .where(API_KEYS.c.prefix == prefix, API_KEYS.c.revoked_at.is_(None))
            .values(revoked_at=actor.at)
        )
        if not revoked.rowcount:
            raise NotFoundError(f"There is no valid key that begins with bw_{prefix}.")
        record_action(connection, actor, "revoke_key", prefix)
