"""One POST to one webhook, by the same vetted connections that pages are fetched through."""

from __future__ import annotations

import re
from collections.abc import Mapping

import h11

from model.url import canonicalize_url
from service.fetch import AddressPolicy, Network, ProtocolError
from service.fetch.connect import Connector
from service.fetch.limits import Deadline
from service.fetch.network import SYSTEM
from service.fetch.wire import Wire

_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})[ \r\n]")
_LONGEST = 16 * 1024  # bytes of an answer that are read


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    policy: AddressPolicy,
    seconds: float,
    network: Network = SYSTEM,
) -> int:
    """Send a JSON body and return the status of the answer, of which nothing else is read.

    Redirects are not followed. Raises a FetchError named for what happened, after at most
    ``seconds`` over all steps.
    """
    target = canonicalize_url(url)
    connector = Connector(network, policy, Deadline(seconds, network.clock))
    with connector.open(target, _LONGEST) as wire:
        state = h11.Connection(h11.CLIENT)
        default = {"http": 80, "https": 443}[target.scheme]
        host = target.host if target.port == default else f"{target.host}:{target.port}"
        sent = {
            "Host": host,
            "User-Agent": "baitwatch webhooks",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
            **headers,
        }
        path = f"{target.path}?{target.query}" if target.query else target.path
        request = h11.Request(method="POST", target=path, headers=list(sent.items()))
        wire.write((state.send(request) or b"") + (state.send(h11.Data(data=body)) or b""))
        return _status(wire)


def _status(wire: Wire) -> int:
    received = b""
    while b"\n" not in received:
        piece = wire.read()
        if not piece:
            break
        received += piece
    found = _STATUS.match(received)
    if found is None:
        raise ProtocolError("The answer does not begin as HTTP/1 does.")
    return int(found[1])
