"""Each hop goes through the whole check, is recorded, and carries nothing along."""

import pytest

from model.page import Redirect
from service.fetch import (
    AddressRefusedError,
    FetchError,
    Limits,
    ProtocolError,
    TooManyRedirectsError,
    UrlRefusedError,
    fetch_page,
)

START, OTHER = "93.184.215.14", "93.184.215.15"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>here"


def moved(location, status=302, more=b""):
    raw = location if isinstance(location, bytes) else location.encode()
    return b"HTTP/1.1 %d Moved\r\nLocation: %b\r\n%b\r\n" % (status, raw, more)


@pytest.fixture
def world(world):
    world.names.update({"start.test": [START], "other.test": [OTHER]})
    return world


FORBIDDEN = [
    "http://127.0.0.1/", "//127.0.0.1/", "http://0x7f.1/", "http://2130706433/", "http://[::1]/",
    "https://169.254.169.254/latest", "http://localhost/", "http://metadata.google.internal/",
    "http://user@127.0.0.1/", "http://other.test@127.0.0.1/", "http://inside.test/",
    "\\\\127.0.0.1/", "/\\127.0.0.1/", "//127.0.0.1\\@other.test/", "http://other.test\\.test/",
    "//127.0.\t0.1/", "\thttp://other.test/\x01", "http://oth\ter.test/", "/a\x7fb",
    "data:text/html,hello", "file:///etc/passwd", "javascript:1", "ftp://other.test/",
    "http://other.test:22/", "//other.test:6379/", "http://1572394767/", "//0135.0270.0327.017/",
    "http://" + "a" * 3000 + "/", "/" + "a" * 2048, "http://[::ffff:93.184.215.15]/", "http://",
    b"http://127\xe3\x80\x820\xe3\x80\x820\xe3\x80\x821/", b"/\xc2\x85x",
]  # fmt: skip


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", FORBIDDEN)
def test_a_redirect_to_a_forbidden_place_is_not_followed(world, location, status):
    world.names["inside.test"] = ["10.0.0.1"]
    world.servers[START, 80] = [moved(location, status)]
    with pytest.raises((UrlRefusedError, AddressRefusedError)) as caught:
        fetch_page("http://start.test/", network=world.network)
    assert world.opened == [(START, 80)]
    assert caught.value.redirects == (Redirect("http://start.test/", status),)


def test_the_refused_address_is_named_where_it_can_be_read(world):
    world.servers[START, 80] = [moved("http://127.1/x")]
    with pytest.raises(FetchError) as caught:
        fetch_page("http://start.test/", network=world.network)
    assert caught.value.url == "http://127.0.0.1/x"
    world.servers[START, 80] = [moved("data:,x")]
    with pytest.raises(FetchError) as caught:
        fetch_page("http://start.test/", network=world.network)
    assert caught.value.url is None


@pytest.mark.parametrize(
    ("location", "final"),
    [
        ("http://other.test/a?b=c#d", "http://other.test/a?b=c"),
        ("//other.test/a", "http://other.test/a"),
        ("/a", "http://start.test/a"),
        ("?q", "http://start.test/dir/page?q"),
        ("a/../b c", "http://start.test/dir/b%20c"),
        ("http://u:p@other.test/", "http://other.test/"),
        ("http://other.test:8080/", "http://other.test:8080/"),
        (f"http://{OTHER}/", f"http://{OTHER}/"),
        ("/ä".encode(), "http://start.test/%C3%A4"),
        (b"/\xe4", "http://start.test/%C3%A4"),
    ],
)
def test_a_redirect_is_resolved_and_followed_as_a_browser_would(world, location, final):
    world.servers[START, 80] = [moved(location), OK]
    world.servers[OTHER, 80] = [OK]
    world.servers[OTHER, 8080] = [OK]
    page = fetch_page("http://start.test/dir/page", network=world.network)
    assert (page.url, page.final_url) == ("http://start.test/dir/page", final)
    assert page.body == b"<p>here"
    assert page.redirects == (Redirect("http://start.test/dir/page", 302),)


def test_a_name_that_turns_private_on_the_second_hop_is_refused(world):
    world.names["start.test"] = [[START], ["127.0.0.1"]]
    world.servers[START, 80] = [moved("/again"), OK]
    with pytest.raises(AddressRefusedError):
        fetch_page("http://start.test/", network=world.network)
    assert world.resolved == ["start.test", "start.test"]
    assert world.opened == [(START, 80)]


def test_nothing_is_carried_from_one_hop_to_the_next(world):
    world.servers[START, 80] = [
        moved("http://other.test/", more=b"Set-Cookie: a=b\r\nWWW-Authenticate: Basic\r\n")
    ]
    world.servers[OTHER, 80] = [OK]
    fetch_page("http://me:secret@start.test/?token=1", network=world.network)
    first, second = world.requests()
    assert first.startswith(
        b"GET /?token=1 HTTP/1.1\r\nHost: start.test\r\nUser-Agent: baitwatch ("
    )
    assert second.startswith(b"GET / HTTP/1.1\r\nHost: other.test\r\n")
    for request in (first.lower(), second.lower()):
        names = [line.split(b":")[0] for line in request.split(b"\r\n")[1:-2]]
        assert names == [b"host", b"user-agent", b"accept", b"accept-encoding", b"connection"]
        assert b"secret" not in request
        assert b"accept-encoding: gzip\r\n" in request


def test_as_many_redirects_as_the_limit_are_followed(world):
    world.servers[START, 80] = [*(moved(f"/{n}", 300 + n) for n in (1, 2, 3, 7, 8)), OK]
    page = fetch_page("http://start.test/0", network=world.network)
    assert page.final_url == "http://start.test/8"
    assert page.redirects == tuple(
        Redirect(f"http://start.test/{path}", status)
        for path, status in ((0, 301), (1, 302), (2, 303), (3, 307), (7, 308))
    )


def test_each_redirect_is_told_before_it_is_followed(world):
    world.servers[START, 80] = [moved("http://other.test/a", 301)]
    world.servers[OTHER, 80] = [moved("/b"), OK]
    first = Redirect("http://start.test/", 301)
    second = Redirect("http://other.test/a", 302)
    told = []

    def tell(url, redirects):
        told.append((url, redirects, len(world.opened)))

    fetch_page("http://start.test/", network=world.network, tell=tell)
    assert told == [
        ("http://other.test/a", (first,), 1),
        ("http://other.test/b", (first, second), 2),
    ]


def test_one_redirect_more_than_the_limit_is_too_many(world):
    world.servers[START, 80] = [moved("/")] * 4
    with pytest.raises(TooManyRedirectsError) as caught:
        fetch_page("http://start.test/", network=world.network, limits=Limits(max_redirects=3))
    assert caught.value.redirects == (Redirect("http://start.test/", 302),) * 4
    assert len(world.opened) == 4


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 404])
def test_other_statuses_are_pages_whatever_their_location(world, status):
    world.servers[START, 80] = [moved("http://other.test/", status)]
    page = fetch_page("http://start.test/", network=world.network)
    assert (page.status, page.final_url) == (status, "http://start.test/")


def test_a_redirect_without_a_location_is_a_page(world):
    world.servers[START, 80] = [b"HTTP/1.1 302 Found\r\nContent-Type: text/html\r\n\r\nno way"]
    assert fetch_page("http://start.test/", network=world.network).body == b"no way"


def test_a_redirect_with_two_different_locations_is_not_proper_http(world):
    world.servers[START, 80] = [moved("/a", more=b"Location: /b\r\n")]
    with pytest.raises(ProtocolError):
        fetch_page("http://start.test/", network=world.network)
    world.servers[START, 80] = [moved("/a", more=b"Location: /a\r\n"), OK]
    assert fetch_page("http://start.test/", network=world.network).final_url.endswith("/a")


def test_a_page_that_refreshes_itself_elsewhere_is_not_followed(world):
    world.servers[START, 80] = [
        b"HTTP/1.1 200 OK\r\nRefresh: 0;url=http://other.test/\r\nLink: </style>; rel=preload\r\n"
        b'\r\n<base href="//other.test/"><meta http-equiv=refresh content="0;url=//other.test">'
        b'<link rel=icon href=//other.test/i><img src="//other.test/x"><script src="/x"></script>'
    ]
    page = fetch_page("http://start.test/", network=world.network)
    assert page.headers["refresh"] == "0;url=http://other.test/"
    assert world.opened == [(START, 80)]
