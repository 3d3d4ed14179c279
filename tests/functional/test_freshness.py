"""A page that did not change is not judged again, and one that may not have is not sent again."""

from dataclasses import replace

import pytest
from example_pages import ARTICLE, BAIT

from model.page import Page
from service.app import create_app
from service.fetch import NotModified
from service.parts import parts
from service.steps import steps_here

URL = "https://a.example/"


class Site:
    """One page with an ETag, and how often it was sent and judged."""

    def __init__(self, world):
        self.world = world
        self.html = BAIT
        self.etag = '"1"'
        self.sent = 0
        self.judged = 0
        self.model = "test-1"
        self.asked = []

    def fetch(self, url, earlier=None):
        self.asked.append(earlier and earlier.etag)
        if earlier and earlier.etag == self.etag:
            raise NotModified
        self.sent += 1
        page = Page.from_html(self.html, url)
        return replace(page, headers={**page.headers, "etag": self.etag})

    def judge(self, page):
        self.judged += 1
        judged = self.world.judge(page)
        return replace(judged, verdict=replace(judged.verdict, model=self.identity()))

    def identity(self):
        return replace(self.world.verdict_on("").model, version=self.model)


@pytest.fixture
def site(world):
    return Site(world)


@pytest.fixture
def check(settings, db, world, site, make_key):
    """Check the page; the answer, once its scan is done."""
    steps = steps_here(
        site.fetch, site.judge, site.identity, settings.verdict_life, lambda: world.now
    )
    app = create_app(settings, steps=steps, db=db, clock=world.seconds)
    client = app.test_client()
    with app.app_context():
        workers = parts().workers
    workers.start()
    headers = make_key()

    def ask(**more):
        asked = {"url": URL, "wait": 20, **more}
        return client.post("/v1/check", json=asked, headers=headers).get_json()

    yield ask
    workers.stop()


def test_a_server_is_believed_within_a_day_and_not_after(check, site, world, settings):
    site.html = ARTICLE
    first = check()
    world.pass_time(hours=7)  # a clean verdict lives for six
    second = check()
    assert (site.sent, site.judged) == (1, 1)
    assert second["checked_at"] > first["checked_at"]
    assert second["expires_at"] > first["expires_at"]
    assert {**second, "checked_at": 0, "expires_at": 0} == {
        **first,
        "checked_at": 0,
        "expires_at": 0,
    }
    site.html = BAIT
    world.pass_time(hours=7)
    assert check()["verdict"] == "clean"
    world.pass_time(hours=11)
    assert check()["verdict"] == "bait"
    assert site.asked == [None, '"1"', '"1"', None]


def test_fresh_fetches_the_page_whole_and_judges_only_what_changed(check, site, world):
    check()
    world.pass_time(minutes=1)
    second = check(fresh=True)
    assert (site.sent, site.judged) == (2, 1)
    assert (second["verdict"], second["source"]) == ("bait", "scan")
    site.html = ARTICLE
    assert check(fresh=True)["verdict"] == "clean"
    assert (site.sent, site.judged) == (3, 2)


def test_another_model_judges_the_same_page_anew(check, site, world):
    site.html = ARTICLE
    check()
    world.pass_time(hours=7)
    site.model = "test-2"
    assert check()["model"]["version"] == "test-2"
    assert (site.sent, site.judged) == (2, 2)


def test_a_page_without_a_name_is_fetched_again_and_judged_where_it_changed(check, site, world):
    site.html, site.etag = ARTICLE, ""
    check()
    world.pass_time(hours=7)
    check()
    assert (site.sent, site.judged) == (2, 1)
    assert site.asked == [None, None]
