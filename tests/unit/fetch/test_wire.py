"""An open connection: its bytes are counted, its waits are cut, its failures have names."""

import errno
import socket
import ssl

import pytest

from service.fetch import FetchTimeoutError, ProtocolError, TlsError, TooLargeError
from service.fetch.limits import Deadline
from service.fetch.wire import Wire


class ScriptedSocket:
    """A socket that does as told, and records the time it was given."""

    def __init__(self, *, on_read=b"", on_write=None):
        self.on_read, self.on_write = on_read, on_write
        self.seconds = None
        self.closed = False

    def settimeout(self, seconds):
        self.seconds = seconds

    def recv(self, most):
        if isinstance(self.on_read, Exception):
            raise self.on_read
        return self.on_read[:most]

    def sendall(self, data):
        if self.on_write is not None:
            raise self.on_write

    def close(self):
        self.closed = True


def wire_over(sock, max_bytes=100, times=(0.0, 1.0)):
    ticks = iter(times)
    return Wire(sock, Deadline(5.0, lambda: next(ticks)), max_bytes)


def test_a_read_gets_no_more_than_the_time_that_is_left():
    sock = ScriptedSocket(on_read=b"x")
    wire = wire_over(sock, times=(0.0, 1.0, 4.5, 5.0))
    assert (wire.read(), sock.seconds) == (b"x", 4.0)
    assert (wire.read(), sock.seconds) == (b"x", 0.5)
    with pytest.raises(FetchTimeoutError):
        wire.read()


def test_a_write_gets_no_more_than_the_time_that_is_left():
    sock = ScriptedSocket()
    wire_over(sock).write(b"x")
    assert sock.seconds == 4.0


def test_no_more_than_the_limit_is_taken():
    wire = wire_over(ScriptedSocket(on_read=b"x" * 1000), max_bytes=1500, times=(0, 1, 2, 3))
    assert [len(wire.read()), len(wire.read())] == [1000, 500]
    with pytest.raises(TooLargeError):
        wire.read()


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (TimeoutError(), FetchTimeoutError),
        (ConnectionResetError(), ProtocolError),
        (OSError(errno.EHOSTUNREACH, "gone"), ProtocolError),
        (ssl.SSLError(1, "bad record"), TlsError),
    ],
)
def test_a_read_that_fails_is_named_for_what_happened(failure, error):
    with pytest.raises(error):
        wire_over(ScriptedSocket(on_read=failure)).read()


@pytest.mark.parametrize(
    "failure", [BrokenPipeError(), OSError(errno.EHOSTUNREACH, "gone"), ssl.SSLError(1, "closed")]
)
def test_an_answer_is_still_read_where_the_request_could_not_be_sent(failure):
    wire = wire_over(ScriptedSocket(on_read=b"answer", on_write=failure), times=(0, 1, 2))
    wire.write(b"request")
    assert wire.read() == b"answer"


def test_a_write_that_takes_too_long_is_a_timeout():
    with pytest.raises(FetchTimeoutError):
        wire_over(ScriptedSocket(on_write=TimeoutError())).write(b"x")


def test_a_wire_closes_its_socket():
    sock = ScriptedSocket()
    with pytest.raises(socket.herror), wire_over(sock):
        raise socket.herror
    assert sock.closed
