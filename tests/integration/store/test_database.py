"""The database, on each kind: its form, its durability, its failures."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError

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


def test_many_may_upgrade_at_once(empty, opened):
    databases = [opened(empty, busy_timeout=20) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(Database.upgrade, databases))
    assert actions(opened(empty)) == []


def test_an_error_in_a_transaction_leaves_nothing_of_it(db, now):
    with pytest.raises(ZeroDivisionError), db.write() as connection:
        record_action(connection, Actor("tests", now), "act", "half")
        _ = 1 / 0
    assert actions(db) == []
    act(db, "next", now)
    assert actions(db) == ["next"]


@contextmanager
def writing(db):
    """Hold the write turn from another thread, as another process would."""
    holds, done = threading.Event(), threading.Event()

    def hold():
        with db.write():
            holds.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert holds.wait(10)
    try:
        yield done
    finally:
        done.set()
        holder.join()


def test_another_writer_is_waited_for(db, empty, opened, now):
    with writing(opened(empty)) as done:
        threading.Timer(0.3, done.set).start()
        began = time.monotonic()
        act(db, "waited", now)
        assert time.monotonic() - began > 0.25
    assert actions(db) == ["waited"]


def test_a_writer_that_takes_too_long_is_named_and_reading_goes_on(db, empty, opened, now):
    with writing(opened(empty)):
        with pytest.raises(StoreUnavailableError):
            act(db, "refused", now)
        assert actions(db) == []
    act(db, "next", now)
    assert actions(db) == ["next"]


def test_a_reader_sees_one_state_however_much_is_written_meanwhile(db, now):
    with db.read() as connection:
        count = select(func.count()).select_from(AUDIT)
        before = connection.execute(count).scalar()
        act(db, "meanwhile", now)
        assert connection.execute(count).scalar() == before == 0
    assert actions(db) == ["meanwhile"]


def test_what_no_retry_would_mend_is_not_called_busy(db):
    with pytest.raises(DBAPIError), db.write() as connection:
        connection.execute(insert(AUDIT).values(subject="no time, no name"))


def test_writers_in_many_threads_all_get_their_turn(db, now):
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: act(db, str(number), now), range(64)))
    assert sorted(actions(db), key=int) == [str(number) for number in range(64)]


def test_a_time_without_a_zone_is_refused(db, now):
    with pytest.raises(Exception, match="zone"):
        act(db, "x", now.replace(tzinfo=None))
