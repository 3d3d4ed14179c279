"""A database that is away, locked or full: callers are told to come again, and nothing is lost."""

import json
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from real_servers import running_postgres

from service.app import create_app
from service.parts import parts
from service.settings import Settings
from service.store.audit import Actor
from service.store.database import Database
from service.store.keys import KEY_SCOPES, create_key

URL = "https://films.example/lighthouse"


class Served:
    """An application over one database, with a key of every scope."""

    def __init__(self, db, settings, world):
        world.pages[URL] = "<p>Honest words.</p>"
        self.app = create_app(settings, steps=world.steps(settings), db=db)
        with self.app.app_context():
            self.workers = parts().workers
        with db.write() as connection:
            key = create_key(connection, "tests", KEY_SCOPES, Actor("tests", world.now))
        self.client = self.app.test_client()
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"

    def check(self, url=URL, wait=0.0):
        return self.client.post("/v1/check", json={"url": url, "wait": wait})

    def done(self, answer):
        """Wait for the scan of a 202, and return its verdict."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            told = self.client.get(answer.headers["Location"])
            if told.status_code == 200 and told.get_json()["status"] == "done":
                return told.get_json()["verdict"]["verdict"]
            time.sleep(0.1)
        raise AssertionError("the scan never ended")


def refused(answer):
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.mimetype == "application/problem+json"
    return True


@pytest.fixture(scope="module")
def postgres():
    with running_postgres() as server:
        yield server


@pytest.fixture
def on_postgres(postgres, tmp_path, world):
    url = postgres.new_database()
    settings = Settings(data=tmp_path, database_url=url, scan_workers=2, stop_grace=2, site_pause=0)
    with closing(Database(settings.store, busy_timeout=1)) as db:
        db.upgrade()
        served = Served(db, settings, world)
        served.workers.start()
        yield served
        world.gate.set()
        served.workers.stop()


def test_a_postgres_that_stops_is_503_and_the_service_recovers_by_itself(
    on_postgres, postgres, world
):
    world.gate.clear()
    running = on_postgres.check()
    assert running.status_code == 202
    while not world.fetched:
        time.sleep(0.01)
    postgres.stop()
    assert refused(on_postgres.check("https://films.example/other"))
    assert on_postgres.client.get("/healthz").status_code == 200
    assert on_postgres.client.get("/readyz").status_code == 503
    world.gate.set()  # what was found meanwhile must be kept until it can be saved
    time.sleep(0.5)
    postgres.start()
    assert on_postgres.done(running) == "clean"
    assert on_postgres.check(wait=10).get_json()["source"] == "cache"
    assert world.fetched == [URL]


@pytest.fixture
def served(db, settings, world):
    made = Served(db, settings, world)
    made.workers.start()
    yield made
    world.gate.set()
    made.workers.stop()


def test_a_write_lock_that_is_held_long_is_503_and_then_all_goes_on(served, settings, world):
    world.gate.clear()
    running = served.check()
    while not world.fetched:
        time.sleep(0.01)
    other = sqlite3.connect(settings.database, isolation_level=None, check_same_thread=False)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        world.gate.set()
        assert refused(served.check("https://films.example/other"))
        threading.Timer(1, other.execute, ["ROLLBACK"]).start()
        waited = served.check("https://films.example/third")
        assert waited.status_code == 202
    assert served.done(running) == "clean"
    assert served.done(waited) == "unknown"  # there is no such page
    assert world.fetched.count(URL) == 1


@pytest.fixture(params=["disk", "limit"])
def full_disk(request, tmp_path):
    """Run a command in a namespace where a folder is a disk of its own, of two megabytes.

    Where nothing may be mounted, not even by root in CI, the other way remains: a limit on files.
    """
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = 'mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"'
    apart = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(folder)]
    if request.param == "limit":
        apart = []
    elif subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here, not even in a namespace")

    def run(script):
        command = [*apart, sys.executable, str(script), str(folder), request.param]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)

    return run


def test_a_full_disk_is_503_and_once_there_is_room_nothing_was_lost(full_disk):
    ran = full_disk(Path(__file__).with_name("full_disk_process.py"))
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["before"] == 202
    assert told["full"] == 503
    assert int(told["retry_after"]) > 0
    assert told["look_up"] == 200
    assert told["ready"] == 503
    assert told["state_while_full"] == "running"
    assert told["after"] == 202
    assert told["states"] == ["done", "done"]
    assert told["fetched"] == 2
    assert told["integrity"] == "ok"
