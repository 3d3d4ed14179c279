"""The real edges of the world: the system's resolver, own addresses, trust, and the clock."""

import socket
import ssl
import threading
import time

import pytest

from service.fetch import (
    ConnectError,
    DnsError,
    FetchTimeoutError,
    Network,
    TlsError,
    fetch_page,
)
from service.fetch.network import SystemResolver, is_own_address, public_trust

PUBLIC = "93.184.215.14"


def test_a_name_is_resolved_without_the_search_domains():
    asked = []

    def lookup(host, port, type):  # noqa: A002 # getaddrinfo's own name
        asked.append((host, type))
        return [
            (socket.AF_INET, type, 6, "", (PUBLIC, 0)),
            (socket.AF_INET6, type, 6, "", ("2606::1", 0, 0, 0)),
            (socket.AF_INET6, type, 6, "", ("fe80::1", 0, 0, 3)),
            (socket.AF_INET6, type, 6, "", ("fe80::1%eth0", 0, 0, 2)),
        ]

    addresses = SystemResolver(lookup)("site.test", 5)
    assert asked == [(b"site.test.", socket.SOCK_STREAM)]
    assert addresses == [PUBLIC, "2606::1", "fe80::1%3", "fe80::1%eth0"]


def test_a_lookup_that_hangs_is_left_behind_at_its_time():
    release = threading.Event()
    resolve = SystemResolver(lambda *_, **__: release.wait(10) and [], max_lookups=1)
    began = time.monotonic()
    for _ in range(2):  # the second one finds no free slot
        with pytest.raises(TimeoutError):
            resolve("site.test", 0.1)
    assert time.monotonic() - began < 1
    release.set()


def test_slots_are_given_back_after_failures():
    def lookup(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "none")

    resolve = SystemResolver(lookup, max_lookups=1)
    for _ in range(3):
        with pytest.raises(socket.gaierror):
            resolve("site.test", 5)


def test_a_name_that_does_not_resolve_is_a_dns_error(world):
    with pytest.raises(DnsError, match="does not resolve") as caught:
        fetch_page("http://site.test/", network=world.network)
    assert caught.value.url == "http://site.test/"


def test_a_name_without_addresses_is_a_dns_error():
    resolver = SystemResolver(lambda *_, **__: [])
    with pytest.raises(DnsError, match="has no address"):
        fetch_page("http://site.test/", network=Network(resolve=resolver))


def test_a_peer_that_is_gone_at_once_is_a_connect_error():
    network = Network(connect=lambda *_: socket.socket(), is_own_address=lambda _: False)
    with pytest.raises(ConnectError, match="closed the connection at once"):
        fetch_page(f"http://{PUBLIC}/", network=network)


def test_a_lookup_beyond_the_deadline_is_a_timeout():
    release = threading.Event()
    resolver = SystemResolver(lambda *_, **__: release.wait(10) and [])
    began = time.monotonic()
    with pytest.raises(FetchTimeoutError):
        fetch_page("http://site.test/", deadline=0.2, network=Network(resolve=resolver))
    assert time.monotonic() - began < 1
    release.set()


def test_a_machine_knows_its_own_addresses():
    assert is_own_address("127.0.0.1")
    assert not is_own_address(PUBLIC)
    assert not is_own_address("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_trust_is_certifis_and_verifies_names():
    context = public_trust()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert len(context.get_ca_certs()) > 50


def test_a_connection_that_stayed_unencrypted_is_sent_nothing(world):
    class Unencrypted(socket.socket):
        def version(self):
            return None

    class Silent:
        """A context whose handshake was left out, as ssl's is where the peer has gone."""

        def wrap_socket(self, sock, server_hostname):
            return Unencrypted(fileno=sock.detach())

    world.servers[PUBLIC, 443] = [b"HTTP/1.1 200 OK\r\n\r\n"]
    fake = world.network
    network = Network(connect=fake.connect, is_own_address=fake.is_own_address, trust=Silent)
    with pytest.raises(TlsError):
        fetch_page(f"https://{PUBLIC}/", network=network)
    assert world.requests() == [b""]


def test_time_that_passes_between_two_steps_counts(world):
    times = iter([0.0, 1.0, 20.0])
    world.names["site.test"] = [PUBLIC]
    fake = world.network
    network = Network(
        resolve=fake.resolve,
        connect=fake.connect,
        is_own_address=fake.is_own_address,
        clock=lambda: next(times),
    )
    with pytest.raises(FetchTimeoutError, match="within 15 seconds"):
        fetch_page("http://site.test/", network=network)
    assert world.resolved == ["site.test"]
    assert world.opened == []


def test_the_time_left_is_shared_by_the_addresses_left(world):
    given = []

    def connect(address, port, seconds):
        given.append((address, seconds))
        raise TimeoutError

    world.names["site.test"] = [f"93.184.215.{n}" for n in range(1, 9)]
    network = Network(
        resolve=world.network.resolve,
        connect=connect,
        is_own_address=lambda _: False,
        clock=lambda: 0.0,
    )
    with pytest.raises(FetchTimeoutError):
        fetch_page("http://site.test/", deadline=12.0, network=network)
    assert given == [(f"93.184.215.{n}", 12.0 / (5 - n)) for n in range(1, 5)]
