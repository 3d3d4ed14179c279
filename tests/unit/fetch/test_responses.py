"""What becomes of a response: its headers, its body, its framing, its compression."""

import gzip
import time
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.url import canonicalize_url
from model.verdict import UNKNOWN_BECAUSE
from service import fetch
from service.fetch import (
    FetchError,
    Limits,
    ProtocolError,
    TooLargeError,
    fetch_page,
)
from service.fetch.content import header_texts, read_body
from service.fetch.exchange import Exchange

ADDRESS = "93.184.215.14"
HTML = b"Content-Type: text/html\r\n"
SMALL = Limits(max_decoded_bytes=1000, max_wire_bytes=3000, max_head_bytes=1000)


@pytest.fixture
def respond(world):
    def fetched(response, **arguments):
        world.servers[ADDRESS, 80] = [response]
        return fetch_page(f"http://{ADDRESS}/", network=world.network, **arguments)

    return fetched


def test_a_response_becomes_a_page(respond):
    page = respond(
        b"HTTP/1.1 404 Not There\r\nContent-Type: Text/HTML; charset=X\r\nX-A: 1\r\nx-a: 2\r\n"
        b"X-U: \xc3\xa4\r\nX-L: \xe4\r\nContent-Length: 5\r\n\r\nhello and more"
    )
    assert (page.url, page.final_url, page.status) == (f"http://{ADDRESS}/",) * 2 + (404,)
    assert page.headers["content-type"] == "Text/HTML; charset=X"
    assert (page.headers["x-a"], page.headers["x-u"], page.headers["x-l"]) == ("1, 2", "ä", "ä")
    assert page.body == b"hello"


def test_of_several_content_types_the_last_counts():
    headers = (("content-type", b"text/plain"), ("content-type", b"image/png"))
    assert header_texts(headers) == {"content-type": "image/png"}


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (b"text/html", b"body"), (b"TEXT/HTML ;charset=utf-7", b"body"),
        (b"application/xhtml+xml", b"body"), (b"text/plain", b"body"), (b"", b"body"),
        (b"text/markdown", b"body"),
        (b"application/pdf", b""), (b"image/png", b""), (b"application/octet-stream", b""),
        (b"text/css", b""), (b"application/json", b""), (b"video/mp4", b""),
    ],
)  # fmt: skip
def test_only_bodies_people_read_are_read(respond, media_type, body):
    page = respond(b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n\r\nbody" % media_type)
    assert (page.status, page.body) == (200, body)


def test_a_body_of_no_stated_type_is_read(respond):
    assert respond(b"HTTP/1.1 200 OK\r\n\r\nbody").body == b"body"


def test_a_huge_file_of_another_type_is_a_page_without_a_body(respond):
    page = respond(
        b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 99999999999\r\n\r\nxx"
    )
    assert page.body == b""


def test_chunks_are_joined(respond):
    page = respond(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\n"
        b"Trailer: x\r\n\r\n"
    )
    assert page.body == b"abcde"


def test_informational_responses_are_passed_over(respond):
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" * 3
    assert respond(early + b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx").body == b"x"


@pytest.mark.parametrize("name", [b"gzip", b"GZIP", b"x-gzip"])
def test_a_gzip_body_is_decompressed(respond, name):
    packed = gzip.compress(b"hello " * 10_000)
    page = respond(b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\n\r\n%b" % (name, packed))
    assert page.body == b"hello " * 10_000


def test_what_follows_a_gzip_stream_is_not_read(respond):
    packed = gzip.compress(b"first") + gzip.compress(b"second")
    assert respond(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed).body == b"first"


def test_an_empty_body_needs_no_gzip_stream(respond):
    assert respond(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n").body == b""


def test_a_body_packed_twice_is_unpacked_once(respond):
    inner = gzip.compress(b"x" * 1_000_000)
    page = respond(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(inner))
    assert page.body == inner


@pytest.mark.parametrize(
    "response",
    [
        b"", b"\r\n", b"\n\n", b"<html>HTTP/0.9</html>", b"<html>\r\n\r\nbody", b"SSH-2.0-x\r\n",
        b"220 mail ESMTP\r\n", b"HTTP/2 200 OK\r\n\r\n", b"HTTP/1.1\r\n\r\n", b"ICY 200 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n", b"HTTP/1.1 020 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\n: x\r\n\r\n", b"HTTP/1.1 200 OK\r\nA b: c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n A: b\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: b%bc\r\n\r\n" % (b" " * 256),
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
        b"HTTP/1.1 200 OK\r\nContent-Length: %b\r\n\r\n" % (b"9" * 30),
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 9000,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n" + zlib.compress(b"x"),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
        + gzip.compress(b"x" * 99, mtime=0)[:-9],
    ],
)  # fmt: skip
def test_what_is_not_proper_http_is_a_protocol_error(respond, response):
    with pytest.raises(ProtocolError) as caught:
        respond(response)
    assert caught.value.url == f"http://{ADDRESS}/"


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3001\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(1001), mtime=0),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 600,
    ],
)
def test_a_body_beyond_a_limit_is_too_large(respond, response):
    with pytest.raises(TooLargeError):
        respond(response, limits=SMALL)


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"x" * 1000, mtime=0),
    ],
)
def test_a_body_as_large_as_the_limit_is_read(respond, response):
    assert respond(response, limits=SMALL).body == b"x" * 1000


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nA: " + b"a" * 2000 + b"\r\n\r\n",
        b"HTTP/1.1 200 " + b"O" * 2000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A:b\r\n" * 300 + b"\r\n",
        b"HTTP/1.1 103 E\r\n\r\n" * 100 + b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"a" * 2000,
    ],
)
def test_heads_beyond_the_limit_are_refused(respond, head):
    with pytest.raises(ProtocolError, match="too many or too long"):
        respond(head, limits=SMALL)


def test_a_head_as_large_as_the_limit_is_read(respond):
    head = b"HTTP/1.1 103 E\r\n\r\nHTTP/1.1 200 OK\r\nA: %b\r\n\r\n"
    limit = Limits().max_head_bytes
    value = b"a" * (limit - len(head % b""))
    assert respond(head % value).headers["a"] == value.decode()
    with pytest.raises(ProtocolError):
        respond(head % (value + b"a"))


def test_an_answer_that_stops_being_http_is_refused_at_its_first_line(respond):
    with pytest.raises(ProtocolError, match="does not begin as HTTP"):
        respond(b"HTTP/1.1 103 E\r\n\r\nSSH-2.0-x\r\n")


def test_a_bomb_is_inflated_in_small_steps():
    bomb = gzip.compress(bytes(50 * 2**20))
    tracemalloc.start()
    with pytest.raises(TooLargeError):
        read_body([bomb], {"content-encoding": "gzip"}, Limits())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 * 2**20


BLANKS = b" " * 60_000


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nA:" + BLANKS + b"\x00\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA:" + b"\n " * 30_000 + b"\n \x00\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + BLANKS + b"\nx\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA:" + BLANKS + b"\x00\r\n\r\n",
    ],
)
def test_long_runs_of_blanks_cost_no_time(respond, response):
    began = time.process_time()
    with pytest.raises(ProtocolError):
        respond(response)
    assert time.process_time() - began < 0.5


class Pieces:
    """A wire that gives these pieces."""

    def __init__(self, pieces):
        self._pieces = list(pieces)

    def write(self, request):
        assert request.endswith(b"\r\n\r\n") or request == b""

    def read(self):
        return self._pieces.pop(0) if self._pieces else b""


def exchanged(pieces):
    exchange = Exchange(Pieces(pieces), SMALL)
    status, headers = exchange.ask(canonicalize_url("http://site.test/"))
    return status, headers, read_body(exchange.body(), header_texts(headers), SMALL)


FRAGMENTS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 404\n", b"HTTP/1.1 103 E\r\n\r\n", b"\r\n", b"\n", b"\r",
        b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n", b"Content-Encoding: gzip\r\n",
        b"Content-Length: 99999999999999999999999\r\n", b"A: b\r\n", b" folded\r\n", b":\r\n",
        b"5\r\nabcde\r\n", b"0\r\n\r\n", b"0\r\nA: b\r\n\r\n", b"ffffffffffffffffffffff\r\n",
        b"a;x=y\r\n", b"\x1f\x8b\x08\x00", gzip.compress(b"page", mtime=0), b"\x00", b"\xff" * 9,
        b"\t",
    ]
)  # fmt: skip


@given(st.lists(FRAGMENTS | st.binary(min_size=1, max_size=60), max_size=30))
def test_no_answer_ends_otherwise_than_in_a_body_or_a_fetch_error(pieces):
    try:
        status, _, body = exchanged(pieces)
    except FetchError:
        return
    assert 200 <= status <= 999
    assert len(body) <= SMALL.max_decoded_bytes


@given(st.binary(min_size=1, max_size=400), st.data())
def test_a_response_reads_the_same_however_it_is_cut(body, data):
    chunked = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:7], body[7:]) if part)
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n" + chunked + b"0\r\n\r\n"
    cuts = sorted(data.draw(st.sets(st.integers(1, len(raw) - 1))))
    pieces = [raw[i:j] for i, j in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    assert exchanged(pieces) == exchanged([raw])
    assert exchanged(pieces)[2] == body


def subclasses(of):
    return {sub for direct in of.__subclasses__() for sub in {direct, *subclasses(direct)}}


def test_every_error_has_a_code_people_are_told_the_meaning_of():
    errors = subclasses(FetchError)
    assert {error.code for error in errors} <= UNKNOWN_BECAUSE.keys()
    assert len({error.code for error in errors}) == len(errors)


def test_every_error_and_its_code_are_documented():
    page = (Path(__file__).parents[3] / "docs" / "fetching.md").read_text()
    for error in subclasses(FetchError):
        assert f"| `{error.__name__}` | `{error.code}` |" in page
        assert getattr(fetch, error.__name__) is error
