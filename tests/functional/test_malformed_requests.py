"""The real server under broken requests: always an answer or a closed connection, never a 5xx."""

import errno
import json
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("serving_process.py")
SECONDS = 10
CLOSED = {errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN}  # by the moment the caller finds out
BODY = b'{"urls": ["https://a.example/"]}'


class Server:
    """The serving process, spoken to in bytes."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = (folder / "stderr").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, SCRIPT, str(folder), str(self.port)],
            stdout=subprocess.PIPE,
            stderr=self.log,
        )
        self.key = self.process.stdout.readline().strip()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def send(self, raw, *, end=True):
        """Send bytes, and return the status that comes, or None where the connection is closed."""
        with self.connect() as connection:
            try:
                connection.sendall(raw)
                if end:
                    connection.shutdown(socket.SHUT_WR)
                first = connection.recv(65_536)
            except OSError as error:
                if error.errno not in CLOSED:
                    raise
                return None
        return int(first.split()[1]) if first else None

    def request(self, body, head=b"", method=b"POST", path=b"/v1/lookup", length=None):
        lines = [
            method + b" " + path + b" HTTP/1.1",
            b"Host: localhost",
            b"Authorization: Bearer " + self.key,
            b"Content-Type: application/json",
            b"Content-Length: " + str(len(body) if length is None else length).encode(),
            b"Connection: close",
        ]
        return b"\r\n".join(lines) + b"\r\n" + head + b"\r\n" + body

    def chunked(self, chunks, extra=b""):
        return (
            b"POST /v1/lookup HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Authorization: Bearer " + self.key + b"\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n" + extra + b"\r\n" + chunks
        )

    def healthy_within(self):
        began = time.monotonic()
        assert self.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", end=False) == 200
        return time.monotonic() - began

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()
        self.log.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("malformed"))
    yield running
    running.close()
    log = (running.folder / "stderr").read_text()
    assert "Traceback" not in log
    assert "request_broke" not in log


DEEP = 100_000
BODIES = {
    "a lone surrogate": b'{"urls": ["https://a.example/\\ud800"]}',
    "a surrogate in utf-8": b'{"urls": ["https://a.example/\xed\xa0\x80"]}',
    "deep lists": b'{"urls": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep lists without end": b"[" * DEEP,
    "deep objects": b'{"urls":' * DEEP + b"1" + b"}" * DEEP,
    "a huge integer": b'{"urls": ' + b"9" * 1_000_000 + b"}",
    "a huge exponent": b'{"urls": 1e999999999}',
    "a text for a list": b'{"urls": "https://a.example/"}',
    "numbers for texts": b'{"urls": [1, 2.5, null, true, {}, []]}',
    "binary": bytes(range(256)) * 40,
    "nothing": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_that_cannot_be_read_is_4xx(server, body):
    assert server.send(server.request(body), end=False) == 400


CHUNKS = {
    "no size": b"zz\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a negative size": b"-5\r\nhello\r\n0\r\n\r\n",
    "a size beyond all": b"f" * 40 + b"\r\nx",
    "a size too small": b"2\r\n" + BODY + b"\r\n0\r\n\r\n",
    "half a chunk": b"ff\r\n" + BODY[:9],
    "not even a line": b"2",
}


@pytest.mark.parametrize("chunks", CHUNKS.values(), ids=CHUNKS.keys())
def test_broken_chunks_are_refused(server, chunks):
    status = server.send(server.chunked(chunks))
    assert status is None or 400 <= status < 500


def test_chunks_that_break_off_after_the_last_word_are_no_error_of_ours(server):
    status = server.send(server.chunked(b"20\r\n" + BODY + b"\r\n"))
    assert status is None or status < 500


def test_whole_chunks_are_read(server):
    size = f"{len(BODY):x}\r\n".encode()
    assert server.send(server.chunked(size + BODY + b"\r\n0\r\n\r\n"), end=False) == 200


def raw_heads(server):
    return {
        "two lengths": server.request(BODY, b"Content-Length: 3\r\n"),
        "a length and chunks": server.chunked(b"0\r\n\r\n", b"Content-Length: 5\r\n"),
        "a length that is none": server.request(BODY, length="x"),
        "a negative length": server.request(BODY, length=-1),
        "a length beyond all": server.request(BODY, length=10**30),
        "more announced than sent": server.request(BODY, length=len(BODY) + 50),
        "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
        "two hosts": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "a header without name": server.request(BODY, b": x\r\n"),
        "a header with NUL": server.request(BODY, b"X: a\0b\r\n"),
        "a folded header": server.request(BODY, b"X: a\r\n b\r\n"),
        "a header of a megabyte": server.request(BODY, b"X: " + b"a" * 1_000_000 + b"\r\n"),
        "very many headers": server.request(BODY, b"X: a\r\n" * 10_000),
        "a path of a megabyte": b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n\r\n",
        "a path with NUL": b"GET /v1/lookup?url=\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "a path that is not utf-8": b"GET /v1/scans/%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "an unknown method": b"BREW /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "http/0.9": b"GET /healthz\r\n\r\n",
        "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        "nothing": b"",
    }


def test_a_broken_head_is_refused_or_the_connection_closed(server):
    for name, raw in raw_heads(server).items():
        status = server.send(raw)
        assert status is None or 200 <= status < 500, (name, status)
    assert server.healthy_within() < SECONDS


@pytest.mark.parametrize("path", [b"/v1/lookup", b"/v1/check", b"/v1/judge", b"/v1/reports"])
@pytest.mark.parametrize("kind", [b"text/plain", b"multipart/form-data; boundary=x", b""])
def test_a_body_of_another_type_breaks_nothing(server, path, kind):
    raw = server.request(BODY, path=path).replace(b"application/json", kind)
    assert server.send(raw, end=False) < 500


def test_forty_half_sent_requests_stop_nobody(server):
    with ExitStack() as held:
        for number in range(40):
            connection = held.enter_context(server.connect())
            whole = server.request(BODY, length=len(BODY) + 1000)
            connection.sendall(whole if number % 2 else whole[: len(whole) // 3])
        assert max(server.healthy_within() for _ in range(20)) < 2
        assert server.send(server.request(BODY), end=False) == 200


def test_a_caller_that_goes_away_in_the_middle_harms_nobody(server):
    for _ in range(30):
        with server.connect() as connection:
            connection.sendall(server.request(json.dumps({"urls": ["x"] * 500}).encode())[:-50])
    assert server.healthy_within() < SECONDS
