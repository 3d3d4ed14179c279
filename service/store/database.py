"""The database file: how it is opened, written to, brought up to date, and how it fails."""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import StoreUnavailableError

_log = structlog.get_logger(__name__)

_BUSY = "The database is busy or cannot be written. Nothing was stored; try again in a moment."


class Database:
    """One SQLite file, opened by any number of threads and processes.

    Every error that passes by itself (locked, disk full, read-only, no free connection) comes
    out as ``StoreUnavailableError``, with nothing half-written.
    """

    def __init__(self, path: Path, *, busy_timeout: float = 5.0) -> None:
        self.path = path
        self._busy_timeout = busy_timeout
        # SQLite's own waiting is a race of sleepers; a queue in front of it is fair and quick.
        self._write_turn = threading.Lock()
        self._engine = _engine(path, busy_timeout)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database."""
        with _named_errors(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that holds the write lock from its start; it commits at the end."""
        if not self._write_turn.acquire(timeout=self._busy_timeout):
            raise StoreUnavailableError(_BUSY)
        try:
            with _named_errors(), self._engine.connect() as connection:
                writer = connection.execution_options(writes=True)
                with writer.begin():
                    yield writer
        finally:
            self._write_turn.release()

    def upgrade(self) -> None:
        """Create the tables, or bring them to this version's form; many processes may try."""
        with self.path.with_suffix(".upgrade-lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            config = Config()
            config.set_main_option("script_location", "service.store:migrations")
            config.set_main_option("path_separator", "os")
            with self.write() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _engine(path: Path, busy_timeout: float) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        connect_args={"timeout": busy_timeout, "check_same_thread": False},
        pool_size=16,
        max_overflow=16,
        pool_timeout=busy_timeout,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # sqlite3 must not begin transactions of its own: `begin` below says which kind.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and then writes would fail at once when another writer
        # came between, without waiting: writers take the lock at their start.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except (OperationalError, PoolTimeout, sqlite3.OperationalError) as error:
        _log.warning("database_unavailable", because=str(getattr(error, "orig", error)))
        raise StoreUnavailableError(_BUSY) from error
