"""No spelling of, and no name for, a forbidden address ever opens a connection."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.fetch import (
    AddressPolicy,
    AddressRefusedError,
    ConnectError,
    Network,
    UrlRefusedError,
    fetch_page,
)
from service.fetch.addresses import why_not_public

PUBLIC = "93.184.215.14"
PUBLIC_V6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"

FORBIDDEN_HOSTS = [
    # one IPv4 address in every spelling browsers read
    "127.0.0.1", "2130706433", "0x7f000001", "0x7F.1", "017700000001", "0177.0.0.1", "127.1",
    "127.0.1", "0127.0.0.1", "127.0.0.1.", "127.000.000.001", "0000177.0.0.01", "0", "0.0.0.0",
    "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1",
    "%31%32%37.0.0.1", "127%2e0%2e0%2e1", "0x7f.0x0.0x0.0x1", "0x7f.0.0.0x1", "127.0x0.1",
    # special networks
    "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
    "127.255.255.255", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1",
    "192.168.0.1", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
    # a public address in a spelling nobody uses openly
    "1572394766", "0x5db8d70e", "93.12113678", "093.184.215.14", "0135.0270.0327.016",
    # IPv6
    "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::ffff:93.184.215.14]", "[::127.0.0.1]", "[::93.184.215.14]", "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b::93.184.215.14]", "[64:ff9b:1::127.0.0.1]",
    "[2002:7f00:1::]", "[2002:5db8:d70e::1]", "[2001::1]", "[2001:0:7f00:1::]",
    "[2606:2800:21f:cb07:0:5efe:127.0.0.1]", "[2606:2800:21f:cb07:200:5efe:93.184.215.14]",
    "[fc00::1]", "[fd00:ec2::254]", "[fdff::1]", "[fe80::1]", "[febf::1]", "[fec0::1]",
    "[feff::1]", "[ff02::1]", "[ff0e::1]", "[100::1]", "[100:0:0:1::1]", "[2001:2::1]",
    "[2001:10::1]", "[2001:20::1]", "[2001:db8::1]", "[2620:4f:8000::1]", "[3fff::1]",
    "[3ffe::1]", "[2d00::1]", "[2e00::1]", "[4000::1]", "[5f00::1]", "[8000::1]", "[1::1]",
    # zones
    "[fe80::1%25eth0]", "[fe80::1%eth0]", "[2606:2800:21f:cb07::1%25lo]",
]  # fmt: skip

LOCAL_NAMES = [
    "localhost", "localhost.", "LOCALHOST", "a.localhost", "ⓛocalhost", "loc%61lhost",
    "metadata.google.internal", "instance-data.ec2.internal", "printer.local", "nas.lan",
    "router.home.arpa", "home.arpa", "intranet", "com", "wiki.corp", "x.onion", "box.localdomain",
]  # fmt: skip

REFUSED_URLS = [
    "ftp://site.test/", "file:///etc/passwd", "data:text/html,x", "javascript:alert(1)",
    "gopher://site.test/", "ws://site.test/", "//site.test/", "site.test", "",
    "http://", "http:///", "http://site.test:22/", "http://site.test:0/", "http://site.test:6379/",
    "http://site.test:65536/", "http://site.test:81/", "https://site.test:25/",
    "http://site.test\\@127.0.0.1/", "http:\\\\127.0.0.1/", "http://site.test/\\",
    "http:/\t/a.test/",
    "http://si\nte.test/", "http://site.test/\r\nHost: x", "http://site.test/\x00",
    "http://a b.test/",
    "http://a..test/", "http://.test/", f"http://{'a' * 64}.test/", f"http://{'a.' * 127}test/",
    "http://site.test/" + "a" * 70_000, "http://[::1/", "http://1.2.3.4.5/", "http://256.1.1.1/",
    "http://site.test/\ud800",
]  # fmt: skip


def refused(world, url, **arguments):
    with pytest.raises((UrlRefusedError, AddressRefusedError)) as caught:
        fetch_page(url, network=world.network, **arguments)
    assert world.opened == []
    return caught.value


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", FORBIDDEN_HOSTS)
def test_no_spelling_of_a_forbidden_address_is_connected_to(world, scheme, host):
    refused(world, f"{scheme}://{host}/")
    assert world.resolved == []


@pytest.mark.parametrize("host", LOCAL_NAMES)
def test_local_names_are_refused_before_they_are_resolved(world, host):
    assert refused(world, f"http://{host}/").code == "refused_address"
    assert world.resolved == []


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_addresses_of_a_refused_form_are_not_resolved(world, url):
    assert refused(world, url).code == "refused_url"
    assert world.resolved == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["10.0.0.1", PUBLIC], [PUBLIC, "10.0.0.1"], [PUBLIC, "::1"],
        [PUBLIC_V6, "169.254.169.254"], [PUBLIC, PUBLIC_V6, "fd00:ec2::254"],
        [PUBLIC, "::ffff:127.0.0.1"], ["fe80::1%2"], [f"{PUBLIC_V6}%2"], ["not an address"],
        ["2130706433"], ["0177.0.0.1"],
    ],
)  # fmt: skip
def test_one_forbidden_answer_refuses_a_whole_name(world, addresses):
    world.names["site.test"] = addresses
    assert refused(world, "http://site.test/").code == "refused_address"
    assert world.resolved == ["site.test"]


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        (f"http://{PUBLIC}/", (PUBLIC, 80)),
        (f"http://{PUBLIC}:8080/", (PUBLIC, 8080)),
        (f"http://user:word@{PUBLIC}/", (PUBLIC, 80)),
        (f"https://{PUBLIC}/", (PUBLIC, 443)),
        (f"https://{PUBLIC}:8443/", (PUBLIC, 8443)),
        (f"http://[{PUBLIC_V6}]/", (PUBLIC_V6, 80)),
        ("http://[2606:2800:021f:cb07:6820:80da:af6b:8b2c]/", (PUBLIC_V6, 80)),
        ("http://site.test/", (PUBLIC, 80)),
        ("http://SITE.test./", (PUBLIC, 80)),
        ("http://ｓｉｔｅ.test/", (PUBLIC, 80)),
        ("http://99.0.0.1/", ("99.0.0.1", 80)),
        ("http://100.128.0.1/", ("100.128.0.1", 80)),
        ("http://172.32.0.1/", ("172.32.0.1", 80)),
        ("http://192.0.1.1/", ("192.0.1.1", 80)),
        ("http://223.255.255.255/", ("223.255.255.255", 80)),
        ("http://[2001:4860:4860::8888]/", ("2001:4860:4860::8888", 80)),
        ("http://[2c0f:ffff::1]/", ("2c0f:ffff::1", 80)),
    ],
)
def test_public_addresses_are_connected_to_as_vetted(world, url, opened):
    world.names["site.test"] = [PUBLIC]
    with pytest.raises(ConnectError):
        fetch_page(url, network=world.network)
    assert world.opened == [opened]


def test_every_vetted_address_is_tried_until_one_answers(world):
    world.names["site.test"] = [PUBLIC_V6, PUBLIC, PUBLIC]
    world.servers[PUBLIC, 80] = [b"HTTP/1.1 200 OK\r\n\r\n"]
    assert fetch_page("http://site.test/", network=world.network).status == 200
    assert world.opened == [(PUBLIC_V6, 80), (PUBLIC, 80)]


def test_a_peer_that_is_not_the_vetted_address_is_sent_nothing(world):
    world.servers[PUBLIC, 80] = [b"HTTP/1.1 200 OK\r\n\r\n"]
    world.impostors[PUBLIC] = "127.0.0.1"
    with pytest.raises(AddressRefusedError):
        fetch_page(f"http://{PUBLIC}/", network=world.network)
    assert world.requests() == [b""]


def test_another_public_peer_is_not_the_vetted_address_either(world):
    world.servers[PUBLIC, 80] = [b"HTTP/1.1 200 OK\r\n\r\n"]
    world.impostors[PUBLIC] = "8.8.8.8"
    with pytest.raises(AddressRefusedError, match=r"8\.8\.8\.8 answered in place"):
        fetch_page(f"http://{PUBLIC}/", network=world.network)


def test_a_name_that_changes_its_address_is_resolved_only_once(world):
    world.names["site.test"] = [[PUBLIC], ["127.0.0.1"]]
    world.servers[PUBLIC, 80] = [b"HTTP/1.1 200 OK\r\n\r\n"]
    fetch_page("http://site.test/", network=world.network)
    assert world.resolved == ["site.test"]
    assert world.opened == [(PUBLIC, 80)]


def test_addresses_of_this_machine_are_refused(world):
    world.own.add(PUBLIC)
    assert "this machine" in str(refused(world, f"http://{PUBLIC}/"))


def test_denied_hosts_and_networks_are_refused(world):
    world.names["site.test"] = [PUBLIC]
    policy = AddressPolicy(deny_hosts=("my.test",), deny_networks=("93.184.215.0/24", "2606::/16"))
    for url in ("http://my.test/", "http://a.my.test/", "http://site.test/", f"http://{PUBLIC}/"):
        assert "denied" in str(refused(world, url, policy=policy))
    refused(world, f"http://[{PUBLIC_V6}]/", policy=policy)


def test_an_allowance_is_for_one_address_and_one_port(world):
    policy = AddressPolicy(allow=(("127.0.0.1", 9000), ("0:0::1", 80)))
    for url in ("http://127.0.0.1/", "http://127.0.0.2:9000/", f"http://{PUBLIC}:9000/"):
        refused(world, url, policy=policy)
    for url in ("http://127.0.0.1:9000/", "http://[::1]/"):
        with pytest.raises(ConnectError):
            fetch_page(url, network=world.network, policy=policy)
    assert world.opened == [("127.0.0.1", 9000), ("::1", 80)]


@pytest.mark.parametrize(
    "settings", [{"allow": (("host", 1),)}, {"deny_networks": ("10.0.0.1/8",)}]
)
def test_a_policy_that_cannot_be_read_is_an_error(settings):
    with pytest.raises(ValueError, match=r"not appear|host bits"):
        AddressPolicy(**settings)


def spelled(number, form):
    a, b, c, d = number.to_bytes(4)
    return {
        "decimal": f"{number}",
        "hex": f"{number:#x}",
        "octal": f"0{number:o}",
        "dotted hex": f"{a:#x}.{b:#x}.{c:#x}.{d:#x}",
        "dotted octal": f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        "mixed": f"{a:#x}.0{b:o}.{c * 256 + d}",
        "short": f"{a}.{number & 0xFFFFFF}",
        "quad": f"{a}.{b}.{c}.{d}",
    }[form]


def opened_for(host):
    opened = []

    def connect(address, port, seconds):
        opened.append(address)
        raise ConnectionRefusedError

    network = Network(connect=connect, is_own_address=lambda _: False)
    with pytest.raises((UrlRefusedError, AddressRefusedError, ConnectError)):
        fetch_page(f"http://{host}/", network=network)
    return opened


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(
        ["decimal", "hex", "octal", "dotted hex", "dotted octal", "mixed", "short", "quad"]
    ),
)
def test_only_plainly_written_public_ipv4_addresses_are_connected_to(number, form):
    address = IPv4Address(number)
    opened = opened_for(spelled(number, form))
    if opened:
        assert opened == [str(address)]
        assert address.is_global
        assert not address.is_multicast
        assert spelled(number, form) == str(address)


@given(
    st.integers(0, 2**128 - 1)
    | st.integers(0x2000 << 112, (0x4000 << 112) - 1)
    | st.integers(0, 2**64).map(lambda low: (0x2606_4700 << 96) + low)
)
def test_only_global_unicast_ipv6_addresses_are_connected_to(number):
    address = IPv6Address(number)
    opened = opened_for(f"[{address}]")
    if opened:
        assert opened == [str(address)]
        assert address.is_global
        assert not address.is_reserved
        assert (address.ipv4_mapped, address.sixtofour, address.teredo) == (None, None, None)


@given(st.integers(0, 2**32 - 1))
def test_no_ipv4_address_python_calls_private_is_public_here(number):
    address = IPv4Address(number)
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert why_not_public(address) is not None
