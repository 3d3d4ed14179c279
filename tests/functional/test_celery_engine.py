"""Celery's workers behind a real broker: what is killed or lost on the way costs no scan."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from real_servers import running_redis

from model.url import canonicalize_url
from service.clock import utc_now
from service.engines.announcer import Announcer
from service.engines.broker import (
    QUEUE,
    BrokerAwayError,
    announce,
    make_broker,
    nothing_waits,
    time_limit,
)
from service.engines.choice import make_engine
from service.engines.runner import longest_scan
from service.scan import Service
from service.settings import Settings
from service.store.database import Database
from service.store.scans import Wanted, read_scan, submit_scans

SCRIPT = Path(__file__).with_name("scanning_process.py")
SLOW = "https://slow.example/"  # ends when the file DATA/go is there
QUICK = "https://quick.example/"
PATIENCE = 120  # seconds: what a busy machine may need for what takes moments


@pytest.fixture(scope="module")
def redis():
    with running_redis() as server:
        yield server


@pytest.fixture
def emptied(redis):
    """A Redis that runs and holds nothing."""
    tell(redis, b"FLUSHALL\r\n")
    return redis


def tell(redis, command):
    with socket.create_connection(("127.0.0.1", redis.port), timeout=10) as talk:
        talk.sendall(command)
        assert talk.recv(16) == b"+OK\r\n"


@pytest.fixture
def settings(tmp_path, emptied):
    return Settings(
        data=tmp_path,
        engine="celery",
        broker_url=emptied.url,
        scan_workers=1,
        stop_grace=3,
        site_pause=0,
    )


@pytest.fixture
def db(settings):
    database = Database(settings.store)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def service(db, settings):
    from serving_process import fake_steps

    return Service(db, fake_steps(settings), settings)


@pytest.fixture
def announcer(service):
    engine = Announcer(service, lost_after=timedelta(seconds=1))
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def work(settings):
    """Start workers, each a process with those below it."""
    variables = {
        "BAITWATCH_ENGINE": "celery",
        "BAITWATCH_BROKER_URL": settings.broker_url.get_secret_value(),
        "BAITWATCH_SCAN_WORKERS": "1",
        "BAITWATCH_SITE_PAUSE": "0",
    }
    with ExitStack() as stack:
        log = stack.enter_context((settings.data / "log").open("ab"))
        processes = []

        def start(grace=3):
            processes.append(
                subprocess.Popen(
                    [sys.executable, SCRIPT, settings.data],
                    env={**os.environ, **variables, "BAITWATCH_STOP_GRACE": str(grace)},
                    stderr=log,
                    start_new_session=True,
                )
            )
            return processes[-1]

        yield start
        for process in processes:
            kill(process)


def kill(process):
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def submit(db, url):
    return submit_scans(db, [Wanted(url, canonicalize_url(url))], utc_now())[0]


def ended(announcer, scan, seconds=PATIENCE):
    return announcer.wait_for(scan, time.monotonic() + seconds)


def running(db, scan):
    until = time.monotonic() + PATIENCE
    while read_scan(db, scan.id).state != "running":
        assert time.monotonic() < until
        time.sleep(0.05)


def fetches(settings):
    return (settings.data / "fetched").read_text().split()


def test_a_scan_is_run_by_a_worker_and_a_stop_waits_for_the_one_that_runs(
    db, settings, announcer, work
):
    worker = work(grace=60)
    done = ended(announcer, submit(db, QUICK))
    assert (done.finding.verdict.verdict, done.tries) == ("clean", 1)
    slow = submit(db, SLOW)
    announcer.wake()
    running(db, slow)
    worker.terminate()
    time.sleep(0.5)
    (settings.data / "go").touch()
    assert worker.wait(PATIENCE) == 0
    stored = read_scan(db, slow.id)
    assert (stored.state, stored.tries) == ("done", 1)
    assert fetches(settings) == [QUICK, SLOW]


def test_a_scan_whose_worker_is_killed_is_run_by_the_next(db, settings, announcer, work):
    worker = work()
    scan = submit(db, SLOW)
    announcer.wake()
    running(db, scan)
    kill(worker)
    (settings.data / "go").touch()
    work()
    done = ended(announcer, scan)
    assert (done.state, done.tries) == ("done", 2)


def test_a_scan_whose_process_is_killed_is_run_again_by_the_same_worker(
    db, settings, announcer, work
):
    worker = work()
    scan = submit(db, SLOW)
    announcer.wake()
    running(db, scan)
    below = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    (settings.data / "go").touch()
    for pid in below:
        os.kill(int(pid), signal.SIGKILL)
    done = ended(announcer, scan)
    assert done.state == "done"
    assert worker.poll() is None


def test_a_stop_does_not_wait_longer_than_its_grace_and_loses_nothing(
    db, settings, announcer, work
):
    worker = work()
    scan = submit(db, SLOW)
    announcer.wake()
    running(db, scan)
    # The page never comes, so whoever waited for it would not end.
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    (settings.data / "go").touch()
    work()
    assert ended(announcer, scan).state == "done"


def test_a_stop_ends_though_the_broker_is_away(db, emptied, announcer, work):
    worker = work()
    scan = submit(db, SLOW)
    announcer.wake()
    running(db, scan)
    emptied.stop()
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    emptied.start()
    assert read_scan(db, scan.id).state != "done"


def test_a_broker_that_stops_and_starts_costs_a_wait_and_nothing_else(db, emptied, announcer, work):
    work()
    assert ended(announcer, submit(db, QUICK)).state == "done"
    emptied.stop()
    scan = submit(db, "https://meanwhile.example/")
    assert ended(announcer, scan, seconds=2).state == "queued"
    emptied.start()
    assert ended(announcer, scan).state == "done"


def test_a_message_that_the_broker_lost_is_sent_again(db, emptied, announcer, work):
    scan = submit(db, QUICK)
    assert ended(announcer, scan, seconds=0.5).state == "queued"
    tell(emptied, b"FLUSHALL\r\n")
    work()
    assert ended(announcer, scan).state == "done"


def test_each_waiting_scan_is_announced_once_and_by_its_id_alone(db, settings, service):
    scans = [submit(db, f"https://{name}.example/") for name in "ab"]
    engine = Announcer(service)
    engine.start()
    for scan in scans:
        assert ended(engine, scan, seconds=1.5).state == "queued"
    engine.stop()
    broker = make_broker(settings)
    assert not nothing_waits(broker)
    with broker.connection_or_acquire() as connection:
        queue = connection.SimpleQueue(QUEUE)
        messages = [queue.get(timeout=5) for _ in scans]
        for message in messages:
            message.ack()
        queue.close()
    assert nothing_waits(broker)
    assert [message.payload[0] for message in messages] == [[scan.id] for scan in scans]


def test_a_broker_that_is_away_is_named(settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        broker = make_broker(Settings(data=settings.data, engine="celery", broker_url=url))
        with pytest.raises(BrokerAwayError):
            announce(broker, ["0" * 32])
        with pytest.raises(BrokerAwayError):
            nothing_waits(broker)


def test_a_message_is_not_given_to_another_while_its_scan_may_still_run(settings):
    conf = make_broker(settings).conf
    assert conf.task_time_limit == time_limit(settings) > longest_scan(settings)
    assert conf.broker_transport_options["visibility_timeout"] > conf.task_time_limit
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.accept_content == ["json"]


def test_the_engine_is_the_one_of_the_settings(service):
    assert isinstance(make_engine(service), Announcer)


def test_celery_without_a_broker_is_refused(tmp_path):
    with pytest.raises(ValidationError, match="BAITWATCH_BROKER_URL"):
        Settings(data=tmp_path, engine="celery")
