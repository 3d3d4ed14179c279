"""Who is signed in, and the links by which somebody chooses a password.

Of both only a SHA-256 is kept: who reads the database can sign in with neither.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from service.errors import NotFoundError
from service.store.accounts import ACCOUNT_COLUMNS, Account, change_account
from service.store.audit import Actor, record_action
from service.store.database import Database
from service.store.tables import ACCOUNTS, INVITATIONS, SESSIONS

INVITATION_LIFE = timedelta(days=3)


def open_session(db: Database, account: Account, actor: Actor, oldest: datetime) -> str:
    """Begin a session and return its token; sessions from before ``oldest`` are forgotten."""
    token = secrets.token_urlsafe(32)
    with db.write() as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.started_at < oldest))
        connection.execute(
            insert(SESSIONS).values(
                digest=_digest(token), account_id=account.id, started_at=actor.at
            )
        )
        record_action(connection, actor, "sign_in", account.name)
    return token


def session_account(db: Database, token: str, oldest: datetime) -> Account | None:
    """Return whose session this is; None where it ended, or began before ``oldest``."""
    query = (
        select(*ACCOUNT_COLUMNS)
        .join(SESSIONS)
        .where(SESSIONS.c.digest == _digest(token), SESSIONS.c.started_at >= oldest)
    )
    with db.read() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Account(*row)


def close_session(db: Database, token: str, actor: Actor) -> None:
    """End one session: whoever holds a copy of its cookie is out too."""
    with db.write() as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == _digest(token)))
        record_action(connection, actor, "sign_out", actor.name)


def count_sessions(db: Database, account: Account, oldest: datetime) -> int:
    """Count an account's sessions that began after ``oldest``."""
    query = select(func.count()).where(
        SESSIONS.c.account_id == account.id, SESSIONS.c.started_at >= oldest
    )
    with db.read() as connection:
        return connection.execute(query).scalar_one()


def invite(connection: Connection, account_id: int, actor: Actor) -> str:
    """Make the one link of an account by which a password is chosen, and return its token.

    An earlier link of the account is void. The password that stands stays until then.
    """
    token = secrets.token_urlsafe(32)
    connection.execute(delete(INVITATIONS).where(INVITATIONS.c.account_id == account_id))
    connection.execute(
        insert(INVITATIONS).values(
            digest=_digest(token), account_id=account_id, expires_at=actor.at + INVITATION_LIFE
        )
    )
    return token


def invited(db: Database, token: str, now: datetime) -> Account:
    """Return the account that a link belongs to.

    Raises NotFoundError where the link was used, ran out, or never was; so it does for an account
    that is shut.
    """
    with db.read() as connection:
        return _invited(connection, token, now)


def accept_invitation(db: Database, token: str, password_hash: str, now: datetime) -> Account:
    """Set the password that a link allows, use the link up, and void the account's sessions.

    Raises NotFoundError as ``invited`` does.
    """
    with db.write() as connection:
        account = _invited(connection, token, now)
        connection.execute(delete(INVITATIONS).where(INVITATIONS.c.digest == _digest(token)))
        values = {"password_hash": password_hash, "session_epoch": ACCOUNTS.c.session_epoch + 1}
        actor = Actor(account.name, now)
        change_account(connection, account.name, values, actor, "accept_invitation")
        return _by_id(connection, account.id)


def _by_id(connection: Connection, account_id: int) -> Account:
    query = select(*ACCOUNT_COLUMNS).where(ACCOUNTS.c.id == account_id)
    return Account(*connection.execute(query).one())


def _invited(connection: Connection, token: str, now: datetime) -> Account:
    query = (
        select(*ACCOUNT_COLUMNS)
        .join(INVITATIONS)
        .where(
            INVITATIONS.c.digest == _digest(token),
            INVITATIONS.c.expires_at > now,
            ACCOUNTS.c.disabled_at.is_(None),
        )
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("This link was used, has run out, or never was: ask for a new one.")
    return Account(*row)


def _digest(token: str) -> str:
    # A plain hash is enough: nobody can try out 256 random bits.
    return hashlib.sha256(token.encode("utf-8", errors="replace")).hexdigest()
