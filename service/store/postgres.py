"""PostgreSQL through psycopg: one database for web processes and workers on several machines.

Writers take turns by an advisory lock, as they do by SQLite's write lock: what the store's queries
may rely on is the same on both. See docs/decisions/writers-take-turns.md.
"""

from __future__ import annotations

import math
from contextlib import nullcontext
from functools import partial

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import StoreUnavailableError
from service.store.backend import Backend, writes

# The number is the service's own: other users of the server's advisory locks should not meet it.
_TAKE_TURN = f"SELECT pg_advisory_xact_lock({0x6261697477617463})"
_ONE_STATE = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"

# A machine that vanishes in the middle of a write would keep the turn for the two hours that TCP
# waits by default; the server drops it after these instead.
_SESSION = (
    "SET idle_in_transaction_session_timeout = '60s'",
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
    "SET timezone = 'UTC'",
)


def postgres_backend(url: str, busy_timeout: float) -> Backend:
    """Open a PostgreSQL database, ``postgresql://user@host/name``; nothing is connected yet.

    Raises StoreUnavailableError where psycopg is not installed or the address is none.
    """
    try:
        import psycopg

        address = make_url(url).set(drivername="postgresql+psycopg")
    except ImportError as error:
        raise StoreUnavailableError(
            "PostgreSQL needs psycopg: install baitwatch with the extra `postgres`."
        ) from error
    except ArgumentError as error:
        raise StoreUnavailableError(
            "BAITWATCH_DATABASE_URL is no address: write postgresql://user:password@host/name."
        ) from error
    engine = create_engine(
        address,
        connect_args={
            "connect_timeout": max(2, math.ceil(busy_timeout)),
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
        },
        pool_size=16,
        max_overflow=16,
        pool_timeout=busy_timeout,
        # A server that was started again leaves connections that only look alive.
        pool_pre_ping=True,
    )
    _listen(engine, busy_timeout)
    passing = (
        psycopg.OperationalError,
        psycopg.errors.ReadOnlySqlTransaction,
        psycopg.errors.IdleInTransactionSessionTimeout,
    )
    place = address.render_as_string(hide_password=True)
    return Backend(engine, place, passing, nullcontext, partial(_SessionHold, engine))


def _listen(engine: Engine, busy_timeout: float) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for statement in (*_SESSION, f"SET lock_timeout = {math.ceil(busy_timeout * 1000)}"):
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(_TAKE_TURN if writes(connection) else _ONE_STATE)


class _SessionHold:
    """A hold by an advisory lock of a session of its own: the server lets go when that ends."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._lock = func.pg_try_advisory_lock(func.hashtextextended(f"baitwatch {name}", 0))
        self._session: Connection | None = None

    def take(self) -> bool:
        if self._session is None:
            return self._try()
        try:
            with self._session.begin():
                self._session.execute(select(1))
        except DBAPIError:
            self.give_up()
            raise
        return True

    def _try(self) -> bool:
        session = self._engine.connect()
        try:
            with session.begin():
                taken = bool(session.execute(select(self._lock)).scalar())
        except DBAPIError:
            session.close()
            raise
        if taken:
            self._session = session
        else:
            session.close()
        return taken

    def give_up(self) -> None:
        if self._session is not None:
            # Not back into the pool, where the session and its lock would live on.
            self._session.invalidate()
            self._session.close()
            self._session = None
