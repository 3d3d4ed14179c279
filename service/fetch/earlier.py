"""An earlier fetch of the same address, to ask whether the page is still the one it brought.

Source: RFC 9110, sections 8.8 and 13.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.page import Redirect

_LONGEST = 256


class NotModified(Exception):
    """The server says that the page is still the one of the earlier fetch: nothing was sent."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where an earlier fetch ended and how it got there, with what the server called the page."""

    final_url: str
    redirects: tuple[Redirect, ...]
    etag: str | None
    last_modified: str | None

    def asks_at(self, url: str, redirects: tuple[Redirect, ...]) -> bool:
        """Say whether this is where it ended, and the way there was the same."""
        return url == self.final_url and redirects == self.redirects

    def headers(self) -> list[tuple[str, str]]:
        """Return the headers that make a request conditional."""
        named = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return [(name, value) for name, value in named if value]


def page_names(headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Take a response's ETag and Last-Modified; one that could not be sent back is left out."""
    return _sendable(headers.get("etag")), _sendable(headers.get("last-modified"))


def _sendable(value: str | None) -> str | None:
    good = value and len(value) <= _LONGEST and value.isascii() and value.isprintable()
    return value if good else None
