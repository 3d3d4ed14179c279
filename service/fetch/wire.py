"""One open connection: every read and write clamped to the deadline, every byte counted."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Self

from service.fetch.errors import ProtocolError, TlsError, TooLargeError

if TYPE_CHECKING:
    import socket

    from service.fetch.limits import Deadline

_READ_SIZE = 64 * 1024


class Wire:
    """A connected socket that gives at most ``max_bytes`` and never outlasts the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline, max_bytes: int) -> None:
        self._sock = sock
        self._deadline = deadline
        self._left = max_bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    def read(self) -> bytes:
        """Return what has arrived, or b'' at the end of the stream.

        Raises FetchTimeoutError, TooLargeError, TlsError, ProtocolError where it broke off.
        """
        if not self._left:
            raise TooLargeError("The response is larger than the limit.")
        self._sock.settimeout(self._deadline.remaining())
        try:
            received = self._sock.recv(min(_READ_SIZE, self._left))
        except TimeoutError:
            raise self._deadline.passed() from None
        except ssl.SSLError as error:
            raise TlsError("The encrypted connection broke.") from error
        except OSError as error:
            raise ProtocolError("The server broke the connection off.") from error
        self._left -= len(received)
        return received

    def write(self, request: bytes) -> None:
        """Send all of a request. Raises FetchTimeoutError.

        A server may answer and close before it has read everything, so a connection that breaks
        here is left for the read to find.
        """
        self._sock.settimeout(self._deadline.remaining())
        try:
            self._sock.sendall(request)
        except TimeoutError:
            raise self._deadline.passed() from None
        except OSError:
            return
