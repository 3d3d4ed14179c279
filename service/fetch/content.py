"""What a response carries: its headers as text, and its body, decompressed within bounds."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from service.fetch.errors import ProtocolError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from service.fetch.exchange import Headers
    from service.fetch.limits import Limits

_GZIP = 16 + zlib.MAX_WBITS
_STEP = 64 * 1024


def header_texts(headers: Headers) -> dict[str, str]:
    """Decode headers and join repeated ones by commas.

    Of several content types the last one counts, as in browsers.
    """
    texts: dict[str, str] = {}
    for name, value in headers:
        text = decode_header(value)
        if name in texts and name != "content-type":
            text = f"{texts[name]}, {text}"
        texts[name] = text
    return texts


def decode_header(value: bytes) -> str:
    """Decode a header's value as UTF-8, or as Latin-1 where it is not."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def read_body(chunks: Iterable[bytes], headers: Mapping[str, str], limits: Limits) -> bytes:
    """Read a whole body, decompressed, without ever holding more than the limit and one step.

    Raises TooLargeError, ProtocolError for a compression that was not asked for or is broken,
    and what ``chunks`` raises.
    """
    encoding = headers.get("content-encoding", "").strip().lower()
    compressed = encoding in ("gzip", "x-gzip")
    if not compressed and encoding not in ("", "identity"):
        raise ProtocolError("The body is compressed in a way that was not asked for.")
    most = limits.max_wire_bytes if compressed else limits.max_decoded_bytes
    if int(headers.get("content-length", 0)) > most:
        raise TooLargeError("The server announces a larger body than the limit.")
    body = bytearray()
    for piece in _inflated(chunks) if compressed else chunks:
        body += piece
        if len(body) > limits.max_decoded_bytes:
            raise TooLargeError("The body is larger than the limit.")
    return bytes(body)


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what a gzip stream holds in steps of bounded size; what follows it is not read."""
    inflater = zlib.decompressobj(wbits=_GZIP)
    began = False
    for chunk in chunks:
        left = chunk
        while left:
            began = True
            try:
                yield inflater.decompress(left, _STEP)
            except zlib.error as error:
                raise ProtocolError("The body is not gzip, as its header says.") from error
            if inflater.eof:
                return
            left = inflater.unconsumed_tail
    if began:
        raise ProtocolError("The compressed body broke off.")
