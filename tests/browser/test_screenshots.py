"""Pictures of pages, by a real browser: taken of what may be fetched, and of nothing else."""

from __future__ import annotations

import socket
import struct
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from desk import CHROMIUM, in_ci

from service.errors import BusyError, NotFoundError
from service.fetch.policy import PUBLIC_ONLY, AddressPolicy
from service.screenshots.camera import Camera, NoPictureError
from service.screenshots.child import HEIGHT, WIDTH
from service.screenshots.proxy import vetting_proxy

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
GREEN = "<style>body{background:#00ff00}</style><p>words</p>"


@contextmanager
def site(pages: Mapping[str, tuple[int, str, str]]) -> Iterator[tuple[int, list[str]]]:
    """Serve (status, location, body) by path; yields the port and the paths that were asked for."""
    asked: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, location, body = pages.get(self.path, (404, "", ""))
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], asked
        server.shutdown()


@pytest.fixture
def make_camera(tmp_path):
    if CHROMIUM is None and not in_ci():
        pytest.skip("there is no chromium on the PATH")

    def make(policy: AddressPolicy, **more) -> Camera:
        life = timedelta(days=30)
        # Root cannot have Chromium's own sandbox, and neither can most containers.
        return Camera(Path(CHROMIUM), tmp_path / "p", policy, life, sandbox=False, **more)

    return make


def first_pixel(png: bytes) -> tuple[int, int, tuple[int, ...]]:
    """Read width, height and the first pixel of a PNG with 8 bits a channel."""
    width, height, _, kind = struct.unpack(">IIBB", png[16:26])
    data, place = b"", 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += 12 + length
    channels = {2: 3, 6: 4}[kind]
    return width, height, tuple(zlib.decompress(data)[1 : 1 + channels][:3])


def test_a_picture_shows_the_page(make_camera):
    with site({"/": (200, "", GREEN)}) as (port, _):
        camera = make_camera(AddressPolicy(allow=(("127.0.0.1", port),)))
        url = f"http://127.0.0.1:{port}/"
        assert camera.picture_of(url) is None
        taken = camera.take(url, NOW)
    assert camera.picture_of(url).name == taken.name
    assert first_pixel(camera.read(taken.name)) == (WIDTH, HEIGHT, (0, 255, 0))


def test_nothing_of_a_page_comes_from_where_a_fetch_may_not_go(make_camera):
    with site({"/secret": (200, "", "inside")}) as (inside, asked):
        parts = "".join(
            f'<img src="http://{host}:{inside}/secret"><iframe src="http://{host}:{inside}/secret">'
            f"</iframe><script>fetch('http://{host}:{inside}/secret', {{mode: 'no-cors'}})</script>"
            for host in ("127.0.0.1", "localhost", "[::1]", "2130706433")
        )
        with site({"/": (200, "", GREEN + parts)}) as (port, _):
            camera = make_camera(AddressPolicy(allow=(("127.0.0.1", port),)))
            camera.take(f"http://127.0.0.1:{port}/", NOW)
        assert asked == []


def test_a_page_that_redirects_to_a_refused_address_has_no_picture(make_camera):
    with site({"/secret": (200, "", "inside")}) as (inside, asked):
        lead = (302, f"http://127.0.0.1:{inside}/secret", "")
        with site({"/": lead}) as (port, _):
            camera = make_camera(AddressPolicy(allow=(("127.0.0.1", port),)))
            with pytest.raises(NoPictureError):
                camera.take(f"http://127.0.0.1:{port}/", NOW)
        assert asked == []


def test_what_has_no_browser_takes_no_picture(tmp_path):
    camera = Camera(None, tmp_path, PUBLIC_ONLY, timedelta(days=1))
    assert not camera.ready
    with pytest.raises(NoPictureError):
        camera.take("https://films.example/", NOW)


def test_a_browser_that_hangs_is_given_up_and_leaves_nothing(tmp_path):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nsleep 600\n")
    slow.chmod(0o755)
    camera = Camera(slow, tmp_path / "p", PUBLIC_ONLY, timedelta(days=1), seconds=1)
    with pytest.raises(NoPictureError):
        camera.take("https://films.example/", NOW)
    assert camera.picture_of("https://films.example/") is None


@pytest.mark.parametrize("name", ["", "..", "../secret_key", "0" * 63, "0" * 64, "Z" * 64])
def test_only_pictures_are_read(tmp_path, name):
    with pytest.raises(NotFoundError):
        Camera(None, tmp_path, PUBLIC_ONLY, timedelta(days=1)).read(name)


def through(proxy: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", proxy), timeout=20) as browser:
        browser.sendall(request)
        answer = b""
        while piece := browser.recv(65_536):
            answer += piece
    return answer


REFUSED = [
    b"GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT localhost:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT [::ffff:169.254.169.254]:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT 93.184.215.14:25 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\0\xff\r\n\r\n",
]


@pytest.mark.parametrize("request_head", REFUSED)
def test_the_proxy_refuses_what_a_fetch_would_be_refused(request_head):
    with (
        site({"/": (200, "", "inside")}) as (port, asked),
        vetting_proxy(PUBLIC_ONLY, seconds=20, max_bytes=1_000_000) as proxy,
    ):
        assert through(proxy, request_head.replace(b"{port}", str(port).encode())) == b""
        assert asked == []


def test_the_proxy_passes_on_a_page_without_what_is_its_own():
    with site({"/a?b": (200, "", "words")}) as (port, asked):
        policy = AddressPolicy(allow=(("127.0.0.1", port),))
        with vetting_proxy(policy, seconds=20, max_bytes=1_000_000) as proxy:
            head = f"GET http://127.0.0.1:{port}/a?b HTTP/1.1\r\nHost: x\r\n".encode()
            answer = through(proxy, head + b"Proxy-Connection: keep-alive\r\n\r\n")
            posted = through(proxy, head.replace(b"GET", b"POST") + b"\r\n")
    assert answer.endswith(b"words")
    assert (posted, asked) == (b"", ["/a?b"])


def test_the_proxy_ends_what_is_too_large():
    with site({"/": (200, "", "x" * 3_000_000)}) as (port, _):
        policy = AddressPolicy(allow=(("127.0.0.1", port),))
        with vetting_proxy(policy, seconds=20, max_bytes=1_000_000) as proxy:
            head = f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            assert 0 < len(through(proxy, head)) <= 1_000_000


def test_only_one_picture_is_taken_at_a_time(tmp_path):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nsleep 600\n")
    slow.chmod(0o755)
    camera = Camera(slow, tmp_path / "p", PUBLIC_ONLY, timedelta(days=1), seconds=2)
    refused: list[type] = []
    started = threading.Barrier(3)

    def take():
        started.wait()
        try:
            camera.take("https://films.example/", NOW)
        except (BusyError, NoPictureError) as error:
            refused.append(type(error))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    started.wait()
    for thread in threads:
        thread.join()
    assert sorted(kind.__name__ for kind in refused) == ["BusyError", "NoPictureError"]
