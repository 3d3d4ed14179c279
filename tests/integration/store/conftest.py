"""A database of its own for each test, on each kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from real_servers import Postgres, running_postgres

from service.store.database import Database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a database may be made, on each kind."""
    if request.param == "sqlite":
        return tmp_path / "baitwatch.sqlite3"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def opened() -> Iterator[Callable[..., Database]]:
    """Open databases that are closed when the test ends."""
    every: list[Database] = []

    def open_one(where: Path | str, busy_timeout: float = 1) -> Database:
        every.append(Database(where, busy_timeout=busy_timeout))
        return every[-1]

    yield open_one
    for database in every:
        database.close()


@pytest.fixture
def db(empty: Path | str, opened: Callable[..., Database]) -> Database:
    """A database with its tables, on each kind."""
    database = opened(empty)
    database.upgrade()
    return database


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    return tmp_path / "baitwatch.sqlite3"


@pytest.fixture
def sqlite(sqlite_path: Path, opened: Callable[..., Database]) -> Database:
    """A SQLite database with its tables."""
    database = opened(sqlite_path)
    database.upgrade()
    return database


@pytest.fixture
def now() -> datetime:
    return NOW
