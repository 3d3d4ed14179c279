"""Asking for a page unless it is still the same."""

import pytest

from model.page import Redirect
from service.fetch import Earlier, NotModified, fetch_page
from service.fetch.earlier import page_names

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nwords"
SAME = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
MOVED = b"HTTP/1.1 302 Found\r\nLocation: http://a.example/new\r\nContent-Length: 0\r\n\r\n"
URL = "http://a.example/"


@pytest.fixture
def fetch(world):
    def ask(*responses, earlier=None):
        world.names["a.example"] = ["93.184.215.14"]
        world.servers["93.184.215.14", 80] = list(responses)
        return fetch_page(URL, network=world.network, earlier=earlier)

    return ask


def before(final_url=URL, redirects=(), etag='"1"', last_modified=None):
    return Earlier(final_url, redirects, etag, last_modified)


def test_a_server_that_says_the_page_is_the_same_sends_nothing(fetch, world):
    with pytest.raises(NotModified):
        fetch(SAME, earlier=before(last_modified="Sun, 01 Mar 2026 12:00:00 GMT"))
    (request,) = world.requests()
    assert b'\r\nIf-None-Match: "1"\r\n' in request
    assert b"\r\nIf-Modified-Since: Sun, 01 Mar 2026 12:00:00 GMT\r\n" in request


def test_a_page_that_changed_comes_whole(fetch):
    assert fetch(ANSWER, earlier=before()).body == b"words"


def test_only_where_the_earlier_fetch_ended_is_asked_so(fetch, world):
    way = (Redirect(URL, 302),)
    with pytest.raises(NotModified):
        fetch(MOVED, SAME, earlier=before("http://a.example/new", way))
    first, second = world.requests()
    assert b"If-None-Match" not in first
    assert b"If-None-Match" in second


@pytest.mark.parametrize(
    "earlier",
    [None, before("http://a.example/other"), before(URL, (Redirect("http://b.example/", 302),))],
)
def test_a_304_that_nobody_asked_for_is_a_page_of_its_own(fetch, world, earlier):
    assert fetch(SAME, earlier=earlier).status == 304
    assert b"If-None-Match" not in world.requests()[0]


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        ({}, (None, None)),
        ({"etag": 'W/"x"', "last-modified": "y"}, ('W/"x"', "y")),
        ({"etag": '"' + "x" * 300 + '"'}, (None, None)),
        ({"etag": '"\x7f"', "last-modified": "ü"}, (None, None)),
    ],
)
def test_what_a_server_calls_its_page_is_kept_where_it_can_be_sent_back(headers, names):
    assert page_names(headers) == names
