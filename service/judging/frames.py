"""Messages over a stream socket between processes of our own: a length, then so many bytes."""

from __future__ import annotations

import socket
import time

# Far above any job or answer: a reading has at most the text and parts that a desk shows.
_MOST_BYTES = 256 * 2**20
_STEP = 2**20
_LENGTH = 8


def send_frame(sock: socket.socket, content: bytes) -> None:
    """Send one message. Raises OSError, TimeoutError by the socket's own timeout."""
    sock.sendall(len(content).to_bytes(_LENGTH, "big"))
    sock.sendall(content)


def receive_frame(sock: socket.socket, until: float | None = None) -> bytes:
    """Receive one message; ``until`` is a moment of ``time.monotonic``.

    Raises EOFError where it breaks off or claims an absurd length, TimeoutError, OSError.
    """
    length = int.from_bytes(_exactly(sock, _LENGTH, until), "big")
    if length > _MOST_BYTES:
        raise EOFError
    return _exactly(sock, length, until)


def _exactly(sock: socket.socket, count: int, until: float | None) -> bytes:
    received = bytearray()
    while len(received) < count:
        if until is not None:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            sock.settimeout(left)
        piece = sock.recv(min(_STEP, count - len(received)))
        if not piece:
            raise EOFError
        received += piece
    return bytes(received)
