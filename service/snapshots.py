"""Snapshots: fetched pages kept, in the store or as saved pages, to be labelled and judged again.

In the store a snapshot is its content alone, compressed and named by its SHA-256: a page that many
addresses show is the same one, and where it was seen stands with whoever names it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from model.decoding import decode_body
from model.page import PLAIN_TEXT, Page
from model.saved import Label, SavedPage
from model.url import InvalidUrl, canonicalize_url, registrable_domain

# Far above any page that is read; what claims to be more was not packed here.
_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A page kept: ``content`` is compressed, ``digest`` its SHA-256 before that, as hex."""

    digest: str
    content: bytes

    @property
    def is_sound(self) -> bool:
        """Whether the content is what the digest names."""
        try:
            return hashlib.sha256(_unpacked(self.content)).hexdigest() == self.digest
        except zlib.error:
            return False


def pack_page(page: Page) -> Snapshot:
    """Keep what of a page is judged: its text as decoded, and whether it is markup."""
    page = snapshot_of(page).page
    kind = b"text" if page.media_type in PLAIN_TEXT else b"html"
    content = kind + b"\n" + page.body
    return Snapshot(hashlib.sha256(content).hexdigest(), zlib.compress(content))


def unpack_page(content: bytes, url: str | None) -> Page:
    """Make the page of a snapshot's compressed content again, as it was seen at this address."""
    kind, _, body = _unpacked(content).partition(b"\n")
    # What a child packed is its word alone.
    text = body.decode(errors="replace")
    return Page.from_text(text, url) if kind == b"text" else Page.from_html(text, url)


def _unpacked(content: bytes) -> bytes:
    return zlib.decompressobj().decompress(content, _MOST_BYTES)


def snapshot_of(
    page: Page,
    *,
    label: Label | None = None,
    group: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> SavedPage:
    """Keep a fetched page; its ``url`` is the address that answered, as links are read from there.

    The body is decoded as judging decodes it, since the format has no place for the header that
    may name its character set. The id is the site and a digest of address and body.
    """
    url = page.final_url or page.url
    text = decode_body(page.body, page.headers.get("content-type", ""))
    as_text = page.media_type in PLAIN_TEXT or not (page.media_type or "<" in text)
    digest = hashlib.sha256(f"{url}\n{text}".encode("utf-8", errors="replace")).hexdigest()
    return SavedPage(
        id=f"{site_of(url) or 'page'}-{digest[:16]}",
        page=Page.from_text(text, url) if as_text else Page.from_html(text, url),
        label=label,
        group=group,
        extra=extra or {},
    )


def site_of(url: str | None) -> str | None:
    """Name the site an address lies on, None for what is no address."""
    try:
        return None if url is None else registrable_domain(canonicalize_url(url).host)
    except InvalidUrl:
        return None


class LineFile:
    """A file of lines that grows by whole lines only, written by one process at a time.

    What an earlier writer left unfinished is closed off with a line's end, so that it alone is
    lost. Raises OSError: BlockingIOError where another process writes to it.
    """

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            size = os.fstat(self._fd).st_size
            if size and os.pread(self._fd, 1, size - 1) != b"\n":
                self._write(b"\n")
        except OSError:
            os.close(self._fd)
            raise

    def add(self, line: str) -> None:
        """Add a line that is on the disk once this returns, or not there at all."""
        size = os.fstat(self._fd).st_size
        try:
            self._write(line.encode() + b"\n")
            os.fsync(self._fd)
        except OSError:
            os.ftruncate(self._fd, size)
            raise

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._fd, data) :]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._fd)
