"""Why a page did not come: one exception for each thing that can happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from model.page import Redirect


class FetchError(Exception):
    """A page could not be fetched.

    ``code`` is a key of ``model.verdict.UNKNOWN_BECAUSE``. ``url`` is the address that failed:
    the one asked for, or the one a redirect led to; None where it could not be parsed.
    ``redirects`` are the hops walked until then, in order.
    """

    code: ClassVar[str]

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.url: str | None = None
        self.redirects: tuple[Redirect, ...] = ()


class UrlRefusedError(FetchError):
    """The address has a form that is not fetched: its scheme, its port, its spelling."""

    code = "refused_url"


class AddressRefusedError(FetchError):
    """The host, or an address it resolves to, is not in the public internet or not for us."""

    code = "refused_address"


class DnsError(FetchError):
    """The host name does not resolve."""

    code = "dns"


class ConnectError(FetchError):
    """No address of the host accepted a connection."""

    code = "connect"


class TlsError(FetchError):
    """No trustworthy encrypted connection came about, or it broke."""

    code = "tls"


class FetchTimeoutError(FetchError):
    """The deadline passed before the page was complete."""

    code = "timeout"


class ProtocolError(FetchError):
    """What the server sent is not an HTTP response, or it broke off."""

    code = "protocol_error"


class TooLargeError(FetchError):
    """The response is larger than the limits, as sent or decompressed."""

    code = "too_large"


class TooManyRedirectsError(FetchError):
    """More redirects than the limit; ``redirects`` has all of them, the last one included."""

    code = "too_many_redirects"
