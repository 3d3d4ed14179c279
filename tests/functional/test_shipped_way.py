"""The whole way with nothing faked at all: a web server, the fetcher, the shipped model."""

import json

import pytest
from click.testing import CliRunner
from local_site import Reply, serving
from working import working_client
from written_articles import ARTICLES

from service.app import create_app
from service.cli_check import make_check_command
from service.serve import real_steps
from service.settings import Settings

REVIEW = ARTICLES[0]
PROSE = "".join(f"<p>{paragraph}</p>" for paragraph in REVIEW.paragraphs)
BAIT = (
    f"<!DOCTYPE html><html lang=en><title>{REVIEW.title}</title><article>{PROSE}<p>Watch movie</p>"
    '<p><a href="https://gate.example/7"><img src="play.jpg" alt="Preview image – click to watch '
    'on our partner site"></a></p><p>*Content is hosted on a partner site.</p></article></html>'
).encode()
SITE = {
    "/bait": Reply(BAIT),
    "/review": Reply(f"<title>Review</title>{PROSE}".encode()),
    "/moved": Reply(status=302, location="/moved-again"),
    "/moved-again": Reply(status=301, location="/bait"),
    "/false-charset": Reply(BAIT, "text/html; charset=utf-7"),
    "/paper": Reply(b"%PDF-1.7 not for reading", "application/pdf"),
    "/disguised-paper": Reply(b"%PDF-1.7 not for reading"),
    "/empty": Reply(),
    "/slow": Reply(BAIT, delay=4.0),
}


@pytest.fixture(scope="module")
def site():
    with serving(SITE) as port:
        yield port


@pytest.fixture(scope="module")
def steps(site):
    """The real steps, allowed to reach the one local server."""
    return real_steps(Settings(scan_deadline=4.0), allow=(("127.0.0.1", site),))


@pytest.fixture
def check(site, steps):
    """Run the real command."""

    def run(*paths):
        urls = [path if "://" in path else f"http://127.0.0.1:{site}{path}" for path in paths]
        outcome = CliRunner().invoke(make_check_command(lambda _: steps), [*urls, "--json"])
        return outcome, [json.loads(line) for line in outcome.stdout.splitlines()]

    return run


@pytest.fixture
def client(steps, settings, db, make_key):
    app = create_app(settings, steps=steps, db=db)
    with working_client(app, make_key()) as client:
        yield client


def test_the_command_and_the_api_judge_a_page_alike(check, client, site):
    outcome, (told,) = check("/bait")
    assert outcome.exit_code == 0
    posted = client.post("/v1/check", json={"url": f"http://127.0.0.1:{site}/bait"}).get_json()
    assert told["verdict"] == "bait"
    assert "https://gate.example/7" in [quote["href"] for quote in told["evidence"]]
    assert told["without_evidence"]["verdict"] == "clean"
    for name in told.keys() - {"checked_at", "expires_at"}:
        assert posted[name] == told[name], name


def test_the_same_review_without_the_bait_is_clean(check):
    _, (told,) = check("/review")
    assert told["verdict"] == "clean"


def test_every_hop_of_a_redirect_chain_is_recorded(check, site):
    _, (told,) = check("/moved")
    here = f"http://127.0.0.1:{site}"
    assert told["verdict"] == "bait"
    assert told["final_url"] == f"{here}/bait"
    assert told["redirects"] == [
        {"url": f"{here}/moved", "status": 302},
        {"url": f"{here}/moved-again", "status": 301},
    ]


def test_a_charset_that_browsers_do_not_know_hides_nothing(check):
    _, (told,) = check("/false-charset")
    assert told["verdict"] == "bait"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/slow", "timeout"),
        ("/nothing-here", "http_status"),
        ("/paper", "not_html"),
        ("/disguised-paper", "not_html"),
        ("/empty", "no_text"),
        ("http://127.0.0.1/", "refused_address"),
        ("http://169.254.169.254/latest/meta-data/", "refused_address"),
        ("http://0x7f.1/", "refused_address"),
    ],
)
def test_what_cannot_be_judged_is_unknown_for_a_reason(check, path, code):
    outcome, (told,) = check(path)
    assert outcome.exit_code == 0
    assert told["verdict"] == "unknown"
    assert told["unknown_because"]["code"] == code
    assert told["score"] is None


def test_what_is_no_address_is_named_and_the_rest_is_answered(check):
    outcome, told = check("ftp://files.example/a", "/review")
    assert outcome.exit_code == 1
    assert "ftp://files.example/a" in outcome.stderr
    assert [verdict["verdict"] for verdict in told] == ["clean"]
