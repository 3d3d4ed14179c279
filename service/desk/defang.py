"""Addresses as the desk writes them: to be read, never to be opened by accident."""

from __future__ import annotations


def defang(address: str) -> str:
    """Write an address so that nothing turns it into a link and nobody opens it by accident."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return address.replace(":", "[:]", 1)
    host, slash, path = rest.partition("/")
    return f"{scheme.replace('tt', 'xx')}://{host.replace('.', '[.]')}{slash}{path}"
