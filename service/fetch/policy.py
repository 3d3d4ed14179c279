"""The address policy: which host names, ports and addresses may be fetched from at all."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from service.fetch.addresses import why_not_public
from service.fetch.errors import AddressRefusedError, UrlRefusedError

WEB_PORTS = frozenset({80, 443, 8080, 8443})

# Names that never lead into the public internet, refused before a resolver is asked about them.
# RFC 6761, RFC 6762 (with its appendix G), RFC 7686, RFC 8375, and ICANN's ".internal".
_LOCAL_SUFFIXES = (
    "corp",
    "home",
    "home.arpa",
    "internal",
    "intranet",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "private",
)


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What may be connected to: public addresses on the web's ports, less what is denied.

    ``allow`` exempts exact pairs of numeric address and port from every other rule about
    addresses. ``deny_hosts`` has canonical host names, each with all names below it.
    ``deny_networks`` has addresses or networks: the operator's own public ones belong there, where
    they are not on an interface of this machine. Raises ValueError for one that cannot be read.
    """

    allow: tuple[tuple[str, int], ...] = ()
    deny_hosts: tuple[str, ...] = ()
    deny_networks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for address, _ in self.allow:
            ip_address(address)
        for network in self.deny_networks:
            ip_network(network)

    def check_port(self, port: int) -> None:
        """Refuse a port nothing could be allowed on. Raises UrlRefusedError."""
        if port not in WEB_PORTS and all(port != allowed for _, allowed in self.allow):
            raise UrlRefusedError(f"Port {port} is not a port of the web.")

    def check_name(self, name: str) -> None:
        """Refuse a host name before it is resolved; lower-case, without a trailing dot.

        Raises AddressRefusedError for a local or a denied one, UrlRefusedError for one that
        cannot be a name in the DNS.
        """
        labels = name.split(".")
        if len(name) > 253 or not all(0 < len(label) <= 63 for label in labels):
            raise UrlRefusedError("The host name has a label that is empty or too long.")
        if len(labels) == 1 or _is_below(name, _LOCAL_SUFFIXES):
            raise AddressRefusedError(f"{name} is a local name.")
        if _is_below(name, self.deny_hosts):
            raise AddressRefusedError(f"{name} is denied by the settings.")

    def check_address(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Refuse an address; say whether it is exempt, as an exact pair of ``allow``.

        Raises AddressRefusedError.
        """
        if any(address == ip_address(text) and port == only for text, only in self.allow):
            return True
        reason = why_not_public(address)
        if reason is not None:
            raise AddressRefusedError(f"{address} is not a public address: {reason}.")
        if any(address in ip_network(network) for network in self.deny_networks):
            raise AddressRefusedError(f"{address} is denied by the settings.")
        if port not in WEB_PORTS:
            raise AddressRefusedError(f"Port {port} of {address} is not allowed.")
        return False


def _is_below(name: str, suffixes: tuple[str, ...]) -> bool:
    return any(name == suffix or name.endswith(f".{suffix}") for suffix in suffixes)


PUBLIC_ONLY = AddressPolicy()
