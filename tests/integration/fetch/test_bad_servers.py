"""Servers that are slow, endless, huge or broken: every fetch ends in time, by its proper name."""

import gzip
import socket
import struct
import tracemalloc
import zlib

import pytest

from model.page import Redirect
from service.fetch import (
    ConnectError,
    FetchError,
    FetchTimeoutError,
    Limits,
    ProtocolError,
    TooLargeError,
    TooManyRedirectsError,
    fetch_page,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS_LIMITS = Limits(max_decoded_bytes=10**12, max_wire_bytes=10**12, max_head_bytes=10**9)


def drip(conn, stopped, data, pause=0.02):
    for byte in data:
        if stopped.wait(pause):
            return
        conn.sendall(bytes([byte]))


def flood(conn, stopped, data):
    while not stopped.is_set():
        conn.sendall(data)


def deflated_zeros(level=9):
    """The head of a gzip stream, and a block of it that stands for a mebibyte however often."""
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head, block


GZIP_HEAD, GZIP_MEBIBYTE = deflated_zeros()


def silence(conn, request, stopped):
    stopped.wait(5)


def slow_status(conn, request, stopped):
    drip(conn, stopped, OK * 100)


def slow_header(conn, request, stopped):
    conn.sendall(OK)
    drip(conn, stopped, b"X-Long: " + b"a" * 10_000)


def slow_body(conn, request, stopped):
    conn.sendall(OK + b"Content-Length: 10000\r\n\r\n")
    drip(conn, stopped, b"a" * 10_000)


def slow_chunk_line(conn, request, stopped):
    conn.sendall(CHUNKED)
    drip(conn, stopped, b"5;" + b"a" * 1000)


def slow_gzip(conn, request, stopped):
    conn.sendall(OK + b"Content-Encoding: gzip\r\n\r\n" + GZIP_HEAD)
    drip(conn, stopped, GZIP_MEBIBYTE)


def slow_trailer(conn, request, stopped):
    conn.sendall(CHUNKED + b"0\r\n")
    drip(conn, stopped, b"A: " + b"b" * 1000)


def stalled_body(conn, request, stopped):
    conn.sendall(OK + b"Content-Length: 10000\r\n\r\n<p>")
    stopped.wait(5)


def slow_early_hints(conn, request, stopped):
    while not stopped.wait(0.02):
        conn.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")


def slow_redirects(conn, request, stopped):
    stopped.wait(0.4)
    conn.sendall(b"HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n")


@pytest.mark.parametrize(
    "behave",
    [
        silence, slow_status, slow_header, slow_body, slow_chunk_line, slow_gzip, slow_trailer,
        stalled_body, slow_early_hints, slow_redirects,
    ],
)  # fmt: skip
def test_a_page_that_is_slow_in_any_part_is_a_timeout(serve, fetch_timed, behave):
    with pytest.raises(FetchTimeoutError):
        fetch_timed(serve(behave), deadline=0.7)


def endless_body(conn, request, stopped):
    conn.sendall(OK + b"\r\n")
    flood(conn, stopped, b"a" * 65_536)


def endless_chunks(conn, request, stopped):
    conn.sendall(CHUNKED)
    flood(conn, stopped, b"10000\r\n" + b"a" * 65_536 + b"\r\n")


def endless_tiny_chunks(conn, request, stopped):
    conn.sendall(CHUNKED)
    flood(conn, stopped, b"1\r\na\r\n" * 1000)


def endless_gzip(conn, request, stopped):
    conn.sendall(OK + b"Content-Encoding: gzip\r\n\r\n" + GZIP_HEAD)
    flood(conn, stopped, GZIP_MEBIBYTE)


def endless_empty_gzip(conn, request, stopped):
    conn.sendall(OK + b"Content-Encoding: gzip\r\n\r\n" + GZIP_HEAD)
    flood(conn, stopped, b"\x00\x00\x00\xff\xff" * 1000)


def gzip_bomb(conn, request, stopped):
    bomb = GZIP_HEAD + GZIP_MEBIBYTE * 1000
    conn.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb))
    conn.sendall(bomb)


def chunked_gzip_bomb(conn, request, stopped):
    conn.sendall(OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
    for byte in GZIP_HEAD + GZIP_MEBIBYTE * 5:
        conn.sendall(b"1\r\n%c\r\n" % byte)


def huge_content_length(conn, request, stopped):
    conn.sendall(OK + b"Content-Length: 99999999999\r\n\r\n")
    flood(conn, stopped, b"a" * 65_536)


@pytest.mark.parametrize(
    "behave",
    [
        endless_body, endless_chunks, endless_gzip, endless_empty_gzip, gzip_bomb,
        chunked_gzip_bomb, huge_content_length,
    ],
)  # fmt: skip
def test_a_body_that_grows_beyond_the_limits_is_too_large(serve, fetch_timed, behave):
    server = serve(behave)
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            fetch_timed(server, deadline=5.0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 * 2**20


@pytest.mark.parametrize("behave", [endless_body, endless_chunks, endless_empty_gzip])
def test_even_without_limits_an_endless_body_ends_at_the_deadline(serve, fetch_timed, behave):
    with pytest.raises(FetchTimeoutError):
        fetch_timed(serve(behave), deadline=0.5, limits=ENDLESS_LIMITS)


def endless_headers(conn, request, stopped):
    conn.sendall(OK)
    flood(conn, stopped, b"X: y\r\n" * 100)


def endless_header(conn, request, stopped):
    conn.sendall(OK + b"X: ")
    flood(conn, stopped, b"y" * 10_000)


def endless_status_line(conn, request, stopped):
    conn.sendall(b"HTTP/1.1 200 ")
    flood(conn, stopped, b"y" * 10_000)


def early_hints_flood(conn, request, stopped):
    flood(conn, stopped, b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


def http_0_9(conn, request, stopped):
    conn.sendall(b"<html><body>This is a page of 1991.\n</body>")


def ssh_banner(conn, request, stopped):
    conn.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
    stopped.wait(5)


def close_at_once(conn, request, stopped):
    pass


def reset(conn, request, stopped):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def reset_in_body(conn, request, stopped):
    conn.sendall(OK + b"Content-Length: 100\r\n\r\nhalf")
    reset(conn, request, stopped)


def short_of_content_length(conn, request, stopped):
    conn.sendall(OK + b"Content-Length: 100\r\n\r\nhalf")


def endless_chunk_line(conn, request, stopped):
    conn.sendall(CHUNKED)
    flood(conn, stopped, b"0" * 100)


def endless_trailers(conn, request, stopped):
    conn.sendall(CHUNKED + b"0\r\n")
    flood(conn, stopped, b"A: b\r\n" * 100)


def random_bytes(conn, request, stopped):
    flood(conn, stopped, bytes(range(256)) * 10)


@pytest.mark.parametrize(
    "behave",
    [
        endless_headers, endless_header, endless_status_line, early_hints_flood, http_0_9,
        ssh_banner, close_at_once, reset, reset_in_body, short_of_content_length,
        endless_tiny_chunks, endless_chunk_line, endless_trailers, random_bytes,
    ],
)  # fmt: skip
def test_a_server_that_does_not_speak_proper_http_is_a_protocol_error(serve, fetch_timed, behave):
    with pytest.raises(ProtocolError):
        fetch_timed(serve(behave), deadline=3.0)


def longer_than_content_length(conn, request, stopped):
    conn.sendall(OK + b"Content-Length: 4\r\n\r\npage and something smuggled")


def tiny_chunks(conn, request, stopped):
    for byte in b"page":
        conn.sendall(b"1\r\n%c\r\n" % byte if byte != ord("p") else CHUNKED + b"1\r\np\r\n")
    conn.sendall(b"0\r\n\r\n")


def dripped(conn, request, stopped):
    drip(conn, stopped, OK + b"Content-Length: 4\r\n\r\npage", pause=0.001)


def packed(conn, request, stopped):
    conn.sendall(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"page"))


@pytest.mark.parametrize(
    "behave",
    [longer_than_content_length, tiny_chunks, dripped, packed],
)
def test_odd_but_proper_answers_are_pages(serve, fetch_timed, behave):
    assert fetch_timed(serve(behave), deadline=3.0).body == b"page"


def test_a_server_that_answers_before_it_is_asked_is_read(serve, fetch_timed):
    def hasty(conn, request, stopped):
        conn.sendall(OK + b"Content-Length: 4\r\n\r\npage")
        stopped.wait(5)

    assert fetch_timed(serve(hasty, polite=False), deadline=3.0).body == b"page"


def test_a_port_nobody_listens_on_is_a_connect_error(serve, fetch_timed):
    server = serve(silence)
    server.close()
    with pytest.raises(ConnectError):
        fetch_timed(server)


def test_a_server_that_never_accepts_is_a_timeout(fetch_timed, serve):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        fillers = []
        for _ in range(8):  # until its queue is full
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
            fillers.append(filler)
        server = serve(silence)
        server.port = deaf.getsockname()[1]
        server.policy = type(server.policy)(allow=(("127.0.0.1", server.port),))
        with pytest.raises(FetchTimeoutError):
            fetch_timed(server, deadline=0.5)
        for filler in fillers:
            filler.close()


def redirect_by_path(conn, request, stopped):
    step = int(request.split()[1][1:])
    if step == 0:
        conn.sendall(OK + b"\r\npage")
    else:
        conn.sendall(b"HTTP/1.1 302 Found\r\nLocation: /%d\r\n\r\n" % (step - 1))


def test_the_chain_of_redirects_is_recorded(serve, fetch_timed):
    server = serve(redirect_by_path)
    page = fetch_timed(server, "/3", deadline=3.0)
    assert page.redirects == tuple(Redirect(server.url(f"/{step}"), 302) for step in (3, 2, 1))
    assert (page.final_url, page.body, server.connections) == (server.url("/0"), b"page", 4)


def test_a_redirect_loop_ends_after_five_redirects(serve, fetch_timed):
    server = serve(lambda conn, *_: conn.sendall(b"HTTP/1.1 301 M\r\nLocation: /loop\r\n\r\n"))
    with pytest.raises(TooManyRedirectsError) as caught:
        fetch_timed(server, "/loop", deadline=3.0)
    assert len(caught.value.redirects) == 6
    assert server.connections == 6


def test_a_local_server_is_out_of_reach_by_default(serve):
    server = serve(redirect_by_path)
    for url in (server.url("/0"), server.url("/0", host="localhost"), "http://127.0.0.1/"):
        with pytest.raises(FetchError) as caught:
            fetch_page(url, deadline=1.0)
        assert caught.value.code in {"refused_address", "refused_url"}
    assert server.connections == 0
