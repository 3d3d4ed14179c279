"""What holds for every answer: headers, hosts, health, the OpenAPI document, a busy database."""

import sqlite3
from contextlib import closing

import pytest

from service.app import create_app, secret_key
from service.parts import parts


@pytest.mark.parametrize("path", ["/sign-in", "/v1/nothing", "/healthz", "/static/desk/desk.css"])
def test_every_answer_has_its_security_headers(client, path):
    with client.get(path) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "evil-localhost",
        "[::1",
        "[::2]",
        "localhost:" + "9" * 5000,
        "localhost:x",
        "a b",
        "\xe9",
    ],
)
def test_a_strange_host_is_refused(client, host):
    answer = client.get("/healthz", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_a_name_with_a_dot_before_it_stands_for_all_names_below(settings, world, db):
    wide = settings.model_copy(update={"trusted_hosts": (".links.example",)})
    client = create_app(wide, steps=world.steps(wide), db=db).test_client()
    assert client.get("/healthz", headers={"Host": "a.links.example"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "evillinks.example"}).status_code == 400


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080"]
)
def test_the_loopback_names_are_answered(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_a_forwarded_host_is_not_believed_without_a_proxy(client):
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert client.get("/healthz", headers=headers).status_code == 200


def test_behind_a_proxy_its_word_counts_and_no_more_than_its_own(settings, world, db, password):
    behind = settings.model_copy(update={"proxy_hops": 1, "trusted_hosts": ("links.example",)})
    client = create_app(behind, steps=world.steps(behind), db=db).test_client()
    told = {"X-Forwarded-Host": "links.example", "X-Forwarded-For": "192.0.2.1, 192.0.2.2"}
    assert client.get("/healthz", headers=told).status_code == 200
    assert client.get("/healthz").status_code == 400

    def guess(forged):
        page = client.get("/sign-in", headers=told).get_data(as_text=True)
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        form = {"name": "mod", "password": "wrong", "csrf_token": token}
        headers = {**told, "X-Forwarded-For": f"{forged}, 192.0.2.2"}
        return client.post("/sign-in", data=form, headers=headers).status_code

    codes = [guess(f"198.51.100.{number}") for number in range(6)]
    assert codes == [403] * 5 + [429]


def test_health_needs_no_key(client):
    assert client.get("/healthz").get_json() == {"status": "ok"}
    model = {"version": "test-1", "digest": "0123456789ab"}
    assert client.get("/readyz").get_json() == {"status": "ok", "model": model}


def test_the_openapi_document_has_every_call_and_every_reference_resolves(client):
    document = client.get("/v1/openapi.json").get_json()
    refused = document["paths"]["/v1/check"]["post"]["responses"]["400"]["content"]
    assert set(refused) == {"application/problem+json"}
    assert document["openapi"].startswith("3.1")
    assert {path for path in document["paths"] if path.startswith("/v1")} == {
        "/v1/check",
        "/v1/check/batch",
        "/v1/scans/{scan_id}",
        "/v1/judge",
        "/v1/lookup",
        "/v1/decisions",
        "/v1/decisions/{decision_id}",
        "/v1/prefixes",
        "/v1/prefixes/find",
        "/v1/reports",
        "/v1/webhooks",
        "/v1/webhooks/{webhook_id}",
        "/v1/webhooks/{webhook_id}/dead",
        "/v1/webhooks/{webhook_id}/retry",
    }
    schemas = document["components"]["schemas"]
    for reference in _references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas


def _references(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_a_locked_database_is_503_and_recovers_by_itself(api, db, settings):
    body = {"url": "https://a.example/", "ruling": "bait", "scope": "page"}
    api.post("/v1/decisions", json=body)  # the key's use is noted; reads need no lock
    with closing(sqlite3.connect(settings.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = api.post("/v1/decisions", json=body)
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.mimetype == "application/problem+json"
        looked = api.get("/v1/lookup", query_string={"url": "https://a.example/"})
        assert looked.status_code == 200
        other.execute("ROLLBACK")
    assert api.post("/v1/decisions", json=body).status_code == 201


def test_an_error_of_our_own_tells_nothing_of_its_inside(app, api):
    def break_down():
        raise RuntimeError("a secret inside")

    app.view_functions["health.alive"] = break_down
    answer = api.get("/healthz")
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert "secret" not in answer.get_data(as_text=True)


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path):
    first = secret_key(tmp_path)
    assert len(first) == 32
    assert secret_key(tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_over_https_cookies_and_browsers_insist_on_it(settings, world, db):
    secure = settings.model_copy(update={"public_url": "https://links.example"})
    app = create_app(secure, steps=world.steps(secure), db=db)
    client = app.test_client()
    answer = client.get("/sign-in", base_url="https://links.example")
    assert answer.headers["Strict-Transport-Security"]
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]


def test_a_stopped_service_gives_its_scans_back_and_the_next_one_finishes_them(
    settings, world, db, make_key
):
    hasty = settings.model_copy(update={"stop_grace": 0.0})
    app = create_app(hasty, steps=world.steps(hasty), db=db)
    with app.app_context():
        workers = parts().workers
    workers.start()
    world.gate.clear()
    world.pages["https://a.example/"] = "<p>Honest words.</p>"
    client, headers = app.test_client(), make_key()
    body = {"url": "https://a.example/", "wait": 0.3}
    answer = client.post("/v1/check", json=body, headers=headers)
    assert answer.status_code == 202
    workers.stop()
    where = answer.headers["Location"]
    assert client.get(where, headers=headers).get_json()["status"] == "queued"
    world.gate.set()
    again = create_app(settings, steps=world.steps(settings), db=db)
    with again.app_context():
        successors = parts().workers
    successors.start()
    body = {"url": "https://a.example/"}
    verdict = again.test_client().post("/v1/check", json=body, headers=headers).get_json()
    assert verdict["verdict"] == "clean"
    successors.stop()
