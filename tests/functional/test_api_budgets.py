"""Limits: what a key and an address may ask for, and how the answers say it."""

import pytest

from service.app import create_app

URL = "https://a.example/"


@pytest.fixture
def limited(settings, world, db, make_key):
    """Make a client of a service with these limits, and with a key."""

    def make(**limits):
        strict = settings.model_copy(update=limits)
        app = create_app(strict, steps=world.steps(strict), db=db, clock=world.seconds)
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = make_key()["Authorization"]
        return client

    return make


def left(answer):
    return int(answer.headers["RateLimit-Remaining"])


def test_an_answer_says_what_is_left(limited):
    client = limited(limit_lookups=10)
    first = client.get("/v1/lookup", query_string={"url": URL})
    assert first.headers["RateLimit-Limit"] == "10"
    assert left(first) == 9
    assert 1 <= int(first.headers["RateLimit-Reset"]) <= 60
    assert left(client.post("/v1/lookup", json={"urls": [URL] * 4})) == 5


def test_a_spent_budget_is_429_with_a_wait_that_suffices(limited, world):
    client = limited(limit_lookups=2)
    for _ in range(2):
        assert client.get("/v1/lookup", query_string={"url": URL}).status_code == 200
    refused = client.get("/v1/lookup", query_string={"url": URL})
    assert refused.status_code == 429
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["code"] == "too_many_requests"
    world.pass_time(seconds=int(refused.headers["Retry-After"]))
    assert client.get("/v1/lookup", query_string={"url": URL}).status_code == 200


def test_checks_and_look_ups_have_budgets_of_their_own(limited):
    client = limited(limit_checks=1, limit_lookups=1)
    assert client.post("/v1/judge", json={"text": "Honest words."}).status_code == 200
    assert client.post("/v1/judge", json={"text": "Honest words."}).status_code == 429
    assert client.post("/v1/check", json={"url": URL, "wait": 0}).status_code == 429
    assert client.get("/v1/lookup", query_string={"url": URL}).status_code == 200


def test_each_key_has_a_budget_of_its_own(limited, make_key):
    client = limited(limit_lookups=1)
    assert client.get("/v1/lookup", query_string={"url": URL}).status_code == 200
    assert client.get("/v1/lookup", query_string={"url": URL}).status_code == 429
    other = make_key("lookup")
    answer = client.get("/v1/lookup", query_string={"url": URL}, headers=other)
    assert answer.status_code == 200


def test_a_batch_larger_than_a_whole_budget_costs_that_budget(limited):
    client = limited(limit_lookups=3)
    assert client.post("/v1/lookup", json={"urls": [URL] * 5}).status_code == 200
    assert client.get("/v1/lookup", query_string={"url": URL}).status_code == 429


def test_an_address_is_limited_whoever_asks_and_however(limited):
    client = limited(limit_address=2)
    for _ in range(2):
        assert client.get("/v1/scans/x", headers={"Authorization": "x"}).status_code == 401
    assert client.get("/v1/scans/x").status_code == 429
    assert client.get("/v1/scans/x", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 404
    assert client.get("/healthz").status_code == 200


def test_addresses_of_one_ipv6_network_are_one(limited):
    client = limited(limit_address=1)

    def ask(address):
        return client.get("/v1/scans/x", environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask("2001:db8::1"), ask("2001:db8::2"), ask("2001:db8:1::1")] == [404, 429, 404]
    assert [ask("::ffff:192.0.2.7"), ask("::ffff:192.0.2.8"), ask("192.0.2.7")] == [404, 404, 429]


def test_a_forwarded_address_is_not_believed_without_a_proxy(limited):
    client = limited(limit_address=1)
    assert client.get("/v1/scans/x").status_code == 404
    forged = {"X-Forwarded-For": "198.51.100.7"}
    assert client.get("/v1/scans/x", headers=forged).status_code == 429


def test_a_refused_call_does_nothing(limited, world):
    client = limited(limit_checks=1)
    client.post("/v1/judge", json={"text": "Honest words."})
    body = {"url": URL, "ruling": "bait", "scope": "page"}
    assert client.post("/v1/decisions", json=body).status_code == 429
    seen = client.get("/v1/lookup", query_string={"url": URL}).get_json()
    assert seen["decision"] is None
