"""From a URL to an open connection: resolve once, vet every address, connect to a vetted one."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from service.fetch.errors import AddressRefusedError, ConnectError, DnsError, TlsError
from service.fetch.wire import Wire

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from model.url import URL
    from service.fetch.limits import Deadline
    from service.fetch.network import Network
    from service.fetch.policy import AddressPolicy

# A host may have many addresses, but a deadline split among many gives none of them a chance.
_MAX_TRIES = 4
_NO_TLS = "The encrypted connection could not be set up."


@dataclass(frozen=True, slots=True)
class Connector:
    """Opens the connections of one fetch: its network, its policy and its deadline."""

    network: Network
    policy: AddressPolicy
    deadline: Deadline

    def open(self, url: URL, max_bytes: int) -> Wire:
        """Open a connection to the host of a URL, encrypted where its scheme says so.

        The caller closes it. Raises UrlRefusedError, AddressRefusedError, DnsError, ConnectError,
        TlsError, FetchTimeoutError.
        """
        sock = self.connect(url)
        if url.scheme == "https":
            sock = self._encrypted(sock, url.host.strip("[]"))
        return Wire(sock, self.deadline, max_bytes)

    def connect(self, url: URL) -> socket.socket:
        """Open a plain connection to the host and port of a URL, whatever is spoken over it.

        The caller closes it. Raises as ``open`` does, but for TlsError.
        """
        self.policy.check_port(url.port)
        host = url.host.strip("[]")
        if url.is_ip:
            addresses = self._vetted([host], url.port)
        else:
            self.policy.check_name(host)
            addresses = self._vetted(self._resolved(host), url.port)
        return self._connected(addresses, url.port)

    def _resolved(self, host: str) -> Sequence[str]:
        try:
            answers = self.network.resolve(host, self.deadline.remaining())
        except TimeoutError:
            raise self.deadline.passed() from None
        except OSError as error:
            raise DnsError(f"{host} does not resolve.") from error
        if not answers:
            raise DnsError(f"{host} has no address.")
        return answers

    def _vetted(self, answers: Sequence[str], port: int) -> list[str]:
        """Return the answers without repeats, all of them vetted: one bad answer refuses all."""
        addresses = dict.fromkeys(_parsed(answer) for answer in answers)
        for address in addresses:
            self._vet(address, port)
        return [str(address) for address in addresses]

    def _vet(self, address: IPv4Address | IPv6Address, port: int) -> None:
        exempt = self.policy.check_address(address, port)
        if not exempt and self.network.is_own_address(str(address)):
            raise AddressRefusedError(f"{address} is this machine.")

    def _connected(self, addresses: list[str], port: int) -> socket.socket:
        failure: OSError | None = None
        tries = addresses[:_MAX_TRIES]
        for number, address in enumerate(tries):
            seconds = self.deadline.remaining() / (len(tries) - number)
            try:
                sock = self.network.connect(address, port, seconds)
            except OSError as error:
                failure = error
                continue
            try:
                self._vet_peer(sock, address, port)
            except BaseException:
                sock.close()
                raise
            return sock
        if isinstance(failure, TimeoutError):
            raise self.deadline.passed() from failure
        raise ConnectError("The server does not accept connections.") from failure

    def _vet_peer(self, sock: socket.socket, address: str, port: int) -> None:
        """Decide once more, on the address that is really connected."""
        try:
            peer = _parsed(str(sock.getpeername()[0]))
        except OSError as error:
            raise ConnectError("The server closed the connection at once.") from error
        self._vet(peer, port)
        if str(peer) != address:
            raise AddressRefusedError(f"{peer} answered in place of {address}.")

    def _encrypted(self, sock: socket.socket, host: str) -> socket.socket:
        # Once wrapped, the plain socket is an empty shell: closing it closes nothing.
        with sock:
            sock.settimeout(self.deadline.remaining())
            try:
                # The handshake's many reads and writes share this one timeout.
                encrypted = self.network.trust().wrap_socket(sock, server_hostname=host)
            except TimeoutError:
                raise self.deadline.passed() from None
            except (OSError, ValueError) as error:
                raise TlsError(_tls_reason(error)) from error
        if encrypted.version() is None:
            # A peer that is gone before the handshake leaves it out, silently.
            encrypted.close()
            raise TlsError(_NO_TLS)
        return encrypted


def _parsed(answer: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(answer)
    except ValueError:
        raise AddressRefusedError(f"{answer!r} is not an address.") from None


def _tls_reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not trusted: {error.verify_message.rstrip('.')}."
    return _NO_TLS
