"""What one process changes counts in every other within a second, however much it remembers."""

import socket
import time

import pytest
from test_serve_process import Served

from model.url import canonicalize_url
from service.clock import utc_now
from service.store.audit import Actor
from service.store.database import Database
from service.store.decisions import record_decision, revoke_decision
from service.store.keys import every_key, revoke_key

URL = "https://films.example/lighthouse"
PROMISED = 1.0  # seconds: what is asked later than this sees the change


@pytest.fixture
def served(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    one = Served(tmp_path, port)
    one.verdict(URL, one.key)
    yield one
    one.kill()


@pytest.fixture
def elsewhere(served, tmp_path):
    """The same database, opened by this process; the service is another."""
    db = Database(tmp_path / "baitwatch.sqlite3")
    yield db
    db.close()


def looked_up(served):
    """Look the address up as often as it takes to be remembered wherever it can be."""
    for _ in range(3):
        answer = served.ask("GET", f"/v1/lookup?url={URL}", key=served.key)
    return answer


def test_a_key_that_is_revoked_elsewhere_is_refused(served, elsewhere):
    assert looked_up(served)[0] == 200
    (key,) = every_key(elsewhere)
    revoke_key(elsewhere, key.prefix, Actor("ada", utc_now()))
    time.sleep(PROMISED)
    assert served.ask("GET", f"/v1/lookup?url={URL}", key=served.key)[0] == 401


def test_a_ruling_and_its_end_count_that_come_from_elsewhere(served, elsewhere):
    assert looked_up(served)[1]["verdict"] == "clean"
    actor = Actor("ada", utc_now())
    made = record_decision(elsewhere, canonicalize_url(URL), "bait", "page", None, actor)
    time.sleep(PROMISED)
    assert looked_up(served)[1]["verdict"] == "bait"
    revoke_decision(elsewhere, made.id, actor)
    time.sleep(PROMISED)
    assert looked_up(served)[1]["verdict"] == "clean"
