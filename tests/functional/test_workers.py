"""The workers: what they take back, what they give up, what they wait out."""

import os
import re
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from model.url import canonicalize_url
from service.engines.leases import lease_of
from service.process_mark import process_mark
from service.scan import Service
from service.serve import first_start
from service.steps import ScanDiedError, ScanNotBegunError
from service.store.claims import claim_oldest, requeue_scans
from service.store.scans import Wanted, read_scan, submit_scans
from service.workers import Workers

URL = "https://films.example/lighthouse"
DEAD = lease_of("4194305.1")  # above the largest number that Linux gives a process
TERM = timedelta(seconds=60)
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def scan(db, world):
    world.pages[URL] = "<p>Honest words.</p>"
    return submit_scans(db, [Wanted(URL, canonicalize_url(URL))], world.now)[0]


@pytest.fixture
def start(db, world, settings):
    running = []

    def begin():
        workers = Workers(Service(db, world.steps(settings), settings))
        workers.start()
        running.append(workers)
        return workers

    yield begin
    world.gate.set()
    for workers in running:
        workers.stop()


def test_scans_of_a_dead_process_are_taken_back_at_the_start(db, world, scan, start):
    claim_oldest(db, DEAD, lambda: world.now, TERM)
    done = start().wait_for(scan, time.monotonic() + 10)
    assert (done.finding.verdict.verdict, done.tries) == ("clean", 2)


def test_scans_of_a_predecessor_with_our_number_are_taken_back_too(db, world, scan, start):
    claim_oldest(db, lease_of(f"{os.getpid()}.1"), lambda: world.now, TERM)
    assert start().wait_for(scan, time.monotonic() + 10).state == "done"


def test_a_process_that_got_a_dead_one_s_number_holds_none_of_its_scans(db, world, scan, start):
    claim_oldest(db, lease_of(f"{os.getppid()}.1"), lambda: world.now, TERM)
    assert start().wait_for(scan, time.monotonic() + 10).state == "done"


def test_a_living_process_keeps_its_scans_until_their_lease_runs_out(db, world, scan, start):
    claim_oldest(db, lease_of(process_mark(os.getppid())), lambda: world.now, TERM)
    workers = start()
    assert workers.wait_for(scan, time.monotonic() + 1.5).state == "running"
    world.pass_time(seconds=61)
    assert workers.wait_for(scan, time.monotonic() + 10).state == "done"


def test_a_scan_that_died_too_often_is_given_up_as_unknown(db, world, scan, start, settings):
    for _ in range(settings.scan_tries):
        claim_oldest(db, DEAD, lambda: world.now, TERM)
        requeue_scans(db, [DEAD])
    done = start().wait_for(scan, time.monotonic() + 10)
    assert done.finding.verdict.unknown_because.code == "crashed"
    assert world.fetched == []


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("api.md", r"dies with its process again and again ends as `unknown` because of `(\w+)`"),
        ("operating.md", r"is then parked as `unknown` because of `(\w+)`"),
    ],
)
def test_the_pages_promise_the_end_of_a_scan_that_dies_as_it_is(
    db, world, scan, start, settings, page, sentence
):
    for _ in range(settings.scan_tries):
        claim_oldest(db, DEAD, lambda: world.now, TERM)
        requeue_scans(db, [DEAD])
    done = start().wait_for(scan, time.monotonic() + 10)
    promised = re.findall(sentence, (DOCS / page).read_text())
    assert promised == [done.finding.verdict.unknown_because.code]


def test_a_scan_whose_process_dies_is_tried_again_and_then_given_up(db, world, scan, settings):
    def scan_dies(url):
        world.fetched.append(url)
        raise ScanDiedError

    steps = replace(world.steps(settings), scan=scan_dies)
    workers = Workers(Service(db, steps, settings))
    workers.start()
    done = workers.wait_for(scan, time.monotonic() + 10)
    workers.stop()
    assert done.finding.verdict.unknown_because.code == "crashed"
    assert world.fetched == [URL] * settings.scan_tries


def test_a_scan_that_no_process_can_be_had_for_keeps_its_tries(db, world, scan, settings):
    refusals = [ScanNotBegunError(), ScanNotBegunError()]
    steps = world.steps(settings)

    def scan_later(asked):
        if refusals:
            raise refusals.pop()
        return steps.scan(asked)

    workers = Workers(Service(db, replace(steps, scan=scan_later), settings))
    workers.start()
    done = workers.wait_for(scan, time.monotonic() + 30)
    workers.stop()
    assert (done.finding.verdict.verdict, done.tries) == ("clean", 1)


class FilledMeanwhile:
    """A database to which a scan is added just after a worker found none in it."""

    def __init__(self, db, add):
        self._db = db
        self._add = add

    def __getattr__(self, name):
        return getattr(self._db, name)

    @contextmanager
    def read(self):
        with self._db.read() as connection:
            yield connection
        if threading.current_thread().name.startswith("scan-"):
            add, self._add = self._add, lambda: None
            add()


def test_a_scan_that_is_queued_while_a_thread_falls_asleep_wakes_it(db, world, settings):
    def queue():
        queued.extend(submit_scans(db, [Wanted(URL, canonicalize_url(URL))], world.now))
        workers.wake()

    queued = []
    world.pages[URL] = "<p>Honest words.</p>"
    one = settings.model_copy(update={"scan_workers": 1})
    service = Service(FilledMeanwhile(db, queue), world.steps(settings), one)
    workers = Workers(service, look_every=300.0)
    workers.start()
    until = time.monotonic() + 60
    while not (queued and read_scan(db, queued[0].id).state == "done"):
        assert time.monotonic() < until
        time.sleep(0.01)
    workers.stop()


def test_a_finding_waits_until_the_database_can_be_written(db, world, scan, start, settings):
    world.gate.clear()
    workers = start()
    while not world.fetched:
        time.sleep(0.01)
    with closing(sqlite3.connect(settings.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        world.gate.set()
        assert workers.wait_for(scan, time.monotonic() + 2.5).state == "running"
        other.execute("ROLLBACK")
    done = workers.wait_for(scan, time.monotonic() + 10)
    assert (done.state, done.tries) == ("done", 1)
    assert world.fetched == [URL]


def test_a_start_while_another_writes_needs_no_turn_of_its_own(db, world, scan, start, settings):
    claim_oldest(db, DEAD, lambda: world.now, TERM)
    first_start(db)
    with closing(sqlite3.connect(settings.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        db.upgrade()
        assert first_start(db) is None
        workers = start()
        other.execute("ROLLBACK")
    assert workers.wait_for(scan, time.monotonic() + 20).state == "done"


def test_a_scan_that_nobody_waits_for_is_run_all_the_same(db, world, scan, start):
    start()
    deadline = time.monotonic() + 10
    while read_scan(db, scan.id).state != "done":
        assert time.monotonic() < deadline
        time.sleep(0.05)
