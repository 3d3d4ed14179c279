"""POST /v1/check, POST /v1/check/batch and GET /v1/scans/{id}."""

from concurrent.futures import ThreadPoolExecutor

import pytest

URL = "https://films.example/lighthouse"
BAIT = "<p>It is a good film. To see it, press the button below, for nothing at all.</p>"
CLEAN = "<p>It is a good film, and it runs at the town's own cinema all through March.</p>"


@pytest.fixture(autouse=True)
def _pages(world):
    world.pages[URL] = BAIT
    world.pages["https://films.example/honest"] = CLEAN


def test_a_page_is_fetched_and_judged(api):
    answer = api.post("/v1/check", json={"url": URL})
    assert answer.status_code == 200
    verdict = answer.get_json()
    assert verdict["verdict"] == "bait"
    assert verdict["source"] == "scan"
    assert verdict["score"] == 0.9375
    assert verdict["model"] == {"version": "test-1", "digest": "0123456789ab"}
    assert verdict["expires_at"] > verdict["checked_at"]


def test_a_fresh_verdict_answers_again_without_a_fetch(api, world):
    api.post("/v1/check", json={"url": URL})
    again = api.post("/v1/check", json={"url": f"{URL}#part"}).get_json()
    assert again["source"] == "cache"
    assert again["url"] == f"{URL}#part"
    assert again["canonical_url"] == URL
    assert world.fetched == [URL]


def test_asking_for_a_fresh_one_fetches_again(api, world):
    api.post("/v1/check", json={"url": URL})
    world.pages[URL] = CLEAN
    again = api.post("/v1/check", json={"url": URL, "fresh": True}).get_json()
    assert (again["verdict"], again["source"]) == ("clean", "scan")
    assert len(world.fetched) == 2


@pytest.mark.parametrize(
    ("page", "kept", "gone"),
    [(BAIT, {"days": 6}, {"days": 8}), (CLEAN, {"hours": 5}, {"hours": 7})],
)
def test_a_verdict_lives_as_long_as_its_kind(api, world, page, kept, gone):
    world.pages[URL] = page
    api.post("/v1/check", json={"url": URL})
    started = world.now
    world.pass_time(**kept)
    assert api.post("/v1/check", json={"url": URL}).get_json()["source"] == "cache"
    world.now = started
    world.pass_time(**gone)
    assert api.post("/v1/check", json={"url": URL}).get_json()["source"] == "scan"


def test_a_page_that_cannot_be_fetched_is_unknown(api):
    verdict = api.post("/v1/check", json={"url": "https://gone.example/"}).get_json()
    assert verdict["verdict"] == "unknown"
    assert verdict["score"] is None
    assert verdict["unknown_because"]["code"] == "dns"


def test_an_error_of_our_own_is_unknown_and_the_worker_lives_on(api, world):
    world.gate.clear()
    world.pages[URL] = None  # not a page: the fake breaks on it
    world.gate.set()
    verdict = api.post("/v1/check", json={"url": URL}).get_json()
    assert verdict["unknown_because"]["code"] == "internal"
    world.pages[URL] = BAIT
    again = api.post("/v1/check", json={"url": URL, "fresh": True}).get_json()
    assert again["verdict"] == "bait"


def test_a_wait_that_runs_out_gives_a_scan_that_finishes(api, world):
    world.gate.clear()
    answer = api.post("/v1/check", json={"url": URL, "wait": 0.1})
    assert answer.status_code == 202
    scan = answer.get_json()
    assert scan["status"] in {"queued", "running"}
    assert scan["verdict"] is None
    where = answer.headers["Location"]
    assert where == f"/v1/scans/{scan['scan']}"
    world.gate.set()
    done = api.post("/v1/check", json={"url": URL}).get_json()
    assert done["verdict"] == "bait"
    later = api.get(where).get_json()
    assert later["status"] == "done"
    assert later["verdict"]["verdict"] == "bait"
    assert later["verdict"]["source"] == "scan"


def test_a_wait_of_nothing_answers_at_once(api):
    assert api.post("/v1/check", json={"url": URL, "wait": 0}).status_code in {200, 202}


def test_the_same_url_many_times_at_once_is_one_scan(app, api, world, make_key):
    world.gate.clear()
    headers = make_key()

    def ask(_):
        body = {"url": URL, "wait": 0}
        return app.test_client().post("/v1/check", json=body, headers=headers).get_json()["scan"]

    with ThreadPoolExecutor(8) as pool:
        scans = set(pool.map(ask, range(8)))
    assert len(scans) == 1
    world.gate.set()
    api.post("/v1/check", json={"url": URL})
    assert world.fetched == [URL]


def test_even_when_the_scan_ends_between_two_of_them_it_is_one_fetch(app, world, make_key):
    headers = make_key()

    def ask(_):
        return app.test_client().post("/v1/check", json={"url": URL}, headers=headers).get_json()

    with ThreadPoolExecutor(16) as pool:
        verdicts = list(pool.map(ask, range(32)))
    assert {verdict["verdict"] for verdict in verdicts} == {"bait"}
    assert world.fetched == [URL]


def test_an_idempotency_key_gives_the_same_scan(api, world):
    world.gate.clear()
    headers = {"Idempotency-Key": "one"}
    body = {"url": URL, "wait": 0, "fresh": True}
    first = api.post("/v1/check", json=body, headers=headers).get_json()["scan"]
    world.gate.set()
    while api.get(f"/v1/scans/{first}").get_json()["status"] != "done":
        pass
    world.pages[URL] = CLEAN
    again = api.post("/v1/check", json=body, headers=headers)
    assert again.status_code == 200
    assert again.get_json()["verdict"] == "bait"
    assert world.fetched == [URL]


def test_an_idempotency_key_with_another_body_is_refused(api):
    headers = {"Idempotency-Key": "one"}
    api.post("/v1/check", json={"url": URL}, headers=headers)
    other = api.post("/v1/check", json={"url": f"{URL}/2"}, headers=headers)
    assert other.status_code == 422
    assert other.get_json()["code"] == "idempotency_key_reused"


def test_an_idempotency_key_belongs_to_its_api_key(client, make_key, world):
    for _ in range(2):
        headers = {**make_key(), "Idempotency-Key": "one"}
        body = {"url": URL, "fresh": True}
        assert client.post("/v1/check", json=body, headers=headers).status_code == 200
    assert len(world.fetched) == 2


def test_an_idempotency_key_on_a_known_answer_guards_its_body_too(api):
    api.post("/v1/check", json={"url": URL})
    headers = {"Idempotency-Key": "one"}
    assert api.post("/v1/check", json={"url": URL}, headers=headers).status_code == 200
    assert api.post("/v1/check", json={"url": URL}, headers=headers).status_code == 200
    other = api.post("/v1/check", json={"url": f"{URL}/2"}, headers=headers)
    assert other.status_code == 422


def test_a_batch_keeps_its_order_and_one_bad_url_is_one_unknown(api):
    urls = [URL, "ftp://films.example/", "https://films.example/honest", URL, "nonsense"]
    answer = api.post("/v1/check/batch", json={"urls": urls})
    assert answer.status_code == 200
    results = answer.get_json()["results"]
    assert [r["url"] for r in results] == urls
    assert [r["verdict"] for r in results] == ["bait", "unknown", "clean", "bait", "unknown"]
    assert results[1]["unknown_because"]["code"] == "refused_url"


def test_a_batch_whose_wait_runs_out_gives_scans_in_their_places(api, world):
    api.post("/v1/check", json={"url": URL})
    world.gate.clear()
    urls = ["https://films.example/honest", URL]
    results = api.post("/v1/check/batch", json={"urls": urls, "wait": 0}).get_json()["results"]
    assert results[0]["status"] in {"queued", "running"}
    assert results[1]["verdict"] == "bait"


def test_a_scan_nobody_made_is_not_found(api):
    answer = api.get("/v1/scans/0123")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
