"""WARC files: the pages that a crawl kept, unpacked within bounds.

warcio reads the records. Compression is undone here, of the file and of each body, so that
neither a record that lies about its length nor a bomb takes more memory than a page may.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from model.decoding import decode_body
from model.page import Page
from model.saved import Label, SavedPage
from model.url import InvalidUrl, canonicalize_url
from training.importers.account import MOST_BYTES, Imported, LeftOut
from training.importers.table import AddressLabel, site_of

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_READABLE = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_LONGEST_LINE = 64 * 2**20  # without an end: no header and no page, but a bomb
_BLOCK = 2**20  # small ones make a long line slow: it is put together from them


@dataclass(frozen=True, slots=True)
class Labelling:
    """What labels the pages of an archive: one for all, or a table by canonical address."""

    label: Label | None = None
    group: str | None = None
    by_address: Mapping[str, AddressLabel] | None = None


def pages_of_archive(path: Path, labelling: Labelling) -> Iterator[Imported]:
    """Read the pages of one WARC file, compressed or not, record by record.

    Where the file breaks off or lies about a length, the rest of it is left out and named. Raises
    OSError where it cannot be opened.
    """
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file:
        packed = file.peek(2)[:2] == b"\x1f\x8b"
        plain = cast("BufferedReader", gzip.GzipFile(fileobj=file)) if packed else file
        records = ArchiveIterator(_Bounded(plain), block_size=_BLOCK)
        number = 1
        try:
            for record in records:
                yield _page(record, labelling)
                number += 1
        except Exception as error:  # noqa: BLE001  # what is broken makes warcio raise anything
            said = str(error).strip().partition("\n")[0] or type(error).__name__
            yield LeftOut("what follows where an archive is broken", f"record {number}: {said}")


class _Bounded:
    """A stream that refuses a line without an end, as its reader would gather it in memory."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream
        self._place = 0
        self._line = 0

    def read(self, size: int = _BLOCK) -> bytes:
        """Read some bytes. Raises ValueError where no line has ended for too long."""
        try:
            data = self._stream.read(size)
        except EOFError as error:
            # warcio takes an EOFError for the proper end of an archive.
            raise ValueError("the compressed file breaks off") from error
        self._place += len(data)
        end = data.rfind(b"\n")
        self._line = self._line + len(data) if end < 0 else len(data) - end
        if self._line > _LONGEST_LINE:
            raise ValueError(f"{_LONGEST_LINE // 2**20} MiB without a line's end")
        return data

    def tell(self) -> int:
        """Say how many bytes were read."""
        return self._place


def _page(record: ArcWarcRecord, labelling: Labelling) -> Imported:
    if record.rec_type not in {"response", "resource"}:
        return LeftOut(f"records that hold no page ({_kind(record.rec_type)})")
    headers = record.http_headers
    if headers is not None and headers.get_statuscode() != "200":
        return LeftOut("answers of another status than 200")
    media = _header(record, "content-type")
    if media.split(";", 1)[0].strip().lower() not in _READABLE:
        return LeftOut("answers that are no web page and no plain text")
    try:
        url = canonicalize_url(record.rec_headers.get_header("WARC-Target-URI") or "").href
    except InvalidUrl:
        return LeftOut("addresses that are none")
    found = labelling.by_address
    if found is not None and url not in found:
        return LeftOut("addresses that the table does not name")
    known = AddressLabel(found[url].label, found[url].group) if found is not None else None
    body = _body(record)
    return body if isinstance(body, LeftOut) else _saved(url, media, body, known, labelling)


def _kind(name: str) -> str:
    known = {"request", "metadata", "warcinfo", "revisit", "conversion", "continuation"}
    return name if name in known else "of another type"


def _header(record: ArcWarcRecord, name: str) -> str:
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header(name) or "")


def _body(record: ArcWarcRecord) -> bytes | LeftOut:
    """Unpack a body within bounds: chunks first, then compression."""
    from warcio.bufferedreaders import ChunkedDataReader
    from warcio.limitreader import LimitReader

    too_large = LeftOut(f"pages of more than {MOST_BYTES // 2**20} MiB")
    stream: Any = LimitReader(record.raw_stream, MOST_BYTES + 1)
    if "chunked" in _header(record, "transfer-encoding").lower():
        stream = ChunkedDataReader(stream)
    sent = bytes(stream.read(MOST_BYTES + 1))
    if len(sent) > MOST_BYTES:
        return too_large
    coding = _header(record, "content-encoding").strip().lower()
    if coding in {"", "identity"}:
        return sent if sent.strip() else LeftOut("pages that are empty")
    if coding not in {"gzip", "x-gzip", "deflate"}:
        return LeftOut("pages in a compression that is not read")
    body = _inflated(sent)
    if body is None:
        return LeftOut("pages whose compression is broken")
    return too_large if len(body) > MOST_BYTES else body


def _inflated(sent: bytes) -> bytes | None:
    """Inflate no further than a page may be large; None where it is broken from the start.

    Archives often keep the header of a body that was unpacked already: such a one is as it is.
    """
    for form in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            body = zlib.decompressobj(form).decompress(sent, MOST_BYTES + 1)
        except zlib.error:
            continue
        if body:
            return body
    return sent if b"<" in sent[:1_024] else None


def _saved(
    url: str, media: str, body: bytes, known: AddressLabel | None, labelling: Labelling
) -> SavedPage:
    text = decode_body(body, media)
    digest = hashlib.sha256(f"{url}\n{text}".encode("utf-8", errors="replace")).hexdigest()
    make = Page.from_text if media.lower().startswith("text/plain") else Page.from_html
    return SavedPage(
        id=f"{site_of(url)}-{digest[:16]}",
        page=make(text, url),
        label=known.label if known else labelling.label,
        group=(known.group if known else labelling.group) or site_of(url),
    )
