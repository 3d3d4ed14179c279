"""Snapshots: fetched pages kept as saved pages, to be labelled, trained on and judged again."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from model.decoding import decode_body
from model.page import PLAIN_TEXT, Page
from model.saved import Label, SavedPage
from model.url import InvalidUrl, canonicalize_url, registrable_domain


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
