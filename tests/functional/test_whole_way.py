"""The whole way with nothing faked but the judge: a real server, a real fetch, the real desk."""

from functools import partial

import pytest
from local_site import Reply, serving
from working import working_client

from service.app import create_app
from service.clock import utc_now
from service.fetch import AddressPolicy, fetch_page
from service.steps import steps_here

PAGE = (
    b"<title>A film</title><p>It is a good film, and a long one. "
    b"To see it, press the button below, for nothing at all.</p>"
)


SITE = {
    "/film": Reply(PAGE),
    "/moved": Reply(status=302, location="/film"),
    "/inside": Reply(status=302, location="http://127.0.0.1:1/"),
}


@pytest.fixture
def site():
    with serving(SITE) as port:
        yield port


@pytest.fixture
def whole(site, settings, world, db, make_key):
    policy = AddressPolicy(allow=(("127.0.0.1", site),))
    fetch = partial(fetch_page, deadline=5.0, policy=policy)
    judge, model = world.judge, world.steps(settings).model
    steps = steps_here(fetch, judge, model, settings.verdict_life, utc_now)
    app = create_app(settings, steps=steps, db=db)
    with working_client(app, make_key()) as client:
        yield client


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
    assert [(e["kind"], e["quote"], e["href"]) for e in verdict["evidence"]] == [
        ("redirect", url, "http://127.0.0.1:1/")
    ]


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://10.0.0.1/", "http://localhost/"])
def test_a_refused_address_is_200_and_unknown(whole, url):
    answer = whole.post("/v1/check", json={"url": url})
    assert answer.status_code == 200
    assert answer.get_json()["unknown_because"]["code"] == "refused_address"
