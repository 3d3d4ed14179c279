"""What is SQLite's own: the file's durability, a full disk, a file that cannot be written."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from sqlalchemy import text
from test_database import act, actions

from service.errors import StoreUnavailableError
from service.store.audit import Actor, record_action
from service.store.database import Database


def test_what_is_committed_is_on_the_disk(sqlite):
    with sqlite.write() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_a_held_lock_is_waited_for(sqlite, sqlite_path, now):
    with closing(
        sqlite3.connect(sqlite_path, isolation_level=None, check_same_thread=False)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, other.execute, ["ROLLBACK"]).start()
        began = time.monotonic()
        act(sqlite, "waited", now)
        assert time.monotonic() - began > 0.25
    assert actions(sqlite) == ["waited"]


def test_a_lock_held_too_long_is_named_and_reading_goes_on(sqlite, sqlite_path, now):
    with closing(sqlite3.connect(sqlite_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError):
            act(sqlite, "refused", now)
        assert actions(sqlite) == []
        other.execute("ROLLBACK")
    act(sqlite, "next", now)
    assert actions(sqlite) == ["next"]


def test_a_full_disk_is_named_stores_nothing_and_is_recovered_from(sqlite, sqlite_path, now):
    allow_pages(sqlite, 40)
    with pytest.raises(StoreUnavailableError), sqlite.write() as connection:
        for _ in range(100):
            record_action(connection, Actor("tests", now), "act", "x" * 10_000)
    assert actions(sqlite) == []
    allow_pages(sqlite, 1_000_000)
    act(sqlite, "next", now)
    assert actions(sqlite) == ["next"]


def allow_pages(db, number):
    with db.write() as connection:
        connection.execute(text(f"PRAGMA max_page_count = {number}"))


def test_a_file_that_cannot_be_written_is_named(sqlite, sqlite_path, now):
    read_only = Database(sqlite_path, busy_timeout=1)
    with read_only.read() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(StoreUnavailableError):
        act(read_only, "refused", now)
    read_only.close()
    assert actions(sqlite) == []
