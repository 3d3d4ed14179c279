"""What is PostgreSQL's own: a server that goes away, a password that nobody may see."""

import threading
import time

import psycopg
import pytest
from test_database import act, actions

from service.errors import StoreUnavailableError
from service.store.database import Database


def test_a_server_that_goes_away_is_named_and_found_again_without_a_restart(postgres, opened, now):
    db = opened(postgres.new_database())
    db.upgrade()
    act(db, "before", now)
    postgres.stop()
    with pytest.raises(StoreUnavailableError):
        act(db, "refused", now)
    with pytest.raises(StoreUnavailableError):
        actions(db)
    postgres.start()
    act(db, "after", now)
    assert actions(db) == ["before", "after"]


def test_a_server_that_ends_in_the_middle_of_a_write_keeps_nothing_of_it(postgres, opened, now):
    db = opened(postgres.new_database())
    db.upgrade()
    with pytest.raises(StoreUnavailableError), db.write() as connection:
        connection.exec_driver_sql("SELECT 1")
        postgres.stop()
        connection.exec_driver_sql("SELECT 1")
    postgres.start()
    assert actions(db) == []


def test_a_writer_that_dies_gives_its_turn_back(postgres, opened, now):
    url = postgres.new_database()
    db = opened(url, busy_timeout=10)
    db.upgrade()
    dying = psycopg.connect(url)
    with db.write() as connection:
        high, low = connection.exec_driver_sql(
            "SELECT classid, objid FROM pg_locks WHERE locktype = 'advisory'"
        ).one()
    dying.execute("SELECT pg_advisory_xact_lock(%s::bigint << 32 | %s::bigint)", (high, low))
    threading.Timer(0.3, dying.close).start()
    began = time.monotonic()
    act(db, "next", now)
    assert time.monotonic() - began > 0.2


def test_a_database_that_may_only_be_read_is_named(postgres, opened, now):
    url = postgres.new_database()
    opened(url).upgrade()
    name = url.partition("@/")[2].partition("?")[0]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    db = opened(url)
    with pytest.raises(StoreUnavailableError):
        act(db, "refused", now)
    assert actions(db) == []


def test_a_password_is_never_shown():
    assert "hush" not in Database("postgresql://a:hush@db.example/name").place


@pytest.mark.parametrize("address", ["", "no address", "postgresql//a"])
def test_what_is_no_address_is_named(address):
    with pytest.raises(StoreUnavailableError, match="BAITWATCH_DATABASE_URL"):
        Database(address)
