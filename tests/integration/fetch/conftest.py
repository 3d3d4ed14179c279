"""Local servers that misbehave on purpose, over plain sockets and over TLS."""

import contextlib
import socket
import ssl
import threading
import time

import pytest
import trustme

from service.fetch import AddressPolicy, Network, fetch_page
from service.fetch.network import client_context


class BadServer:
    """Gives every connection to ``behave(conn, request, stopped)`` in a thread of its own.

    A server that is not ``polite`` behaves at once, without waiting for a request.
    """

    def __init__(self, behave, tls=None, polite=True):
        self._behave = behave
        self._tls = tls
        self._polite = polite
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.policy = AddressPolicy(allow=(("127.0.0.1", self.port),))
        self.stopped = threading.Event()
        self.connections = 0
        self._threads = []
        self._start(self._accept)

    def url(self, path="/", scheme="http", host="127.0.0.1"):
        return f"{scheme}://{host}:{self.port}{path}"

    def close(self):
        self.stopped.set()
        # A listener that is only closed leaves its accepting thread asleep.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def _start(self, target, *args):
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        while True:
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, conn)

    def _serve(self, conn):
        conn.settimeout(3)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(conn)
            if self._tls is not None:
                conn = stack.enter_context(self._tls.wrap_socket(conn, server_side=True))
            request = b""
            while self._polite and not request.endswith(b"\r\n\r\n"):
                received = conn.recv(10_000)
                if not received:
                    return
                request += received
            self._behave(conn, request, self.stopped)


@pytest.fixture
def serve():
    servers = []

    def start(behave, **arguments):
        servers.append(BadServer(behave, **arguments))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def fetch_timed():
    """Fetch, and hold the promise that everything ends within the deadline and one second."""

    def fetch(server, path="/", scheme="http", deadline=1.0, **arguments):
        url = server.url(path, scheme)
        began = time.monotonic()
        try:
            return fetch_page(url, deadline=deadline, policy=server.policy, **arguments)
        finally:
            assert time.monotonic() - began < deadline + 1.0

    return fetch


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture(scope="session")
def trusting(authority):
    """The network as it is, but trusting the tests' own authority, and knowing ``site.test``."""
    context = client_context()
    authority.configure_trust(context)
    return Network(trust=lambda: context, resolve=lambda host, seconds: ["127.0.0.1"])


@pytest.fixture(scope="session")
def server_context():
    def build(certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context

    return build
