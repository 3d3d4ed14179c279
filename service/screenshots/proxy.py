"""The proxy between a browser and the web: it connects where a fetch would be let, and only there.

A browser resolves names, follows redirects and loads parts by itself; all of that passes here, and
each connection is vetted as ``service.fetch`` vets its own.
"""

from __future__ import annotations

import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import h11

from model.url import URL, InvalidUrl, canonicalize_url
from service.fetch.connect import Connector
from service.fetch.errors import FetchError
from service.fetch.limits import Deadline
from service.fetch.network import SYSTEM, Network
from service.fetch.policy import AddressPolicy

_PIECE = 64 * 1024
_MAX_HEAD = 64 * 1024
_AT_ONCE = 64
# What is between the browser and this proxy, and no business of the server.
_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authorization", b"proxy-connection", b"te", b"upgrade"}
)


class _Budget:
    """How many bytes may still come from the web, shared by all connections."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._lock = threading.Lock()

    def take(self, count: int) -> bool:
        """Say whether so many more may pass."""
        with self._lock:
            self._left -= count
            return self._left >= 0


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = _AT_ONCE

    def __init__(self, connector: Connector, deadline: Deadline, budget: _Budget) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connector = connector
        self.deadline = deadline
        self.budget = budget
        self.turns = threading.BoundedSemaphore(_AT_ONCE)

    def handle_error(self, request: object, client_address: object) -> None:
        """Leave a broken connection without a word: the pages are strangers'."""


@contextmanager
def vetting_proxy(
    policy: AddressPolicy, *, seconds: float, max_bytes: int, network: Network = SYSTEM
) -> Iterator[int]:
    """Serve a proxy on a loopback port, which is yielded, until the block ends.

    It takes ``CONNECT``, and ``GET`` and ``HEAD`` of ``http`` addresses. A connection that the
    policy refuses is closed without an answer, and so is every one after ``seconds``, or once
    ``max_bytes`` have come from the web.
    """
    deadline = Deadline(seconds, network.clock)
    with _Server(Connector(network, policy, deadline), deadline, _Budget(max_bytes)) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()


class _Handler(socketserver.BaseRequestHandler):
    """One connection of the browser, for one request."""

    server: _Server
    request: socket.socket

    def handle(self) -> None:
        if not self.server.turns.acquire(blocking=False):
            return
        try:
            self._pass_on()
        except (OSError, FetchError, InvalidUrl, h11.RemoteProtocolError):
            return
        finally:
            self.server.turns.release()

    def _pass_on(self) -> None:
        asked = self._read_request()
        if asked is None:
            return
        if asked.method == b"CONNECT":
            # The port decides what is spoken: the policy looks at address and port alone.
            url = canonicalize_url(f"http://{asked.target.decode('ascii', 'replace')}/")
            greeting = b"HTTP/1.1 200 Connected\r\n\r\n"
            request = b""
        else:
            url = canonicalize_url(asked.target.decode("ascii", "replace"))
            if url.scheme != "http" or asked.method not in {b"GET", b"HEAD"}:
                return
            greeting, request = b"", _request(asked, url)
        with self.server.connector.connect(url) as upstream:
            self.request.sendall(greeting)
            upstream.sendall(request)
            self._relay(upstream, both_ways=asked.method == b"CONNECT")

    def _read_request(self) -> h11.Request | None:
        """Read the head of a request; None where the browser closes before its end."""
        state = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD)
        while True:
            event = state.next_event()
            if isinstance(event, h11.Request):
                return event
            self.request.settimeout(self.server.deadline.remaining())
            received = self.request.recv(_PIECE)
            if not received:
                return None
            state.receive_data(received)

    def _relay(self, upstream: socket.socket, *, both_ways: bool) -> None:
        """Pass bytes on until one side closes, the time is up or too much has come."""
        sides = {upstream: self.request} | ({self.request: upstream} if both_ways else {})
        while True:
            ready, _, _ = select.select(list(sides), [], [], self.server.deadline.remaining())
            for side in ready:
                received = side.recv(_PIECE)
                if not received or (
                    side is upstream and not self.server.budget.take(len(received))
                ):
                    return
                sides[side].settimeout(self.server.deadline.remaining())
                sides[side].sendall(received)


def _request(asked: h11.Request, url: URL) -> bytes:
    """Write a request as its server expects it, for one answer."""
    headers = [(name, value) for name, value in asked.headers if name not in _HOP_BY_HOP]
    target = f"{url.path}?{url.query}" if url.query else url.path
    state = h11.Connection(h11.CLIENT)
    request = h11.Request(
        method=asked.method, target=target, headers=[*headers, (b"connection", b"close")]
    )
    return (state.send(request) or b"") + (state.send(h11.EndOfMessage()) or b"")
