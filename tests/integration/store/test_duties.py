"""Duties: one process at a time does something for all, and its end, however it comes, frees it."""

import subprocess
import sys
import time

import psycopg
import pytest

from service.errors import StoreUnavailableError

OTHER = """
import sys
from pathlib import Path
from service.store.database import Database
where = sys.argv[1]
db = Database(where if where.startswith("postgresql:") else Path(where))
with db.duty("sweep") as mine:
    print(mine(), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(empty):
    """Another process that takes the duty, and has it for as long as it lives."""
    command = [sys.executable, "-c", OTHER, str(empty)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


def comes(mine):
    until = time.monotonic() + 60
    while not mine():
        assert time.monotonic() < until
        time.sleep(0.05)
    return True


def test_one_at_a_time_has_it_and_the_next_after_its_block(db, opened, empty):
    with opened(empty).duty("sweep") as theirs:
        with db.duty("sweep") as mine:
            assert [mine(), theirs(), mine()] == [True, False, True]
        assert theirs()


def test_two_duties_are_two(db, opened, empty):
    with db.duty("sweep") as sweep, opened(empty).duty("count") as count:
        assert sweep()
        assert count()


def test_a_process_that_is_killed_has_it_no_more(db, other):
    with db.duty("sweep") as mine:
        assert not mine()
        other.kill()
        assert comes(mine)


def test_whoever_has_it_can_read_and_write_beside_it(db):
    with db.duty("sweep") as mine:
        assert mine()
        with db.write() as connection:
            connection.exec_driver_sql("UPDATE versions SET number = number")
        assert mine()


def test_a_session_that_the_server_ended_has_it_no_more(postgres, opened):
    url = postgres.new_database()
    with opened(url).duty("sweep") as theirs, opened(url).duty("sweep") as mine:
        assert theirs()
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert comes(mine)
        with pytest.raises(StoreUnavailableError):
            theirs()
        assert not theirs()
