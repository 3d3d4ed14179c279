"""API keys: who may do what."""

from datetime import timedelta

import pytest

from service.store.audit import Actor
from service.store.keys import every_key, revoke_key

CALLS = [
    ("POST", "/v1/check", "check"),
    ("POST", "/v1/check/batch", "check"),
    ("GET", "/v1/scans/x", "check"),
    ("POST", "/v1/judge", "judge"),
    ("GET", "/v1/lookup", "lookup"),
    ("POST", "/v1/lookup", "lookup"),
    ("POST", "/v1/decisions", "moderate"),
    ("DELETE", "/v1/decisions/1", "moderate"),
    ("POST", "/v1/reports", "report"),
    ("GET", "/v1/reports?after=x", "moderate"),
    ("POST", "/v1/webhooks", "admin"),
    ("DELETE", "/v1/webhooks/1", "admin"),
    ("GET", "/v1/webhooks/1/dead", "admin"),
    ("POST", "/v1/webhooks/1/retry", "admin"),
]


@pytest.mark.parametrize(("method", "path", "_scope"), CALLS)
def test_without_a_key_nothing_is_done(client, method, path, _scope):
    answer = client.open(path, method=method)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
def test_a_key_without_the_scope_is_refused_and_one_with_it_is_not(
    client, make_key, method, path, scope
):
    others = {"check", "judge", "lookup", "report", "moderate", "admin"} - {scope}
    assert client.open(path, method=method, headers=make_key(*others)).status_code == 403
    assert client.open(path, method=method, headers=make_key(scope)).status_code in {400, 404}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer bw_",
        "Bearer bw__",
        "Bearer bw_000000000000_x",
        "Bearer bw_é_x",
        "Basic eDp5",
        "bw_000000000000_x",
    ],
)
def test_what_is_no_key_is_refused(client, value):
    answer = client.get("/v1/scans/x", headers={"Authorization": value})
    assert answer.status_code == 401


def test_a_key_with_a_wrong_secret_is_refused(client, make_key):
    good = make_key()["Authorization"]
    bad = good[:-1] + ("a" if good[-1] != "a" else "b")
    assert client.get("/v1/scans/x", headers={"Authorization": bad}).status_code == 401


def test_a_revoked_key_is_refused_at_once(client, make_key, db, world):
    headers = make_key()
    (key,) = every_key(db)
    assert client.get("/v1/scans/x", headers=headers).status_code == 404
    revoke_key(db, key.prefix, Actor("tests", world.now))
    assert client.get("/v1/scans/x", headers=headers).status_code == 401


def test_the_last_use_is_noted_to_the_minute(client, make_key, db, world):
    headers = make_key()
    assert every_key(db)[0].last_used_at is None
    client.get("/v1/scans/x", headers=headers)
    first = world.now
    assert every_key(db)[0].last_used_at == first
    world.pass_time(seconds=30)
    client.get("/v1/scans/x", headers=headers)
    assert every_key(db)[0].last_used_at == first
    world.pass_time(seconds=31)
    client.get("/v1/scans/x", headers=headers)
    assert every_key(db)[0].last_used_at == first + timedelta(seconds=61)


def test_the_database_holds_no_key(make_key, db, settings):
    secret = make_key()["Authorization"].removeprefix("Bearer ")
    db.close()
    stored = b"".join(path.read_bytes() for path in settings.data.iterdir())
    assert every_key(db)[0].prefix.encode() in stored
    assert secret.encode() not in stored
    assert secret.split("_", 2)[2].encode() not in stored
