"""SQLite: one file, written by one process at a time, on the disk when a commit returns."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from service.store.backend import Backend, writes


def sqlite_backend(path: Path, busy_timeout: float) -> Backend:
    """Open a SQLite file, which need not be there yet; nothing is touched before the first use."""
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        connect_args={"timeout": busy_timeout, "check_same_thread": False},
        pool_size=16,
        max_overflow=16,
        pool_timeout=busy_timeout,
    )
    _listen(engine)
    return Backend(
        engine,
        str(path),
        (sqlite3.OperationalError,),
        partial(_upgrade_turn, path),
        partial(_FileHold, path),
    )


def _listen(engine: Engine) -> None:
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
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes(connection) else "BEGIN")


@contextmanager
def _upgrade_turn(path: Path) -> Iterator[None]:
    """Wait for whoever makes the file: two at once would both find it empty."""
    with path.with_suffix(".upgrade-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class _FileHold:
    """A hold by a lock on a file beside the database: the kernel lets go of it."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path.with_suffix(f".{name}-lock")
        self._file: TextIO | None = None

    def take(self) -> bool:
        if self._file is not None:
            return True
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def give_up(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
