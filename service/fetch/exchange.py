"""One request and its response over one wire, by h11, which never sees the network.

h11 reads a head or a chunk's framing with patterns that take quadratic time on long runs of blanks
(32 KB of them hold the interpreter for two seconds), so what it is given is checked or kept short.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import h11

from service.fetch.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from model.url import URL
    from service.fetch.limits import Limits
    from service.fetch.wire import Wire

_BLANKS = re.compile(rb"[ \t]{256}")
_PIECE = 4096  # bytes of a body given to h11 at a time
_MAX_HELD = 4096  # bytes of a chunk header, or of trailers, that may wait for their end
_MAX_FRAMING = 128 * 1024  # bytes of a body that are not content: 25,000 chunks of one byte
_ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1"

Headers = tuple[tuple[str, bytes], ...]


class Exchange:
    """A GET without cookies, credentials or referrer, and its response.

    Call ``ask`` once, then ``body`` or not. Both raise ProtocolError where the server's bytes are
    not an HTTP/1 response, and what ``Wire.read`` raises.
    """

    def __init__(self, wire: Wire, limits: Limits) -> None:
        self._wire = wire
        self._limits = limits
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=limits.max_head_bytes)
        self._received = bytearray()
        self._head_room = limits.max_head_bytes

    def ask(self, url: URL, more: Sequence[tuple[str, str]] = ()) -> tuple[int, Headers]:
        """Send the request, with ``more`` headers.

        Return the status and the headers, with lower-case names.
        """
        headers = [
            ("Host", _host_header(url)),
            ("User-Agent", self._limits.user_agent),
            ("Accept", _ACCEPT),
            ("Accept-Encoding", "gzip"),
            ("Connection", "close"),
            *more,
        ]
        target = f"{url.path}?{url.query}" if url.query else url.path
        self._send(h11.Request(method="GET", target=target, headers=headers))
        self._send(h11.EndOfMessage())
        response = self._read_head()
        return response.status_code, tuple(
            (name.decode(), value) for name, value in response.headers
        )

    def body(self) -> Iterator[bytes]:
        """Yield the body as it arrives, freed of its framing, not of its compression."""
        framing = 0
        while True:
            event = self._next_event()
            if isinstance(event, h11.Data):
                framing -= len(event.data)
                yield bytes(event.data)
            elif event is h11.NEED_DATA:
                held = len(self._state.trailing_data[0])
                if held > _MAX_HELD or framing > _MAX_FRAMING:
                    raise ProtocolError("The body has more framing than content could need.")
                piece = self._take_piece()
                framing += len(piece)
                self._state.receive_data(piece)
            else:
                return

    def _send(self, event: h11.Request | h11.EndOfMessage) -> None:
        self._wire.write(self._state.send(event))

    def _read_head(self) -> h11.Response:
        """Read to the end of the final head, past any informational ones before it."""
        starts = True
        while True:
            line = self._take_line()
            _check_line(line, starts=starts)
            self._state.receive_data(line)
            event = self._next_event()
            if isinstance(event, h11.Response):
                return event
            starts = isinstance(event, h11.InformationalResponse)

    def _take_line(self) -> bytes:
        while (end := self._received.find(b"\n") + 1) == 0 and len(
            self._received
        ) < self._head_room:
            received = self._wire.read()
            if not received:
                raise ProtocolError("The server closed the connection without an answer.")
            self._received += received
        self._head_room -= end
        if end == 0 or self._head_room < 0:
            raise ProtocolError("The response has too many or too long headers.")
        return self._take(end)

    def _take_piece(self) -> bytes:
        if not self._received:
            self._received += self._wire.read()
        return self._take(_PIECE)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken

    def _next_event(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        try:
            return self._state.next_event()
        except h11.RemoteProtocolError as error:
            raise ProtocolError(f"The response is not proper HTTP: {str(error)[:200]}") from error


def _check_line(line: bytes, *, starts: bool) -> None:
    if starts and not line.startswith(b"HTTP/1."):
        raise ProtocolError("The answer does not begin as HTTP/1 does.")
    if line.startswith((b" ", b"\t")):
        raise ProtocolError("A header is folded over several lines.")
    if _BLANKS.search(line):
        raise ProtocolError("A header holds a long run of blanks.")


def _host_header(url: URL) -> str:
    default = {"http": 80, "https": 443}[url.scheme]
    return url.host if url.port == default else f"{url.host}:{url.port}"
