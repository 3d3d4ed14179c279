"""Whatever comes in, the API answers with a problem that says what to do, never with a 5xx."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

POSTS = (
    "/v1/check",
    "/v1/check/batch",
    "/v1/judge",
    "/v1/lookup",
    "/v1/decisions",
    "/v1/reports",
    "/v1/webhooks",
)

BROKEN_BODIES = {
    "nothing": b"",
    "not json": b"{url: 1",
    "not an object": b"[1]",
    "null": b"null",
    "a text": b'"x"',
    "not utf-8": b'{"url": "\xff"}',
    "deep lists": b'{"url": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"url":' * 100_000 + b"1" + b"}" * 100_000,
    "a little too deep": b'{"url": ' + b"[" * 30 + b"]" * 30 + b"}",
    "an integer of 65 bits": b'{"url": "https://a.example/", "wait": 18446744073709551616}',
    "an integer of 5000 digits": b'{"url": "https://a.example/", "wait": ' + b"9" * 5000 + b"}",
    "not a number": b'{"url": "https://a.example/", "wait": NaN}',
    "infinity": b'{"url": "https://a.example/", "wait": 1e999}',
    "a lone surrogate": b'{"url": "https://a.example/\\ud800"}',
    "a lone surrogate as name": b'{"\\udfff": 1}',
    "a name twice": b'{"url": "https://a.example/", "url": "https://b.example/"}',
    "an unknown name": b'{"url": "https://a.example/", "urll": 1}',
    "wrong types": b'{"url": 1, "urls": "x", "html": [], "ruling": {}, "scope": 1}',
}


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_broken_body_is_a_problem(api, path, body):
    answer = api.post(path, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == 400
    assert problem["title"]
    assert problem["detail"]


BAD_URLS = [
    "",
    "nonsense",
    "ftp://a.example/",
    "javascript:alert(1)",
    "https://",
    "https://a.example/\0",
    "https://a.ex\nample/",
    "https://a.example\\b",
    "https://" + "a" * 3000 + ".example/",
    "https://[::1",
    "https://a.example:99999/",
]


@pytest.mark.parametrize("url", BAD_URLS)
def test_a_url_that_cannot_be_used_is_a_problem_alone(api, url):
    sent = {"url": url}
    decision = {**sent, "ruling": "bait", "scope": "page"}
    answers = (
        api.post("/v1/check", json=sent),
        api.get("/v1/lookup", query_string=sent),
        api.post("/v1/judge", json={**sent, "text": "x"}),
        api.post("/v1/decisions", json=decision),
    )
    assert {(a.status_code, a.get_json()["code"]) for a in answers} == {(400, "invalid_url")}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/check", {"url": "https://a.example/", "wait": 20.5}),
        ("/v1/check", {"url": "https://a.example/", "wait": -1}),
        ("/v1/check", {"url": "https://a.example/", "wait": True}),
        ("/v1/check", {"url": "https://a.example/", "wait": "1"}),
        ("/v1/check", {"url": "https://a.example/", "fresh": 1}),
        ("/v1/check/batch", {"urls": []}),
        ("/v1/check/batch", {"urls": ["https://a.example/"] * 101}),
        ("/v1/check/batch", {"urls": ["https://a.example/", None]}),
        ("/v1/lookup", {"urls": ["https://a.example/"] * 501}),
        ("/v1/decisions", {"url": "https://a.example/", "ruling": "spam", "scope": "page"}),
        (
            "/v1/decisions",
            {"url": "https://a.example/", "ruling": "bait", "scope": "page", "note": "a\0"},
        ),
        (
            "/v1/decisions",
            {"url": "https://a.example/", "ruling": "bait", "scope": "page", "note": "a" * 2001},
        ),
    ],
)
def test_a_field_out_of_bounds_is_named(api, path, body):
    problem = api.post(path, json=body)
    assert problem.status_code == 400
    assert problem.get_json()["errors"]


def test_a_body_over_the_limit_is_413(api, settings):
    answer = api.post("/v1/judge", json={"text": "a" * settings.max_body})
    assert answer.status_code == 413
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("key", ["", "é", "a\tb", "x" * 256])
def test_an_idempotency_key_that_is_none_is_a_problem(api, key):
    headers = {"Idempotency-Key": key}
    answer = api.post("/v1/check", json={"url": "https://a.example/"}, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("PUT", "/v1/check", 405), ("GET", "/v1/check", 405)],
)
def test_an_address_that_is_not_there_is_a_problem_too(api, method, path, status):
    answer = api.open(path, method=method)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"]


def test_html_with_nul_and_odd_characters_is_judged(api):
    answer = api.post("/v1/judge", json={"html": "<p>a\0b\ufffe\u202e</p>"})
    assert answer.status_code == 200


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_bodies = st.binary(max_size=60) | st.builds(
    lambda value: json.dumps(value).encode(),
    _json | st.dictionaries(st.sampled_from(["url", "urls", "html", "text", "note"]), _json),
)


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=st.sampled_from(POSTS), body=_bodies)
def test_no_body_whatever_breaks_the_service(api, path, body):
    answer = api.post(path, data=body, content_type="application/json")
    assert answer.status_code < 500
    assert answer.is_json or answer.mimetype == "application/problem+json"
