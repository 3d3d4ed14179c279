"""The database file: its form, its durability, its failures."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from service.errors import StoreUnavailableError
from service.store.audit import Actor, record_action
from service.store.database import Database
from service.store.tables import AUDIT, METADATA


def actions(db):
    with db.read() as connection:
        return [subject for (subject,) in connection.execute(select(AUDIT.c.subject))]


def act(db, subject, now):
    with db.write() as connection:
        record_action(connection, Actor("tests", now), "act", subject)


def test_the_migrations_make_exactly_the_tables_of_the_code(db):
    with db.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_upgrading_again_changes_nothing(db, now):
    act(db, "kept", now)
    db.upgrade()
    assert actions(db) == ["kept"]


def test_many_may_upgrade_at_once(tmp_path):
    path = tmp_path / "new.sqlite3"

    def upgrade(_):
        database = Database(path, busy_timeout=20)
        database.upgrade()
        database.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(upgrade, range(6)))
    database = Database(path)
    assert actions(database) == []
    database.close()


def test_what_is_committed_is_on_the_disk(db):
    with db.write() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_an_error_in_a_transaction_leaves_nothing_of_it(db, now):
    with pytest.raises(ZeroDivisionError), db.write() as connection:
        record_action(connection, Actor("tests", now), "act", "half")
        _ = 1 / 0
    assert actions(db) == []
    act(db, "next", now)
    assert actions(db) == ["next"]


def test_a_held_lock_is_waited_for(db, now):
    with closing(sqlite3.connect(db.path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, other.execute, ["ROLLBACK"]).start()
        began = time.monotonic()
        act(db, "waited", now)
        assert time.monotonic() - began > 0.25
    assert actions(db) == ["waited"]


def test_a_lock_held_too_long_is_named_and_reading_goes_on(db, now):
    with closing(sqlite3.connect(db.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError):
            act(db, "refused", now)
        assert actions(db) == []
        other.execute("ROLLBACK")
    act(db, "next", now)
    assert actions(db) == ["next"]


def test_a_full_disk_is_named_stores_nothing_and_is_recovered_from(db, now):
    allow_pages(db, 40)
    with pytest.raises(StoreUnavailableError), db.write() as connection:
        for _ in range(100):
            record_action(connection, Actor("tests", now), "act", "x" * 10_000)
    assert actions(db) == []
    allow_pages(db, 1_000_000)
    act(db, "next", now)
    assert actions(db) == ["next"]


def allow_pages(db, number):
    with db.write() as connection:
        connection.execute(text(f"PRAGMA max_page_count = {number}"))


def test_a_file_that_cannot_be_written_is_named(db, now):
    read_only = Database(db.path, busy_timeout=1)
    with read_only.read() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(StoreUnavailableError):
        act(read_only, "refused", now)
    read_only.close()
    assert actions(db) == []


def test_writers_in_many_threads_all_get_their_turn(db, now):
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: act(db, str(number), now), range(64)))
    assert sorted(actions(db), key=int) == [str(number) for number in range(64)]


def test_a_time_without_a_zone_is_refused(db, now):
    with pytest.raises(Exception, match="zone"):
        act(db, "x", now.replace(tzinfo=None))
