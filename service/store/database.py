"""The database: how it is opened, written to, brought up to date, and how it fails.

What differs between SQLite and PostgreSQL stands in ``sqlite.py`` and ``postgres.py``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.errors import StoreUnavailableError
from service.store.backend import Backend
from service.store.postgres import postgres_backend
from service.store.sqlite import sqlite_backend

_log = structlog.get_logger(__name__)

_BUSY = "The database is busy or cannot be written. Nothing was stored; try again in a moment."


class Database:
    """One database, opened by any number of threads and processes.

    ``where`` is the path of a SQLite file or the address of a PostgreSQL database. Every error that
    passes by itself (locked, disk full, read-only, server away, no free connection) comes out as
    ``StoreUnavailableError``, with nothing half-written. ``busy_timeout``, in seconds, is how long
    a writer waits for its turn.
    """

    def __init__(self, where: Path | str, *, busy_timeout: float = 5.0) -> None:
        self._backend = _backend(where, busy_timeout)
        self._busy_timeout = busy_timeout
        # The database's own waiting is a race of sleepers, or costs a connection each: a queue in
        # front of it is fair and quick.
        self._write_turn = threading.Lock()
        # How often this process committed: what it remembers is looked after when that grows.
        self.commits = 0

    @property
    def place(self) -> str:
        """Where the database is, for people: without a password."""
        return self._backend.place

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database."""
        with (
            self._named_errors(),
            self._backend.engine.connect() as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that is the only writer from its start; it commits at the end."""
        if not self._write_turn.acquire(timeout=self._busy_timeout):
            raise StoreUnavailableError(_BUSY)
        try:
            with self._named_errors(), self._backend.engine.connect() as connection:
                writer = connection.execution_options(writes=True)
                with writer.begin():
                    yield writer
            self.commits += 1
        finally:
            self._write_turn.release()

    @contextmanager
    def duty(self, name: str) -> Iterator[Callable[[], bool]]:
        """Let one process at a time do something for all those that use the database.

        What is yielded takes the duty where nobody has it, and says whether it is this process's;
        that one has it until the end of the block, or its own. Raises StoreUnavailableError.
        """
        hold = self._backend.hold(name)

        def mine() -> bool:
            with self._named_errors():
                return hold.take()

        try:
            yield mine
        finally:
            hold.give_up()

    def upgrade(self) -> None:
        """Create the tables, or bring them to this version's form; many processes may try.

        Tables that are current are only read: a start then waits for no writer.
        """
        with self._named_errors(), self._backend.upgrade_turn():
            if self.is_current():
                return
            config = _migrations()
            with self.write() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    def is_current(self) -> bool:
        """Say whether the tables have the form that this version works with."""
        with self.read() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
        return set(found) == set(ScriptDirectory.from_config(_migrations()).get_heads())

    def close(self) -> None:
        """Close every connection."""
        self._backend.engine.dispose()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not self._passes(error):
                raise
            _log.warning("database_unavailable", because=str(getattr(error, "orig", error)))
            raise StoreUnavailableError(_BUSY) from error

    def _passes(self, error: Exception) -> bool:
        """Say whether an error is the database's at this moment, not the statement's for ever."""
        named = (OperationalError, InterfaceError, PoolTimeout, *self._backend.passing)
        return isinstance(error, named) or (
            isinstance(error, DBAPIError)
            and (error.connection_invalidated or isinstance(error.orig, self._backend.passing))
        )


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _backend(where: Path | str, busy_timeout: float) -> Backend:
    if isinstance(where, Path):
        return sqlite_backend(where, busy_timeout)
    return postgres_backend(where, busy_timeout)
