"""Fetching: the only way out to the network, and every guard on it.

``fetch_page`` draws the flow. Each hop of a page goes the whole way again:

    URL -names, ports-> policy -resolve once-> addresses -vet every one-> policy
        -connect to a vetted one, vet the peer-> wire -TLS-> wire -ask, read the head-> exchange
        -redirect? the next hop : -read and inflate within bounds-> Page

One deadline runs over all of it.
"""

from service.fetch.earlier import Earlier, NotModified
from service.fetch.errors import (
    AddressRefusedError,
    ConnectError,
    DnsError,
    FetchError,
    FetchTimeoutError,
    ProtocolError,
    TlsError,
    TooLargeError,
    TooManyRedirectsError,
    UrlRefusedError,
)
from service.fetch.fetch import fetch_page
from service.fetch.limits import Limits
from service.fetch.network import Network
from service.fetch.policy import PUBLIC_ONLY, AddressPolicy

__all__ = [
    "PUBLIC_ONLY",
    "AddressPolicy",
    "AddressRefusedError",
    "ConnectError",
    "DnsError",
    "Earlier",
    "FetchError",
    "FetchTimeoutError",
    "Limits",
    "Network",
    "NotModified",
    "ProtocolError",
    "TlsError",
    "TooLargeError",
    "TooManyRedirectsError",
    "UrlRefusedError",
    "fetch_page",
]
