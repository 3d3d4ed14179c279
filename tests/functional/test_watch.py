"""What a worker tells those who watch it: whether it is ready, and what it has to do."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager, nullcontext
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families
from real_servers import running_redis

from model.url import canonicalize_url
from service.cli import main
from service.clock import utc_now
from service.engines.broker import announce, make_broker
from service.errors import NotReadyError, StoreUnavailableError
from service.settings import Settings
from service.store.database import Database
from service.store.scans import Wanted, submit_scans
from service.watch import Worked, make_watch_app, memory_below

SCRIPT = Path(__file__).with_name("scanning_process.py")
PATIENCE = 120  # seconds: what a busy machine may need for what takes moments


def numbers(text):
    families = text_string_to_metric_families(text)
    return {sample.name: sample.value for family in families for sample in family.samples}


def nothing():
    """Complain of nothing."""


def watched(check_ready=nothing):
    return make_watch_app(Worked(check_ready, lambda: 2, lambda: 17)).test_client()


def test_its_numbers_are_those_of_the_worker():
    told = numbers(watched().get("/metrics").get_data(as_text=True))
    assert told["baitwatch_worker_running"] == 2
    assert told["baitwatch_worker_scans_total"] == 17
    assert told["baitwatch_worker_memory_bytes"] > 2**20


@pytest.mark.parametrize("error", [NotReadyError("No broker."), StoreUnavailableError("No disk.")])
def test_a_part_that_does_not_work_is_named(error):
    def complain():
        raise error

    answer = watched(complain).get("/readyz")
    assert (answer.status_code, answer.get_json()["detail"]) == (503, str(error))
    assert watched(complain).get("/healthz").status_code == 200
    assert watched().get("/readyz").status_code == 200


def test_memory_is_that_of_the_processes_below_too():
    before = memory_below(os.getpid())
    take = "taken = bytearray(50 * 2**20)\nprint(flush=True)\ninput()"
    command = [sys.executable, "-c", f"for i in range(1): pass\n{take}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as below:
        below.stdout.readline()
        assert memory_below(os.getpid()) - before > 45 * 2**20
        below.communicate(b"\n")


@contextmanager
def worker(settings):
    """Run a worker that is watched; yields what asks it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {
        "BAITWATCH_ENGINE": settings.engine,
        "BAITWATCH_SCAN_WORKERS": "2",
        "BAITWATCH_SITE_PAUSE": "0",
        "BAITWATCH_STOP_GRACE": "1",
    }
    if settings.broker_url:
        variables["BAITWATCH_BROKER_URL"] = settings.broker_url.get_secret_value()

    def ask(path):
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
            except ConnectionRefusedError:
                return 0, ""
            return answer.status, answer.read().decode()

    with (settings.data / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, SCRIPT, settings.data, str(port)],
            env={**os.environ, **variables},
            stderr=log,
            start_new_session=True,
        )
    try:
        yield ask
        process.terminate()
        assert process.wait(PATIENCE) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)


def until(true):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def somebody_keeps(db):
    with db.duty("keeping") as mine:
        return not mine()


def test_a_worker_looks_after_the_kept_pages_where_nobody_else_does(tmp_path):
    with closing(Database(tmp_path / "baitwatch.sqlite3")) as db, worker(Settings(data=tmp_path)):
        until(lambda: somebody_keeps(db))
    with closing(Database(tmp_path / "baitwatch.sqlite3")) as db:
        assert not somebody_keeps(db)


@pytest.mark.parametrize("engine", ["embedded", "celery"])
def test_a_worker_can_be_watched(tmp_path, engine):
    celery = engine == "celery"
    with running_redis() if celery else nullcontext() as broker:
        url = broker.url if celery else None
        settings = Settings(data=tmp_path, engine=engine, broker_url=url)
        with closing(Database(settings.database)) as db, worker(settings) as ask:
            until(lambda: ask("/readyz")[0] == 200)
            assert ask("/healthz") == (200, '{"status":"ok"}\n')
            slow = Wanted("https://slow.example/", canonicalize_url("https://slow.example/"))
            (scan,) = submit_scans(db, [slow], utc_now())
            if celery:
                announce(make_broker(settings), [scan.id])
            until(lambda: numbers(ask("/metrics")[1])["baitwatch_worker_running"] == 1)
            (tmp_path / "go").touch()
            until(lambda: numbers(ask("/metrics")[1])["baitwatch_worker_running"] == 0)
            assert numbers(ask("/metrics")[1])["baitwatch_worker_scans_total"] == 1
            if celery:
                broker.stop()
                until(lambda: ask("/readyz")[0] == 503)
                assert json.loads(ask("/readyz")[1])["detail"] == "The broker does not answer."
                broker.start()
                until(lambda: ask("/readyz")[0] == 200)


def test_a_port_that_is_taken_is_said_at_the_start(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        asked = CliRunner().invoke(main, ["worker", "--data", str(tmp_path), "--port", port])
    assert asked.exit_code == 2
    assert f"Cannot listen on 127.0.0.1, port {port}" in asked.output
