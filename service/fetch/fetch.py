"""``fetch_page``: one page with its redirects, each hop checked in full, under one deadline."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from model.page import READABLE, Page, Redirect
from model.url import URL, InvalidUrl, canonicalize_url, resolve_url
from service.fetch.connect import Connector
from service.fetch.content import decode_header, header_texts, read_body
from service.fetch.earlier import Earlier, NotModified
from service.fetch.errors import (
    FetchError,
    ProtocolError,
    TooManyRedirectsError,
    UrlRefusedError,
)
from service.fetch.exchange import Exchange, Headers
from service.fetch.limits import Deadline, Limits
from service.fetch.network import SYSTEM, Network
from service.fetch.policy import PUBLIC_ONLY, AddressPolicy

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Browsers drop or turn these while they resolve a link; here they refuse it, before that.
_REPAIRED = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")

# Told the address that is asked next, and the hops behind it.
Tell = Callable[[str, tuple[Redirect, ...]], None]


def fetch_page(
    url: str,
    *,
    deadline: float = 15.0,
    policy: AddressPolicy = PUBLIC_ONLY,
    limits: Limits = Limits(),  # noqa: B008 # frozen
    network: Network = SYSTEM,
    earlier: Earlier | None = None,
    tell: Tell = lambda _url, _redirects: None,
) -> Page:
    """Fetch what a URL leads to, through up to ``limits.max_redirects`` redirects.

    ``deadline`` is the total time in seconds, over names, connections, hops and body together.
    The page may have any status. Its body is decompressed, and empty where the media type is
    none of ``model.page.READABLE``: such a body is not read.

    Where ``earlier`` names a fetch that ended at the same place by the same way, the server is
    asked for the page unless it is the same; raises NotModified where it says so.

    ``tell`` hears of each redirect before it is followed, so that whoever stops this from outside
    knows how far it came.

    Raises a FetchError named for what happened, with the hops walked until then.
    """
    connector = Connector(network, policy, Deadline(deadline, network.clock))
    walk = _Walk(connector, limits, earlier, tell)
    try:
        return walk.to_page(url)
    except FetchError as error:
        error.url = walk.here.href if walk.here else None
        error.redirects = tuple(walk.redirects)
        raise


class _Walk:
    """The way of one fetch: where it is, and the hops behind it."""

    def __init__(
        self, connector: Connector, limits: Limits, earlier: Earlier | None, tell: Tell
    ) -> None:
        self._earlier = earlier
        self._tell = tell
        self.here: URL | None = None
        self.redirects: list[Redirect] = []
        self._connector = connector
        self._limits = limits

    def to_page(self, asked: str) -> Page:
        url = self.here = start = _parsed(asked)
        _refuse_odd_ipv4(url, asked)
        while True:
            before = self._asked_before(url)
            with self._connector.open(url, self._limits.max_wire_bytes) as wire:
                exchange = Exchange(wire, self._limits)
                status, raw_headers = exchange.ask(url, before.headers() if before else ())
                if status == 304 and before:
                    raise NotModified
                headers = header_texts(raw_headers)
                location = _location(raw_headers) if status in _REDIRECTS else None
                if location is None:
                    hops = tuple(self.redirects)
                    page = Page(start.href, url.href, status, headers, b"", hops)
                    if page.media_type not in READABLE:
                        return page
                    return replace(page, body=read_body(exchange.body(), headers, self._limits))
            url = self._follow(url, status, location)

    def _asked_before(self, url: URL) -> Earlier | None:
        earlier = self._earlier
        same = earlier is not None and earlier.asks_at(url.href, tuple(self.redirects))
        return earlier if same else None

    def _follow(self, url: URL, status: int, location: str) -> URL:
        self.redirects.append(Redirect(url.href, status))
        if len(self.redirects) > self._limits.max_redirects:
            raise TooManyRedirectsError(f"More than {self._limits.max_redirects} redirects.")
        self.here = None
        if _REPAIRED.search(location):
            raise UrlRefusedError("A redirect holds a control character or a backslash.")
        target = self.here = _parsed(resolve_url(url.href, location))
        if target.host != url.host:
            _refuse_odd_ipv4(target, location)
        self._tell(target.href, tuple(self.redirects))
        return target


def _location(headers: Headers) -> str | None:
    """Return where a redirect leads, None where it does not say. Two answers are no answer."""
    found = {decode_header(value) for name, value in headers if name == "location"}
    if len(found) > 1:
        raise ProtocolError("A redirect names more than one address.")
    return next(iter(found), None)


def _parsed(text: str) -> URL:
    try:
        return canonicalize_url(text)
    except InvalidUrl as error:
        raise UrlRefusedError(str(error)) from error


def _refuse_odd_ipv4(url: URL, written: str) -> None:
    """Refuse an IPv4 address that is not written as the dotted quad it means.

    It has been vetted as what it means all the same; only who hides something writes it otherwise.
    """
    quad = url.host
    if url.is_ip and ":" not in quad and not re.search(rf"[/@]{re.escape(quad)}", written):
        raise UrlRefusedError(f"The IPv4 address {quad} is written in an unusual form.")
