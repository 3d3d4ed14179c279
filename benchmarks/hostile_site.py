"""Web servers made to break whoever asks them: slow, endless, bombs, lies, pages of 100,000 levels.

Each behaviour has a listener of its own on the loopback address, so that bad TLS, bad HTTP and bad
pages are all the same to set up. They run in a process of their own:

    python -m benchmarks.hostile_site NAME...     prints their ports; ends with its standard input
"""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from benchmarks.hostile import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Behave = Callable[[socket.socket, threading.Event], None]


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PAGE_SIZE = 2_000_000  # bytes: just under the largest page that is read
_PACE = 0.05  # seconds between two drops


@dataclass(frozen=True)
class Hostile:
    """One behaviour; ``codes`` are the reasons of ``unknown`` it may end with; none: any."""

    name: str
    behave: Behave
    codes: tuple[str, ...] = ()
    scheme: str = "http"


def sends(*pieces: bytes) -> Behave:
    def behave(conn: socket.socket, _stopped: threading.Event) -> None:
        for piece in pieces:
            conn.sendall(piece)

    return behave


def drips(before: bytes, drops: Iterable[bytes]) -> Behave:
    def behave(conn: socket.socket, stopped: threading.Event) -> None:
        conn.sendall(before)
        for drop in drops:
            if stopped.wait(_PACE):
                return
            conn.sendall(drop)

    return behave


def floods(before: bytes, flood: bytes) -> Behave:
    def behave(conn: socket.socket, stopped: threading.Event) -> None:
        conn.sendall(before)
        while not stopped.is_set():
            conn.sendall(flood)

    return behave


def stalls(before: bytes = b"") -> Behave:
    def behave(conn: socket.socket, stopped: threading.Event) -> None:
        conn.sendall(before)
        stopped.wait(60)

    return behave


def resets(before: bytes) -> Behave:
    def behave(conn: socket.socket, _stopped: threading.Event) -> None:
        conn.sendall(before)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


def page(body: bytes) -> Behave:
    return sends(OK + b"Content-Length: %d\r\n\r\n" % len(body), body)


def written(make: Callable[[int], bytes]) -> Behave:
    def behave(conn: socket.socket, stopped: threading.Event) -> None:
        page(make(PAGE_SIZE))(conn, stopped)

    return behave


def packed(encoding: bytes, body: bytes) -> Behave:
    return sends(OK + b"Content-Encoding: %b\r\n\r\n" % encoding, body)


def redirects(location: bytes, pause: float = 0.0) -> Behave:
    def behave(conn: socket.socket, stopped: threading.Event) -> None:
        stopped.wait(pause)
        conn.sendall(b"HTTP/1.1 302 Found\r\nLocation: %b\r\n\r\n" % location)

    return behave


def _deflated_mebibyte() -> tuple[bytes, bytes]:
    """Make the head of a gzip stream, and a block that stands for a mebibyte however often."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    return head, packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)


GZIP_HEAD, GZIP_MEBIBYTE = _deflated_mebibyte()
GZIPPED = OK + b"Content-Encoding: gzip\r\n\r\n" + GZIP_HEAD
DOUBLE_BOMB = gzip.compress(gzip.compress(bytes(2**28)))
# A frame of zstd, and a stream of brotli, that stand for far more than they are; neither was asked
# for, so what matters is that nothing undoes them.
ZSTD_BOMB = b"\x28\xb5\x2f\xfd\xa0\x00\x00\x00\x10" + b"\x02\x00\x10\x00" * 2_000
BROTLI_BOMB = b"\x5b\xff\xff\xff" + bytes(5_000)

TIME, FRAMING, SIZE = ("timeout",), ("protocol_error",), ("too_large",)

SERVERS = (
    Hostile("says nothing", stalls(), TIME),
    Hostile("slow status line", drips(b"", itertools.repeat(b"H")), (*TIME, *FRAMING)),
    Hostile("slow header", drips(OK + b"X: ", itertools.repeat(b"a")), TIME),
    Hostile("slow body", drips(OK + b"\r\n", itertools.repeat(b"a")), TIME),
    Hostile("slow chunk line", drips(CHUNKED + b"5;", itertools.repeat(b"a")), TIME),
    Hostile("slow trailer", drips(CHUNKED + b"0\r\nA: ", itertools.repeat(b"b")), TIME),
    Hostile("slow gzip", drips(GZIPPED, itertools.repeat(b"\x00")), (*TIME, *FRAMING)),
    Hostile("slow early hints", drips(b"", itertools.repeat(b"HTTP/1.1 103 E\r\n\r\n")), TIME),
    Hostile("stops in the body", stalls(OK + b"Content-Length: 10000\r\n\r\n<p>half"), TIME),
    Hostile("slow redirects", redirects(b"/", pause=3.0), TIME),
    Hostile("says nothing in TLS", stalls(), TIME, "https"),
    Hostile("no TLS where TLS is due", sends(OK + b"\r\nplain"), ("tls",), "https"),
    Hostile("broken TLS", sends(b"\x16\x03\x03\x40\x00" + b"\xff" * 20_000), ("tls",), "https"),
    Hostile("TLS that is reset", resets(b"\x16\x03"), ("tls",), "https"),
    Hostile("endless body", floods(OK + b"\r\n", b"a" * 65_536), SIZE),
    Hostile("endless chunks", floods(CHUNKED, b"10000\r\n" + b"a" * 65_536 + b"\r\n"), SIZE),
    Hostile("endless tiny chunks", floods(CHUNKED, b"1\r\na\r\n" * 1000), FRAMING),
    Hostile("endless chunk line", floods(CHUNKED, b"0" * 1000), FRAMING),
    Hostile("endless trailers", floods(CHUNKED + b"0\r\n", b"A: b\r\n" * 1000), FRAMING),
    Hostile("endless headers", floods(OK, b"X: y\r\n" * 1000), FRAMING),
    Hostile("endless header of blanks", floods(OK + b"X: ", b" " * 10_000), FRAMING),
    Hostile("endless status line", floods(b"HTTP/1.1 200 ", b"y" * 10_000), FRAMING),
    Hostile("flood of early hints", floods(b"", b"HTTP/1.1 103 E\r\nLink: </x>\r\n\r\n"), FRAMING),
    Hostile("flood of random bytes", floods(b"", bytes(range(256)) * 10), FRAMING),
    Hostile("endless gzip", floods(GZIPPED, GZIP_MEBIBYTE), SIZE),
    Hostile("endless empty gzip", floods(GZIPPED, b"\x00\x00\x00\xff\xff" * 1000), SIZE),
    Hostile("gzip bomb", packed(b"gzip", gzip.compress(bytes(2**28))), SIZE),
    Hostile("gzip bomb in a gzip", packed(b"gzip", DOUBLE_BOMB)),
    Hostile("twice gzip, as declared", packed(b"gzip, gzip", DOUBLE_BOMB), FRAMING),
    Hostile("deflate bomb", packed(b"deflate", zlib.compress(bytes(2**28))), FRAMING),
    Hostile("brotli bomb", packed(b"br", BROTLI_BOMB), FRAMING),
    Hostile("zstd bomb", packed(b"zstd", ZSTD_BOMB), FRAMING),
    Hostile("gzip that is none", packed(b"gzip", b"<p>plain"), FRAMING),
    Hostile(
        "huge length", floods(OK + b"Content-Length: 99999999999\r\n\r\n", b"a" * 65_536), SIZE
    ),
    Hostile("length beyond the body", sends(OK + b"Content-Length: 100\r\n\r\nhalf"), FRAMING),
    Hostile("length short of the body", sends(OK + b"Content-Length: 7\r\n\r\n<p>word and more")),
    Hostile(
        "two lengths", sends(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), FRAMING
    ),
    Hostile("negative length", sends(OK + b"Content-Length: -1\r\n\r\nab"), FRAMING),
    Hostile("HTTP/0.9", sends(b"<html><body>This is a page of 1991.\n</body>"), FRAMING),
    Hostile("HTTP/2 unasked", sends(b"\x00\x00\x12\x04" + bytes(20)), FRAMING),
    Hostile("another protocol", sends(b"SSH-2.0-OpenSSH_9.6\r\n"), FRAMING),
    Hostile("closes at once", sends(), FRAMING),
    Hostile("resets at once", resets(b""), FRAMING),
    Hostile("resets in the body", resets(OK + b"Content-Length: 100\r\n\r\nhalf"), (*FRAMING,)),
    Hostile("redirect loop", redirects(b"/"), ("too_many_redirects",)),
    Hostile(
        "redirect inside", redirects(b"http://127.0.0.1:1/"), ("refused_url", "refused_address")
    ),
    Hostile("redirect to a file", redirects(b"file:///etc/passwd"), ("refused_url",)),
)


def _depth(tag: str) -> bytes:
    return f"<{tag}>".encode() * 100_000 + b"deep"


BAIT = (
    b'<p>Click <a href="http://o%d.example/">here</a> to watch the full movie online for free</p>'
)

# Pages that are well served and dear to read or to judge; any verdict is an answer.
WRITTEN = (
    Hostile("100,000 divs deep", page(_depth("div"))),
    Hostile("100,000 tables deep", page(_depth("table><tr><td"))),
    Hostile("100,000 svg deep", page(_depth("svg"))),
    Hostile("one huge attribute", page(b'<a href="' + b"a" * 1_900_000 + b'">x</a>')),
    Hostile("100,000 attributes", page(b"<p " + b" ".join(b"a%d=b" % n for n in range(100_000)))),
    Hostile("one huge word", page(b"<p>" + b"a" * 1_900_000)),
    Hostile("bait in 20,000 paragraphs", page(b"".join(BAIT % n for n in range(20_000)))),
    Hostile("numbers alone", page(b"<p>" + b" ".join(b"%d" % n for n in range(250_000)))),
)
PARSER_BREAKERS = tuple(
    Hostile(name, written(make)) for name, make in PAGES.items() if not name.startswith("plain:")
)


EVERY = (*SERVERS, *WRITTEN, *PARSER_BREAKERS)


class SiteProcess:
    """Servers in a process of their own; a context manager."""

    def __init__(self, hostiles: Sequence[Hostile]) -> None:
        names = [hostile.name for hostile in hostiles]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.hostile_site", *names],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.ports: list[int] = json.loads(self._process.stdout.readline())
        self.places = list(zip(hostiles, self.ports, strict=True))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)


def _accept(hostile: Hostile, listener: socket.socket, stopped: threading.Event) -> None:
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=_serve, args=(hostile, conn, stopped), daemon=True).start()


def _serve(hostile: Hostile, conn: socket.socket, stopped: threading.Event) -> None:
    conn.settimeout(30)
    with conn, contextlib.suppress(OSError):
        request = conn.recv(10_000)
        while hostile.scheme == "http" and not request.endswith(b"\r\n\r\n"):
            received = conn.recv(10_000)
            if not received:
                return
            request += received
        hostile.behave(conn, stopped)


def main(*names: str) -> None:
    """Listen for every behaviour that is named, and print the ports in the same order."""
    # Who attacks has machines of his own: here he gets what the service leaves.
    os.nice(10)
    by_name = {hostile.name: hostile for hostile in EVERY}
    places = [(by_name[name], socket.create_server(("127.0.0.1", 0))) for name in names]
    stopped = threading.Event()
    for hostile, listener in places:
        threading.Thread(target=_accept, args=(hostile, listener, stopped), daemon=True).start()
    print(json.dumps([listener.getsockname()[1] for _, listener in places]), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
