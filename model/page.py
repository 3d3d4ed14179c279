"""A page as it was received: bytes and headers, before anything is understood of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# The media types that are read as what their reader sees, without markup.
PLAIN_TEXT = frozenset({"text/plain", "text/markdown"})
# Every media type that is fetched and judged; "" is a response that does not say.
READABLE = PLAIN_TEXT | {"text/html", "application/xhtml+xml", ""}


@dataclass(frozen=True, slots=True)
class Redirect:
    """One hop: the URL that answered with a redirect, and the HTTP status it answered with."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Page:
    """One response.

    ``url`` is the address that was asked for and ``final_url`` the one that answered; both are
    None for a page that came without an address. ``headers`` has lower-case names. ``body`` is
    decompressed. ``redirects`` lists the hops before ``final_url``, in order.
    """

    url: str | None
    final_url: str | None
    status: int
    headers: Mapping[str, str] = field(hash=False)
    body: bytes
    redirects: tuple[Redirect, ...] = ()

    @classmethod
    def from_html(cls, html: str | bytes, url: str | None = None) -> Page:
        """Make a page from markup. Bytes keep their own encoding; a str needs none."""
        return cls._made(html, "text/html", url)

    @classmethod
    def from_text(cls, text: str | bytes, url: str | None = None) -> Page:
        """Make a page from plain text, as a reader sees it."""
        return cls._made(text, "text/plain", url)

    @classmethod
    def _made(cls, content: str | bytes, media_type: str, url: str | None) -> Page:
        if isinstance(content, bytes):
            return cls(url, url, 200, {"content-type": media_type}, content)
        # A lone surrogate can stand in a str but not in UTF-8: it becomes "?".
        body = content.encode("utf-8", errors="replace")
        return cls(url, url, 200, {"content-type": f"{media_type}; charset=utf-8"}, body)

    @property
    def media_type(self) -> str:
        """The lower-case media type of the Content-Type header, without parameters, or ''."""
        return self.headers.get("content-type", "").split(";", 1)[0].strip().lower()
