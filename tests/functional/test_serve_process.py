"""The serving process: how it starts, what it survives, how it stops."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("serving_process.py")

# What a busy machine may need for what takes moments; no test measures time.
PATIENCE = 120


class Served:
    """One run of the server over a data folder."""

    def __init__(self, data: Path, port: int, grace: float = 60) -> None:
        self.port = port
        self.log = (data / "stderr").open("ab")
        variables = {
            "HTTPS_PROXY": "http://user:secret@proxy.example:3128",
            "BAITWATCH_STOP_GRACE": str(grace),
        }
        self.process = subprocess.Popen(
            [sys.executable, SCRIPT, str(data), str(port)],
            stdout=subprocess.PIPE,
            stderr=self.log,
            env={**os.environ, **variables},
            start_new_session=True,
        )
        self.key = self.process.stdout.readline().decode().strip()

    def ask(self, method, path, body=None, key=""):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {"Authorization": f"Bearer {key}"}
            connection.request(method, path, body and json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self._close()

    def verdict(self, url, key):
        """Check an address, again where the wait runs out, until there is a verdict."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            status, told = self.ask("POST", "/v1/check", {"url": url, "wait": 20}, key)
            if status != 202:
                return status, told
        raise AssertionError(f"{url} has no verdict")

    def listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE).close()
        except (ConnectionRefusedError, ConnectionResetError):  # reset: it closed as we came
            return False
        return True

    def terminate(self) -> int:
        self.process.terminate()
        return self.ended()

    def ended(self) -> int:
        code = self.process.wait(PATIENCE)
        self._close()
        return code

    def _close(self) -> None:
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.log.close()


@pytest.fixture
def start(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    runs = []

    def run(grace=60):
        runs.append(Served(tmp_path, port, grace))
        return runs[-1]

    yield run
    for served in runs:
        if served.process.poll() is None:
            served.kill()


def test_a_scan_survives_kill_and_ends_after_the_next_start(start, tmp_path):
    served = start()
    key = served.key
    status, scan = served.ask("POST", "/v1/check", {"url": "https://slow.example/", "wait": 1}, key)
    assert status == 202
    served.kill()
    (tmp_path / "go").touch()
    again = start()
    assert again.key == ""
    status, verdict = again.verdict("https://slow.example/", key)
    assert (status, verdict["verdict"]) == (200, "clean")
    done = again.ask("GET", f"/v1/scans/{scan['scan']}", key=key)[1]
    assert done["status"] == "done"
    assert (tmp_path / "fetched").read_text().count("slow") == 2


def fetching(data):
    """Wait until the slow page is being fetched."""
    until = time.monotonic() + PATIENCE
    while not (data / "fetched").exists():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_stop_lets_a_running_scan_finish(start, tmp_path):
    served = start()
    body = {"url": "https://slow.example/", "wait": 0}
    scan = served.ask("POST", "/v1/check", body, served.key)[1]["scan"]
    fetching(tmp_path)
    served.process.terminate()
    while served.listens():
        time.sleep(0.02)
    (tmp_path / "go").touch()
    assert served.ended() == 0
    again = start()
    assert again.ask("GET", f"/v1/scans/{scan}", key=served.key)[1]["status"] == "done"
    assert (tmp_path / "fetched").read_text().count("slow") == 1


def test_a_stop_gives_back_a_scan_that_outlasts_the_grace(start, tmp_path):
    served = start(grace=1)
    body = {"url": "https://slow.example/", "wait": 0}
    served.ask("POST", "/v1/check", body, served.key)
    fetching(tmp_path)
    # The page never comes, so whoever waited for it would not end.
    assert served.terminate() == 0
    with closing(sqlite3.connect(tmp_path / "baitwatch.sqlite3")) as connection:
        rows = connection.execute("SELECT state, tries, lease FROM scans").fetchall()
    assert rows == [("queued", 0, None)]


def test_sixty_half_sent_requests_do_not_stop_it(start):
    served = start()
    with ExitStack() as stack:
        for _ in range(60):
            half = stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            half.sendall(
                b"POST /v1/judge HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
            )
        time.sleep(0.5)
        assert served.ask("GET", "/healthz")[0] == 200


BROKEN_FRAMING = {
    "a chunk size that is none": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk cut short": b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
    "a body cut short": b"Content-Length: 50\r\n\r\n{}",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "a length and chunks": b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": b"Content-Length: -1\r\n\r\n{}",
    "no proper header": b"no colon\r\n\r\n",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = Served(tmp_path_factory.mktemp("running"), port)
    yield served
    served.terminate()


@pytest.mark.parametrize("rest", BROKEN_FRAMING.values(), ids=BROKEN_FRAMING.keys())
def test_broken_framing_is_refused_and_never_a_5xx(running, rest):
    with socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE) as raw:
        head = (
            f"POST /v1/judge HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {running.key}\r\n"
        )
        raw.sendall(head.encode() + rest)
        raw.shutdown(socket.SHUT_WR)
        answer = raw.makefile("rb").read()
    assert not answer or answer.startswith(b"HTTP/1.1 4"), answer[:200]
    assert running.ask("GET", "/healthz")[0] == 200


def test_many_callers_at_once_are_all_answered(running):
    def check(number):
        # Each page is of a site of its own: those of one site are fetched one after the other.
        return running.verdict(f"https://pages{number % 20}.example/", running.key)[0]

    with ThreadPoolExecutor(40) as pool:
        assert set(pool.map(check, range(120))) == {200}


def test_logs_are_json_and_tell_no_secret(start, tmp_path):
    served = start()
    served.ask("GET", "/v1/lookup?url=https://u:pw@private.example/?token=hush", key=served.key)
    served.terminate()
    text = (tmp_path / "stderr").read_text()
    events = [json.loads(line) for line in text.splitlines()]
    ignored = next(event for event in events if event["event"] == "environment_ignored")
    assert "HTTPS_PROXY" in ignored["set"]
    assert any(event["event"] == "request" for event in events)
    for secret in (served.key, "hush", "private.example", "secret@", "pw@"):
        assert secret not in text
