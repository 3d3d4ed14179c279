"""The people who may sign in at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from service.errors import InvalidRequestError, NameTakenError, NotFoundError
from service.store.audit import Actor, record_action
from service.store.database import Database
from service.store.tables import ACCOUNTS

Role = Literal["reporter", "moderator", "lead", "admin"]
# In order: each may all that the one before it may.
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Account:
    """One account. A session is void once its ``session_epoch`` is not the account's any more.

    ``language``, ``theme`` and ``keys``, a JSON object, are what its owner chose for the desk. An
    account that was invited has an empty ``password_hash`` until somebody chooses a password.
    """

    id: int
    name: str
    password_hash: str
    role: Role
    session_epoch: int
    created_at: datetime
    disabled_at: datetime | None
    language: str
    theme: str
    keys: str


ACCOUNT_COLUMNS = ACCOUNTS.c[
    "id",
    "name",
    "password_hash",
    "role",
    "session_epoch",
    "created_at",
    "disabled_at",
    "language",
    "theme",
    "keys",
]
_QUERY = select(*ACCOUNT_COLUMNS)


def create_account(
    connection: Connection, name: str, password_hash: str, role: Role, actor: Actor
) -> int:
    """Add an account and return its id. Raises NameTakenError."""
    if _find(connection, ACCOUNTS.c.name == name) is not None:
        raise NameTakenError(
            "There is an account named %(name)s already: choose another name.", name=name
        )
    made = connection.execute(
        insert(ACCOUNTS)
        .values(name=name, password_hash=password_hash, role=role, created_at=actor.at)
        .returning(ACCOUNTS.c.id)
    )
    record_action(connection, actor, "create_account", f"{name} ({role})")
    return int(made.scalar_one())


def any_account(connection: Connection) -> bool:
    """Say whether there is any account at all."""
    return bool(connection.execute(select(func.count()).select_from(ACCOUNTS)).scalar())


def account_by_name(db: Database, name: str) -> Account | None:
    """Return the account of this name, disabled ones included."""
    with db.read() as connection:
        return _find(connection, ACCOUNTS.c.name == name)


def account_by_id(db: Database, account_id: int) -> Account | None:
    """Return the account of this id, disabled ones included."""
    with db.read() as connection:
        return _find(connection, ACCOUNTS.c.id == account_id)


def every_account(db: Database) -> list[Account]:
    """List the accounts by name."""
    with db.read() as connection:
        return [Account(*row) for row in connection.execute(_QUERY.order_by(ACCOUNTS.c.name))]


def _find(connection: Connection, where: ColumnElement[bool]) -> Account | None:
    row = connection.execute(_QUERY.where(where)).one_or_none()
    return None if row is None else Account(*row)


def set_password(db: Database, name: str, password_hash: str, actor: Actor) -> None:
    """Change a password and void the account's sessions. Raises NotFoundError."""
    values = {"password_hash": password_hash, "session_epoch": ACCOUNTS.c.session_epoch + 1}
    with db.write() as connection:
        change_account(connection, name, values, actor, "set_password")


def disable_account(db: Database, name: str, actor: Actor) -> None:
    """Shut an account and void its sessions.

    Raises NotFoundError, and InvalidRequestError for the last open account of an admin.
    """
    values = {"disabled_at": actor.at, "session_epoch": ACCOUNTS.c.session_epoch + 1}
    with db.write() as connection:
        _keep_an_admin(connection, name)
        change_account(connection, name, values, actor, "disable_account")


def enable_account(db: Database, name: str, actor: Actor) -> None:
    """Open a shut account again, with the password it had. Raises NotFoundError."""
    with db.write() as connection:
        change_account(connection, name, {"disabled_at": None}, actor, "enable_account")


def set_role(db: Database, name: str, role: Role, actor: Actor) -> None:
    """Give an account another role, which counts from its next request on.

    Raises NotFoundError, and InvalidRequestError for the last open account of an admin.
    """
    with db.write() as connection:
        if role != "admin":
            _keep_an_admin(connection, name)
        subject = f"{name} ({role})"
        change_account(connection, name, {"role": role}, actor, "set_role", subject)


def set_preferences(db: Database, account_id: int, *, language: str, theme: str, keys: str) -> None:
    """Keep what somebody chose for the desk; nobody else needs to know of it later."""
    with db.write() as connection:
        connection.execute(
            update(ACCOUNTS)
            .where(ACCOUNTS.c.id == account_id)
            .values(language=language, theme=theme, keys=keys)
        )


def end_sessions(db: Database, name: str, actor: Actor) -> None:
    """Void every session of an account: whoever holds a copy of a cookie is out too."""
    values = {"session_epoch": ACCOUNTS.c.session_epoch + 1}
    with db.write() as connection:
        change_account(connection, name, values, actor, "sign_out_everywhere")


def change_account(
    connection: Connection,
    name: str,
    values: Mapping[str, object],
    actor: Actor,
    action: str,
    subject: str = "",
) -> None:
    """Change columns of an account, with the log entry. Raises NotFoundError."""
    changed = connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(**values))
    if not changed.rowcount:
        raise NotFoundError("There is no account named %(name)s.", name=name)
    record_action(connection, actor, action, subject or name)


def _keep_an_admin(connection: Connection, name: str) -> None:
    admins = connection.execute(
        select(ACCOUNTS.c.name).where(ACCOUNTS.c.role == "admin", ACCOUNTS.c.disabled_at.is_(None))
    ).scalars()
    if list(admins) == [name]:
        raise InvalidRequestError(
            "This is the only open account of an admin: make somebody else an admin first."
        )
