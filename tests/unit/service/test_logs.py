"""What may stand in a log: of an address, of secrets, of what strangers wrote."""

import io
import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from service.logs import configure_logs, hide_secrets, loggable_url


@pytest.mark.parametrize(
    ("url", "logged"),
    [
        ("https://user:pw@a.example:8443/p/q?token=x#y", "https://a.example:8443/p/q"),
        ("http://[2001:db8::1]:80/x", "http://[2001:db8::1]:80/x"),
        ("http://[bad", "(unreadable)"),
        ("http://a.example:99999/", "(unreadable)"),
    ],
)
def test_user_names_and_queries_are_cut(url, logged):
    assert loggable_url(url) == logged


@given(st.text(), st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_no_address_breaks_the_log_or_tells_its_query(text, secret):
    logged = loggable_url(f"https://a.example/{text}?{secret}={secret}-secret")
    assert f"{secret}-secret" not in logged


SECRET = "hunter2hunter2"


@pytest.fixture
def logged(capsys):
    """Log as the service does; give back the lines of standard error, read as JSON."""
    kept = structlog.get_config()
    configure_logs()

    def lines():
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield lines
    structlog.configure(**kept)
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if type(handler).__module__ == "service.logs":
            root.removeHandler(handler)


@pytest.mark.parametrize(
    "event",
    [
        {"said": f"bw_0123456789ab_{SECRET}"},
        {"said": f"Authorization: Bearer {SECRET}"},
        {"password": SECRET},
        {"headers": {"Cookie": f"baitwatch={SECRET}"}},
        {"said": f"could not reach postgresql://baitwatch:{SECRET}@db.example/baitwatch"},
        {"said": f"GET https://a.example/p?session={SECRET}#x broke"},
        {"urls": [f"redis://:{SECRET}@cache.example:6379/0"]},
    ],
)
def test_secrets_are_not_logged_wherever_they_stand(logged, event):
    structlog.get_logger().info("it_happened", **event)
    (line,) = logged()
    assert line["event"] == "it_happened"
    assert SECRET not in json.dumps(line)


def test_the_secrets_of_an_error_are_not_logged_either(logged):
    try:
        int(f"https://user:{SECRET}@a.example/p?q={SECRET}")
    except ValueError:
        structlog.get_logger().exception("it_broke")
    (line,) = logged()
    assert "https://a.example/p" in line["exception"]
    assert SECRET not in json.dumps(line)


@given(text=st.text())
def test_hostile_text_stays_on_its_line_and_says_nothing_to_a_terminal(text):
    out = io.StringIO()
    render = structlog.processors.JSONRenderer()
    out.write(str(render(None, "info", hide_secrets(None, "info", {"event": "e", "title": text}))))
    assert all(" " <= letter <= "~" for letter in out.getvalue())
    assert json.loads(out.getvalue())["event"] == "e"


def test_a_long_text_is_cut(logged):
    structlog.get_logger().info("it_came", text="x" * 1_000_000)
    (line,) = logged()
    assert len(line["text"]) < 10_000


def test_what_libraries_warn_of_is_json_too_and_their_chatter_is_left_out(logged):
    logger = logging.getLogger("some.library")
    logger.info("hello")
    logger.warning("lost %s", f"https://a.example/?k={SECRET}\nforged line")
    (line,) = logged()
    assert (line["level"], line["logger"]) == ("warning", "some.library")
    assert line["said"] == "lost https://a.example/\nforged line"
