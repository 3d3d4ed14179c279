"""The whole way with nothing faked but the judge: a real server, a real fetch, the real desk."""

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from model.document import parse_document
from service.app import create_app
from service.clock import utc_now
from service.fetch import AddressPolicy, fetch_page
from service.parts import parts
from service.steps import Steps

PAGE = (
    b"<title>A film</title><p>It is a good film, and a long one. "
    b"To see it, press the button below, for nothing at all.</p>"
)


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/film")
            self.end_headers()
        elif self.path == "/inside":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
        elif self.path == "/film":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE)
        else:
            self.send_error(404)

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def whole(site, settings, world, db, make_key):
    policy = AddressPolicy(allow=(("127.0.0.1", site),))
    fetch = partial(fetch_page, deadline=5.0, policy=policy)
    judge, model = world.judge, world.steps(settings).model
    steps = Steps(fetch, parse_document, judge, model, settings.verdict_life, utc_now)
    app = create_app(settings, steps=steps, db=db)
    with app.app_context():
        workers = parts().workers
    workers.start()
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = make_key()["Authorization"]
    yield client
    workers.stop()


def test_a_redirect_is_followed_judged_and_told(whole, site):
    url = f"http://127.0.0.1:{site}/moved"
    verdict = whole.post("/v1/check", json={"url": url}).get_json()
    assert verdict["verdict"] == "bait"
    assert verdict["final_url"] == f"http://127.0.0.1:{site}/film"
    assert verdict["redirects"] == [{"url": url, "status": 302}]


def test_a_redirect_into_the_inside_is_unknown_with_its_hops(whole, site):
    url = f"http://127.0.0.1:{site}/inside"
    verdict = whole.post("/v1/check", json={"url": url}).get_json()
    assert verdict["verdict"] == "unknown"
    assert verdict["unknown_because"]["code"].startswith("refused_")
    assert verdict["redirects"] == [{"url": url, "status": 302}]


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://10.0.0.1/", "http://localhost/"])
def test_a_refused_address_is_200_and_unknown(whole, url):
    answer = whole.post("/v1/check", json={"url": url})
    assert answer.status_code == 200
    assert answer.get_json()["unknown_because"]["code"] == "refused_address"
