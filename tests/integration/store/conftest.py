"""A database file of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.store.database import Database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "baitwatch.sqlite3", busy_timeout=1)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def now() -> datetime:
    return NOW
