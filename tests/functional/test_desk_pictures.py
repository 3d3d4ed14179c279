"""Pictures at the desk: who may ask for one, and how one is served."""

from dataclasses import replace

import pytest
from desk_helpers import Desk

from service.parts import attach_parts, parts
from service.screenshots.camera import NoPictureError, Picture, picture_name

PAGE = "https://films.example/lighthouse"
PNG = b"\x89PNG\r\n\x1a\nand so on"


class FakeCamera:
    """Takes the same picture of everything, but for what it is told has none."""

    ready = True

    def __init__(self, now):
        self.now, self.taken = now, []

    def take(self, url, now):
        if "nothing" in url:
            raise NoPictureError("The page did not come.")
        self.taken.append(url)

    def picture_of(self, url):
        return Picture(picture_name(url), self.now) if url in self.taken else None

    def read(self, name):
        assert name in map(picture_name, self.taken)
        return PNG


@pytest.fixture
def camera(app, world):
    made = FakeCamera(world.now)
    with app.app_context():
        attach_parts(app, replace(parts(), camera=made))
    return made


@pytest.fixture
def moderator(app, api, world, db):
    return Desk(app, api, world, db, "moderator")


def test_a_picture_is_taken_when_somebody_asks_and_shown_on_the_case(camera, moderator):
    case = moderator.reported({PAGE: "<p>press the button, all of you who pass by here</p>"})
    assert "<img" not in moderator.get(case).get_data(as_text=True)
    assert moderator.post("/screenshots", url=PAGE, next=case).location == case
    text = moderator.get(case).get_data(as_text=True)
    assert f'src="/screenshots/{picture_name(PAGE)}.png"' in text
    assert camera.taken == [PAGE]


def test_a_picture_is_served_as_one_and_may_do_nothing(camera, moderator):
    moderator.post("/screenshots", url=PAGE)
    answer = moderator.get(f"/screenshots/{picture_name(PAGE)}.png")
    assert (answer.mimetype, answer.data) == ("image/png", PNG)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_without_a_picture_says_so(camera, moderator):
    page = moderator.post("/screenshots", url="https://nothing.example/", next="//evil.example")
    assert page.location == "/"
    assert "No picture could be taken" in moderator.get("/queue").get_data(as_text=True)


def test_a_reporter_asks_for_no_picture(camera, app, api, world, db):
    reporter = Desk(app, api, world, db, "reporter")
    assert reporter.post("/screenshots", url=PAGE).status_code == 403
    assert reporter.get(f"/screenshots/{picture_name(PAGE)}.png").status_code == 403


@pytest.mark.parametrize("name", ["x", "..%2Fsecret_key", "0" * 64])
def test_what_is_no_picture_is_not_found(moderator, name):
    assert moderator.get(f"/screenshots/{name}.png").status_code == 404


def test_without_a_browser_there_is_no_button(moderator):
    case = moderator.reported({PAGE: "<p>press the button, all of you who pass by here</p>"})
    assert "/screenshots" not in moderator.get(case).get_data(as_text=True)
