"""A moderator's hour: paste addresses, watch them, rule by keys, undo, rule a campaign, look back.

The pages come from a site on this machine, through the real fetch, and are judged by the shipped
model; everything is done in a real browser.
"""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner
from desk import PATIENCE
from furnished import await_keys, server_of
from playwright.sync_api import expect

from model.artifact import load_artifact
from model.judge import read_and_judge
from model.saved import parse_saved_line
from service.app import create_app
from service.cli import main
from service.clock import utc_now
from service.parts import parts
from service.passwords import Passwords
from service.serve import real_fetch
from service.settings import Settings
from service.steps import steps_here
from service.store.accounts import create_account
from service.store.audit import Actor
from service.store.database import Database
from service.store.keys import KEY_SCOPES, create_key

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1_500)]

SINGLE, COPIES, LATER = 100, 20, 3
UNDONE = (20, 50, 80)
PASSWORD = "seven tall lighthouses"
# Consonants and vowels of made-up words: pages of them have nothing nearly the same.
LETTERS = ("bdfgklmnprst", "aeiou")


def made_up_word(number: int) -> str:
    """Write a number in syllables."""
    word = ""
    while number:
        number, digit = divmod(number, 60)
        word += LETTERS[0][digit // 5] + LETTERS[1][digit % 5]
    return word


def single_page(number: int) -> str:
    words = [made_up_word(number * 7_919 + at * 104_729 + 60**3) for at in range(90)]
    return f"<title>Page {made_up_word(number + 3_600)}</title><p>{' '.join(words)}.</p>"


COPY = (
    "<title>A fine film</title><p>"
    + " ".join(made_up_word(at * 15_485_863 + 60**4) for at in range(80))
    + '</p><p>Watch it whole and free on our partner site: <a href="https://x7.example/">go on</a>'
)


@contextmanager
def local_site() -> Iterator[str]:
    """Serve the pages on a free port of this machine."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            kind, _, number = self.path[1:].partition("/")
            body = (COPY if kind == "copy" else single_page(int(number))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class Instance:
    """The application, where it listens, and its API."""

    def __init__(self, settings, site):
        self.data = settings.data
        self.db = Database(settings.database, busy_timeout=30)
        self.db.upgrade()
        port = int(site.rpartition(":")[2])
        artifact = load_artifact()
        steps = steps_here(
            fetch=real_fetch(settings, (("127.0.0.1", port),)),
            judge=partial(read_and_judge, artifact=artifact),
            model=lambda: artifact.model_id,
            life=settings.verdict_life,
            now=utc_now,
        )
        app = create_app(settings, steps=steps, db=self.db)
        with app.app_context():
            self.workers = parts().workers
        actor = Actor("tests", utc_now())
        with self.db.write() as connection:
            create_account(connection, "ada", Passwords().hash(PASSWORD), "lead", actor)
            key = create_key(connection, "tests", KEY_SCOPES, actor)
        self.api = app.test_client()
        self.api.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        self.server = server_of(app)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def verdicts(self, urls):
        """Ask the API what it says of each address, and by whom."""
        found = self.api.post("/v1/lookup", json={"urls": urls}).get_json()["results"]
        return [
            (one["verdict"], one["source"], one["decision"] and one["decision"]["by"])
            for one in found
        ]


@pytest.fixture
def site() -> Iterator[str]:
    with local_site() as address:
        yield address


@pytest.fixture
def instance(tmp_path, site) -> Iterator[Instance]:
    settings = Settings(data=tmp_path, site_pause=0, site_scans=4, scan_workers=4, stop_grace=5)
    made = Instance(settings, site)
    thread = threading.Thread(target=made.server.serve_forever)
    made.workers.start()
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()
    made.workers.stop()
    made.db.close()


@pytest.fixture
def tab(browser, instance):
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(instance.address)
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        yield page


def press(tab, *keys):
    """Press keys, the last of which leads to another page, and wait for that."""
    await_keys(tab)
    with tab.expect_navigation():
        for key in keys:
            tab.keyboard.press(key)


def open_address(tab) -> str:
    """Return the address of the page that is shown, as it is written in its form."""
    return tab.locator('#ruling input[name="url"]').get_attribute("value")


def rule_by_keys(tab) -> dict[str, str]:
    """Rule on every single page, take three rulings back, and return what stands."""
    ruled: dict[str, str] = {}
    undone: set[str] = set()
    made = 0
    while made < SINGLE:
        address = open_address(tab)
        if "/copy/" in address or address in undone:
            press(tab, "x")
            continue
        ruling = "b" if made % 2 else "n"
        press(tab, ruling)
        made += 1
        ruled[address] = "bait" if ruling == "b" else "clean"
        if made in UNDONE:
            press(tab, "u")
            expect(tab.get_by_role("status")).to_contain_text("1 ruling undone.")
            assert open_address(tab) == address
            del ruled[address]
            undone.add(address)
    return ruled


def rule_campaign(tab, count):
    """Rule on every copy from the queue: as many that their number has to be typed."""
    tab.get_by_role("link", name="Queue", exact=True).click()
    row = tab.locator("[data-row]").filter(has_text="A fine film")
    row.get_by_role("checkbox").check()
    tab.get_by_label("What it covers").select_option("campaign")
    tab.locator("#bulk").get_by_role("button", name="Bait", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your ruling is not made yet")
    tab.get_by_label(f"Type {count} to rule on all of them").fill(str(count))
    tab.get_by_role("button", name="Rule", exact=True).click()
    expect(tab.get_by_role("status")).to_contain_text("Ruled bait")


def exported(instance) -> dict[str, str]:
    """Return the labels that the rulings have become, by address."""
    answer = CliRunner().invoke(main, ["labels", "export", "--data", str(instance.data)])
    assert answer.exit_code == 0, answer.output
    return {page.page.url: page.label for page in map(parse_saved_line, answer.stdout.splitlines())}


def test_a_moderators_hour(tab, instance, site):
    singles = [f"{site}/page/{number}" for number in range(SINGLE)]
    copies = [f"{site}/copy/{number}" for number in range(COPIES + LATER)]
    pasted = [*singles, *copies[:COPIES]]

    tab.get_by_role("link", name="Submit", exact=True).click()
    tab.get_by_label("Addresses, or a message that holds some").fill("\n".join(pasted))
    tab.get_by_role("button", name="Submit", exact=True).click()
    done = re.compile(rf"{len(pasted)} of {len(pasted)} are done")
    expect(tab.get_by_role("main")).to_contain_text(done, timeout=PATIENCE * 4)
    for copy in copies[COPIES:]:
        assert instance.api.post("/v1/check", json={"url": copy, "wait": 20}).status_code == 200

    press_to_the_first_case(tab)
    ruled = rule_by_keys(tab)
    assert len(ruled) == SINGLE - len(UNDONE)
    assert instance.verdicts(list(ruled)) == [(v, "decision", "ada") for v in ruled.values()]

    rule_campaign(tab, len(copies))
    assert instance.verdicts(copies) == [("bait", "decision", "ada")] * len(copies)
    left = [url for url in singles if url not in ruled]
    assert {decision for *_, decision in instance.verdicts(left)} == {None}

    press(tab, "g", "l")
    expect(tab.get_by_role("main")).to_contain_text("took a ruling back")
    log = tab.request.get(f"{instance.address}/audit.csv?by=ada").text()
    actions = [row["action"] for row in csv.DictReader(io.StringIO(log))]
    assert actions.count("record_decision") == SINGLE + 1
    assert actions.count("revoke_decision") == len(UNDONE)
    assert actions.count("submit") == 1

    labels = exported(instance)
    words = {"bait": "bait", "clean": "ok"}
    assert {url: label for url, label in labels.items() if url in ruled} == {
        url: words[verdict] for url, verdict in ruled.items()
    }
    (campaign,) = set(labels) - set(ruled)
    assert (campaign in copies, labels[campaign]) == (True, "bait")


def press_to_the_first_case(tab):
    """Go to the queue and open its first case, by keys."""
    press(tab, "g", "q")
    press(tab, "j", "Enter")
