"""API keys: ``bw_<prefix>_<secret>``, of which only the prefix and a SHA-256 are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import structlog
from sqlalchemy import Connection, Row, insert, select, update

from service.errors import NotFoundError, StoreUnavailableError
from service.store.audit import Actor, record_action
from service.store.database import Database
from service.store.tables import API_KEYS
from service.store.versions import raise_version

_log = structlog.get_logger(__name__)

KeyScope = Literal["check", "judge", "lookup", "report", "moderate", "admin"]
KEY_SCOPES: tuple[KeyScope, ...] = get_args(KeyScope)


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


def key_prefix(text: str) -> str | None:
    """Return what this is kept under, if it is a key at all."""
    scheme, _, rest = text.partition("_")
    prefix, _, _ = rest.partition("_")
    return prefix if scheme == "bw" and prefix.isascii() else None


def valid_key(db: Database, prefix: str) -> ApiKey | None:
    """Return the unrevoked key that is kept under a prefix, or None."""
    with db.read() as connection:
        row = connection.execute(
            _QUERY.where(API_KEYS.c.prefix == prefix, API_KEYS.c.revoked_at.is_(None))
        ).one_or_none()
    return None if row is None else _key(row)


def matches(key: ApiKey | None, text: str) -> bool:
    """Say whether a text is this key, in the same time where there is no such key."""
    return hmac.compare_digest(_digest(text), "" if key is None else key.digest)


def _key(row: Row[Any]) -> ApiKey:
    columns = row._asdict()
    return ApiKey(**columns | {"scopes": frozenset(columns["scopes"].split())})


def _digest(key: str) -> str:
    # A plain hash is enough: nobody can try out 192 random bits.
    return hashlib.sha256(key.encode("utf-8", errors="replace")).hexdigest()


def note_use(db: Database, key: ApiKey, now: datetime) -> None:
    """Remember when a key was used; a busy database is no reason to refuse the request."""
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
            raise NotFoundError(
                "There is no valid key that begins with bw_%(prefix)s.", prefix=prefix
            )
        raise_version(connection, "keys")
        record_action(connection, actor, "revoke_key", prefix)
