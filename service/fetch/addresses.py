"""Which IP addresses are in the public internet: tables written out, each row with its reason.

Sources: the IANA special-purpose address registries (RFC 6890) and IANA's list of IPv6 global
unicast assignments. Python's ``is_global`` is not enough: it calls multicast, both NAT64 prefixes,
6to4 and others global.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_IPV4 = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private network"),
        ("100.64.0.0/10", "carrier-grade NAT, some clouds' metadata"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's platform service"),
        ("169.254.0.0/16", "link-local, cloud metadata"),
        ("172.16.0.0/12", "private network"),
        ("192.0.0.0/24", "protocol assignments, a cloud's metadata"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112 name servers"),
        ("192.52.193.0/24", "multicast tunnelling"),
        ("192.88.99.0/24", "6to4 relays"),
        ("192.168.0.0/16", "private network"),
        ("192.175.48.0/24", "AS112 name servers"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved, broadcast"),
    )
)

# Everything outside it is loopback, mapped or translated IPv4, local, multicast or unassigned.
_IPV6_GLOBAL_UNICAST = IPv6Network("2000::/3")

_IPV6 = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("2001::/23", "protocol assignments, Teredo, benchmarking, ORCHID"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4, which embeds an IPv4 address"),
        ("2620:4f:8000::/48", "AS112 name servers"),
        ("2d00::/8", "not assigned"),
        ("2e00::/7", "not assigned"),
        ("3000::/4", "not assigned, documentation"),
    )
)

# RFC 5214, section 6.1: the middle 32 bits that mark an embedded IPv4 address under any prefix.
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def why_not_public(address: IPv4Address | IPv6Address) -> str | None:
    """Say why an address is not one of the public internet, or None where it is one.

    An IPv6 address that embeds an IPv4 one is never public, whatever it embeds.
    """
    if isinstance(address, IPv4Address):
        return next((reason for network, reason in _IPV4 if address in network), None)
    if address.scope_id is not None:
        return "an address with a zone"
    if address not in _IPV6_GLOBAL_UNICAST:
        return "outside the global unicast range"
    if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return "ISATAP, which embeds an IPv4 address"
    return next((reason for network, reason in _IPV6 if address in network), None)
