"""CORS: named extensions may read answers, nobody else, and never with cookies."""

import pytest
from pydantic import ValidationError

from service.app import create_app
from service.settings import Settings

CHROME = "chrome-extension://" + "abcdefghijklmnop" * 2
FIREFOX = "moz-extension://0f5e7a1c-1111-4222-8333-123456789abc"
PREFLIGHT = {"Access-Control-Request-Method": "POST"}


@pytest.fixture
def open_to(settings, world, db):
    def make(**update):
        wide = settings.model_copy(update=update)
        return create_app(wide, steps=world.steps(wide), db=db).test_client()

    return make


def allowed(client, origin, path="/v1/lookup"):
    answer = client.options(path, headers={"Origin": origin, **PREFLIGHT})
    assert answer.headers.get("Access-Control-Allow-Credentials") is None
    return answer.headers.get("Access-Control-Allow-Origin")


def test_a_named_extension_may_ask_and_read(open_to):
    client = open_to(extension_origins=(CHROME,))
    preflight = client.options("/v1/lookup", headers={"Origin": CHROME, **PREFLIGHT})
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == CHROME
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    refused = client.get("/v1/lookup", headers={"Origin": CHROME})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == CHROME
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "*",
        "",
        "https://films.example",
        CHROME.upper(),
        CHROME + "/",
        CHROME + ".evil.example",
        CHROME[:-1],
        "https://evil.example/" + CHROME,
        FIREFOX,
    ],
)
def test_every_other_origin_is_told_nothing(open_to, origin):
    assert allowed(open_to(extension_origins=(CHROME,)), origin) is None


def test_every_extension_in_firefox_where_that_is_enabled(open_to):
    client = open_to(firefox_extensions=True)
    assert allowed(client, FIREFOX) == FIREFOX
    assert allowed(client, FIREFOX + "0") is None
    assert allowed(client, CHROME) is None
    assert allowed(client, "moz-extension://evil.example") is None


def test_caches_are_told_that_answers_differ_by_origin(open_to):
    client = open_to(extension_origins=(CHROME,))
    assert "Origin" in client.get("/v1/lookup").headers["Vary"]


def test_the_desk_and_health_are_open_to_no_origin(open_to):
    client = open_to(extension_origins=(CHROME,), firefox_extensions=True)
    assert allowed(client, CHROME, "/sign-in") is None
    assert allowed(client, CHROME, "/healthz") is None


def test_nobody_is_allowed_by_default(client):
    assert allowed(client, CHROME) is None
    assert allowed(client, FIREFOX) is None


@pytest.mark.parametrize("origin", ["*", "https://a.example", CHROME + "/x", "chrome-extension://"])
def test_a_setting_that_is_no_extension_is_refused_at_the_start(tmp_path, origin):
    with pytest.raises(ValidationError, match="no extension"):
        Settings(data=tmp_path, extension_origins=origin)


def test_many_origins_are_one_setting(tmp_path):
    both = Settings(data=tmp_path, extension_origins=f"{CHROME}, {FIREFOX}")
    assert both.extension_origins == (CHROME, FIREFOX)
