"""What happens to web processes and workers while what they share is held or away.

Real servers and processes: nothing is started again but what was stopped.
"""

import sqlite3
import time
from contextlib import ExitStack, closing

import psycopg
import pytest
from real_servers import running_postgres, running_redis

from benchmarks.durability import running_fleet
from benchmarks.fleet import Fleet

PATIENCE = 240  # seconds: what a busy machine may need for what takes moments
HELD = 30  # seconds


def submit(fleet, name):
    return fleet.ask("POST", "/v1/check", {"url": f"https://{name}.example/", "wait": 0})


def accepted(fleet, name):
    """Submit an address until it is taken in, as a caller would; return its scan."""
    until = time.monotonic() + PATIENCE
    while True:
        status, headers, told = submit(fleet, name)
        if status == 202:
            return told["scan"]
        assert status == 503
        assert int(headers["Retry-After"]) > 0
        assert time.monotonic() < until
        time.sleep(1)


def finding(fleet, scan):
    """Wait for the end of a scan, and return its verdict, or why there is none."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        status, _, told = fleet.ask("GET", f"/v1/scans/{scan}")
        if status == 200 and told["status"] == "done":
            return told["verdict"]["unknown_because"] or told["verdict"]["verdict"]
        time.sleep(0.2)
    raise AssertionError("the scan never ended")


def becomes_ready(fleet, status):
    until = time.monotonic() + PATIENCE
    while (answer := fleet.ask("GET", "/readyz"))[0] != status:
        assert time.monotonic() < until
        time.sleep(0.2)
    return answer[2]


def refused(fleet, name):
    status, headers, told = submit(fleet, name)
    assert (status, told["code"]) == (503, "store_unavailable")
    assert int(headers["Retry-After"]) > 0
    return True


def unharmed(fleet):
    return all(member.alive for member in fleet.members)


def hold(where):
    """Take what every writer needs, until the connection is closed."""
    if isinstance(where, str):
        connection = psycopg.connect(where)
        connection.execute("LOCK TABLE scans IN EXCLUSIVE MODE")
        return connection
    connection = sqlite3.connect(where, isolation_level=None, timeout=PATIENCE)
    connection.execute("BEGIN IMMEDIATE")
    return connection


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["embedded/sqlite", "embedded/postgres"])
def test_a_write_lock_held_for_half_a_minute_costs_a_503_and_no_scan(kind):
    with running_fleet(kind) as (fleet, where):
        scans = [accepted(fleet, f"before{number}") for number in range(6)]
        with closing(hold(where)):
            until = time.monotonic() + HELD
            while time.monotonic() < until:
                assert refused(fleet, "meanwhile")
                look_up = fleet.ask("GET", "/v1/lookup?url=https://meanwhile.example/")
                assert look_up[0] == 200
                assert fleet.answers()
        scans += [accepted(fleet, name) for name in ("meanwhile", "after")]
        assert [finding(fleet, scan) for scan in scans] == ["clean"] * 8
        assert unharmed(fleet)


@pytest.fixture
def shared(tmp_path):
    """A web process and a worker of Celery over PostgreSQL and Redis."""
    with ExitStack() as stack:
        postgres = stack.enter_context(running_postgres(durable=True))
        redis = stack.enter_context(running_redis())
        variables = {
            "BAITWATCH_ENGINE": "celery",
            "BAITWATCH_DATABASE_URL": postgres.new_database(),
            "BAITWATCH_BROKER_URL": redis.url,
            "BAITWATCH_REDIS_URL": redis.url,
        }
        fleet = stack.enter_context(closing(Fleet(tmp_path, variables)))
        fleet.start()
        becomes_ready(fleet, 200)
        assert finding(fleet, accepted(fleet, "zeroth")) == "clean"  # so the worker runs
        yield fleet, postgres, redis


@pytest.mark.timeout(900)
def test_postgres_and_then_redis_may_go_and_come_back(shared):
    fleet, postgres, redis = shared
    scans = [accepted(fleet, f"first{number}") for number in range(6)]
    postgres.stop()
    assert refused(fleet, "second")
    assert becomes_ready(fleet, 503)["code"] == "store_unavailable"
    assert fleet.answers()
    postgres.start()
    scans.append(accepted(fleet, "second"))
    assert [finding(fleet, scan) for scan in scans] == ["clean"] * 7

    redis.stop()
    waiting = accepted(fleet, "third")
    assert becomes_ready(fleet, 503)["detail"] == "The broker does not answer."
    assert fleet.ask("GET", f"/v1/scans/{waiting}")[2]["status"] == "queued"
    redis.start()
    assert finding(fleet, waiting) == "clean"
    assert becomes_ready(fleet, 200)["status"] == "ok"
    assert unharmed(fleet)
