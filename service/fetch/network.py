"""The outside world as fetching sees it: names, sockets, trust and time, each replaceable."""

from __future__ import annotations

import functools
import queue
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import certifi

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class SystemResolver:
    """Asks the system's resolver, in threads that are left behind when the time is up.

    ``getaddrinfo`` cannot be cancelled, so at most ``max_lookups`` of them are under way at once.
    """

    def __init__(
        self,
        lookup: Callable[..., Sequence[tuple[object, ...]]] = socket.getaddrinfo,
        max_lookups: int = 64,
    ) -> None:
        self._lookup = lookup
        self._slots = threading.BoundedSemaphore(max_lookups)

    def __call__(self, host: str, seconds: float) -> list[str]:
        """Resolve an ASCII host name once, A and AAAA together.

        An IPv6 address with a zone keeps it (``fe80::1%2``). Raises OSError where the name does
        not resolve, TimeoutError after ``seconds``.
        """
        end = time.monotonic() + seconds
        if not self._slots.acquire(timeout=seconds):
            raise TimeoutError
        answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
        try:
            threading.Thread(target=self._answer, args=(host, answers), daemon=True).start()
        except RuntimeError:  # no more threads: the one that would give the slot back never ran
            self._slots.release()
            raise
        try:
            answer = answers.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(answer, OSError):
            raise answer
        return answer

    def _answer(self, host: str, answers: queue.SimpleQueue[list[str] | OSError]) -> None:
        try:
            # The final dot keeps the search domains of this machine's own network out of it.
            found = self._lookup(f"{host}.".encode("ascii"), None, type=socket.SOCK_STREAM)
            answers.put([_address_of(sockaddr) for *_, sockaddr in found])
        except OSError as error:
            answers.put(error)
        finally:
            self._slots.release()


def _address_of(sockaddr: object) -> str:
    assert isinstance(sockaddr, tuple)
    address = str(sockaddr[0])
    zone = sockaddr[3] if len(sockaddr) == 4 else 0
    return f"{address}%{zone}" if zone and "%" not in address else address


def connect_tcp(address: str, port: int, seconds: float) -> socket.socket:
    """Open a connection to a numeric address. Raises OSError, TimeoutError after ``seconds``."""
    sock = socket.socket(_family_of(address), socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _family_of(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def is_own_address(address: str) -> bool:
    """Say whether a numeric address is on an interface of this machine: only those can be bound."""
    try:
        with socket.socket(_family_of(address), socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


class _EncryptedSocket(ssl.SSLSocket):
    """Closes itself where the peer resets, as ``wrap_socket`` forgets to before the handshake.

    There nobody else could: its caller gets the error alone, and an emptied plain socket.
    """

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        try:
            return super().recv(buflen, flags)
        except ConnectionError:
            self.close()
            raise


def client_context() -> ssl.SSLContext:
    """Build the context of a fetch: it verifies host names, and trusts no authority as yet.

    Not ``ssl.create_default_context``, which reads SSLKEYLOGFILE from the environment.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _EncryptedSocket
    context.set_alpn_protocols(["http/1.1"])
    return context


@functools.lru_cache(maxsize=1)
def public_trust() -> ssl.SSLContext:
    """Build the context that trusts certifi's authorities."""
    context = client_context()
    context.load_verify_locations(certifi.where())
    return context


@dataclass(frozen=True, slots=True)
class Network:
    """What a fetch reaches the world through; nothing of it reads proxies or the environment.

    ``resolve`` turns a host name into numeric addresses within so many seconds, ``connect`` opens
    a socket to one of them, ``trust`` gives the TLS context, ``clock`` is monotonic seconds.
    """

    resolve: Callable[[str, float], Sequence[str]] = SystemResolver()  # noqa: RUF009 # stateless but for its slots
    connect: Callable[[str, int, float], socket.socket] = connect_tcp
    is_own_address: Callable[[str], bool] = is_own_address
    trust: Callable[[], ssl.SSLContext] = public_trust
    clock: Callable[[], float] = time.monotonic


SYSTEM = Network()
