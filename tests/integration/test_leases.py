"""Leases: renewed while their process lives, taken back once it is gone, given back at the end."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from model.url import canonicalize_url
from service.engines.leases import TERM, Leases, holder_is_gone, lease_of, new_lease
from service.process_mark import process_mark
from service.store.claims import any_scan_waits, claim_oldest
from service.store.database import Database
from service.store.scans import Wanted, read_scan, submit_scans

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://films.example/"


class Clocks:
    """The table's clock and the process's own, which a test moves."""

    def __init__(self):
        self.now = START
        self.seconds = 0.0

    def pass_time(self, seconds):
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def clocks():
    return Clocks()


@pytest.fixture
def db(tmp_path):
    database = Database(tmp_path / "baitwatch.sqlite3", busy_timeout=1)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def scan(db):
    return submit_scans(db, [Wanted(URL, canonicalize_url(URL))], START)[0]


@pytest.fixture
def leases(db, clocks):
    made = Leases(db, lambda: clocks.now, 600, renew_every=0.05, seconds=lambda: clocks.seconds)
    yield made
    made.stop()


def eventually(true):
    until = time.monotonic() + 10
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_two_claims_of_a_process_have_two_leases_and_both_are_held():
    first, second = new_lease(), new_lease()
    assert first != second
    assert len(first) <= 64
    assert not holder_is_gone(first)


def test_the_lease_of_a_process_that_was_killed_is_known_at_once():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        lease = lease_of(process_mark(process.pid))
        assert not holder_is_gone(lease)
        process.kill()
        eventually(lambda: holder_is_gone(lease))


def test_a_process_that_has_the_number_of_a_dead_one_is_another():
    assert holder_is_gone(lease_of(f"{os.getpid()}.1"))


@pytest.mark.parametrize(
    "lease", ["0badcafe.4194305.1-a", "4194305.1-a", "4194305-a", "", "-", "."]
)
def test_nobody_here_knows_about_processes_of_elsewhere(lease):
    assert not holder_is_gone(lease)


def test_a_lease_is_renewed_as_long_as_its_scan_runs(db, clocks, scan, leases):
    lease = new_lease()
    claim_oldest(db, lease, lambda: clocks.now, TERM)
    with leases.held(lease):
        leases.start()
        for _ in range(3):
            clocks.pass_time(TERM.total_seconds() - 1)
            eventually(lambda: not any_scan_waits(db, clocks.now + timedelta(seconds=2)))
    clocks.pass_time(TERM.total_seconds() + 1)
    assert any_scan_waits(db, clocks.now)


def test_a_scan_that_hangs_is_not_answered_for_any_more(db, clocks, scan, leases):
    lease = new_lease()
    claim_oldest(db, lease, lambda: clocks.now, TERM)
    with leases.held(lease):
        clocks.pass_time(601)
        leases.renew()
        assert any_scan_waits(db, clocks.now)


def test_a_scan_of_a_process_that_dies_meanwhile_goes_back_with_its_try(db, clocks, scan, leases):
    leases.start()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        claim_oldest(db, lease_of(process_mark(process.pid)), lambda: clocks.now, TERM)
        assert read_scan(db, scan.id).state == "running"
        process.kill()
        eventually(lambda: read_scan(db, scan.id).state == "queued")
    assert read_scan(db, scan.id).tries == 1


def test_what_is_held_at_the_end_is_given_back_without_its_try(db, clocks, scan, leases):
    lease = new_lease()
    claim_oldest(db, lease, lambda: clocks.now, TERM)
    with leases.held(lease):
        leases.stop()
        assert (read_scan(db, scan.id).state, read_scan(db, scan.id).tries) == ("queued", 0)
