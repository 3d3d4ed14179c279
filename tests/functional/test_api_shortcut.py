"""The short way of a look-up answers as the whole way does, and no longer than it holds."""

import pytest

from service.app import create_app
from service.parts import parts

URL = "https://films.example/lighthouse"
PAGE = "<p>It is a good film. To see it, press the button below, for nothing at all.</p>"


@pytest.fixture
def short(app):
    """Say how many answers were taken the short way, which no log tells."""
    taken = []
    with app.app_context():
        shortcut = parts().shortcut
    remembered = shortcut._note

    def note(seconds):
        taken.append(seconds)
        remembered(seconds)

    shortcut._note = note
    return taken


def ask(api, url=URL, **more):
    return api.get("/v1/lookup", query_string={"url": url}, **more)


def told(answer):
    ignored = {"RateLimit-Remaining", "RateLimit-Reset", "Date"}
    headers = {name: value for name, value in answer.headers if name not in ignored}
    return answer.status_code, answer.data, headers


@pytest.mark.parametrize("known", ["scanned", "decided", "never seen"])
def test_it_answers_as_the_whole_way_does(api, world, short, known):
    world.pages[URL] = PAGE
    if known == "scanned":
        api.post("/v1/check", json={"url": URL})
    if known == "decided":
        api.post("/v1/decisions", json={"url": URL, "ruling": "bait", "scope": "page"})
    first = ask(api)
    again = ask(api)
    assert len(short) == 1
    assert told(again) == told(first)
    assert int(again.headers["RateLimit-Remaining"]) < int(first.headers["RateLimit-Remaining"])


def test_a_decision_ends_it_at_once(api, short):
    ask(api)
    api.post("/v1/decisions", json={"url": URL, "ruling": "bait", "scope": "host"})
    assert ask(api).get_json()["verdict"] == "bait"


def test_a_new_verdict_ends_it_at_once(api, world, short):
    ask(api)
    world.pages[URL] = PAGE
    api.post("/v1/check", json={"url": URL})
    assert ask(api).get_json()["verdict"] == "bait"


def test_a_verdict_is_not_told_after_it_expired(api, world, settings, short):
    world.pages[URL] = PAGE
    api.post("/v1/check", json={"url": URL})
    world.pass_time(seconds=settings.life_bait - 1)
    assert ask(api).get_json()["source"] == "cache"
    world.pass_time(seconds=1)
    assert ask(api).get_json()["source"] == "none"
    assert short == []


def test_nothing_is_told_again_for_longer_than_a_minute(api, world, short):
    ask(api)
    world.pass_time(seconds=60)
    ask(api)
    assert short == []


def test_a_key_counts_there_too(api, client, make_key, short):
    ask(api)
    assert ask(client).status_code == 401
    assert ask(client, headers={"Authorization": "Bearer bw_x_y"}).status_code == 401
    assert ask(client, headers=make_key("check")).status_code == 403
    assert ask(client, headers=make_key("lookup")).status_code == 200
    assert len(short) == 1


def test_a_strange_host_is_refused_there_too(api, short):
    ask(api)
    for host in ("evil.example", "localhost:" + "9" * 50, "localhost:x", ""):
        assert ask(api, headers={"Host": host}).status_code == 400
    assert short == []


def test_a_page_of_another_origin_goes_the_whole_way(api, short):
    ask(api)
    assert ask(api, headers={"Origin": "https://evil.example"}).status_code == 200
    assert short == []


@pytest.mark.parametrize("limit", ["limit_lookups", "limit_address"])
def test_limits_hold_there_too(settings, world, db, make_key, limit):
    strict = settings.model_copy(update={limit: 3})
    app = create_app(strict, steps=world.steps(strict), db=db, clock=world.seconds)
    client, headers = app.test_client(), make_key("lookup")
    statuses = [ask(client, headers=headers).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_other_methods_and_other_queries_go_the_whole_way(api, short):
    ask(api)
    assert api.post(f"/v1/lookup?url={URL}", json={"urls": [URL]}).status_code == 200
    assert api.delete("/v1/lookup", query_string={"url": URL}).status_code == 405
    assert api.get("/v1/lookup").status_code == 400
    assert api.get("/v1/lookup?url=x").status_code == 400
    assert api.get("/v1/lookup?url=x").status_code == 400
    assert short == []
