"""A desk with something on it: the whole application in this process, over a web that is made up.

What the pages say is up to the test; everything behind them is the service's own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import BaseWSGIServer, make_server

from model.judge import Judged
from model.page import Page
from model.verdict import ModelId
from service.app import create_app
from service.clock import utc_now
from service.fetch.errors import DnsError
from service.parts import parts
from service.passwords import Passwords
from service.settings import Settings
from service.steps import steps_here
from service.store.accounts import Role, create_account
from service.store.audit import Actor
from service.store.database import Database
from service.store.keys import KEY_SCOPES, create_key

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

PASSWORD = "seven tall lighthouses"
_HASH = Passwords().hash(PASSWORD)
MODEL = ModelId("test-1", "0123456789ab")


@dataclass(frozen=True)
class FurnishedDesk:
    """Where it is and what is behind it; ``api`` may do everything."""

    address: str
    db: Database
    api: FlaskClient

    def seat(self, name: str, role: Role) -> int:
        """Make an account with the password of all of them, and return its id."""
        with self.db.write() as connection:
            return create_account(connection, name, _HASH, role, Actor("tests", utc_now()))

    def check(self, url: str) -> None:
        """Have an address checked, and wait until it is."""
        answer = self.api.post("/v1/check", json={"url": url, "wait": 20})
        assert answer.status_code == 200, answer.get_json()

    def rule(self, url: str, ruling: str, scope: str = "page", note: str | None = None) -> None:
        """Record a ruling as somebody else."""
        decision = {"url": url, "ruling": ruling, "scope": scope, "note": note}
        answer = self.api.post("/v1/decisions", json=decision)
        assert answer.status_code == 201, answer.get_json()

    def report(self, url: str, says: str, comment: str | None = None) -> None:
        """Report a verdict as somebody else."""
        sent = {"url": url, "says": says, "comment": comment}
        answer = self.api.post("/v1/reports", json=sent)
        assert answer.status_code == 201, answer.get_json()


def sign_in_as(tab: Tab, desk: FurnishedDesk, name: str) -> None:
    """Sign in by the form."""
    tab.goto(f"{desk.address}/sign-in")
    tab.get_by_label("Name").fill(name)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()


def await_keys(tab: Tab) -> None:
    """Wait until the page takes keys: its script shows a button for them once it listens.

    Chromium drops what is pressed before a new page's first frame, so that is waited for as well.
    """
    tab.get_by_role("button", name="Keys", exact=True).wait_for()
    tab.evaluate("() => new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)))")


def server_of(app: Flask) -> BaseWSGIServer:
    """Make a server of this process, on a free port.

    Werkzeug's leaves an answer open where the browser resets the connection, and with it the file
    that is sent: each is taken whole before.
    """

    def answered(environ, start_response):  # type: ignore[no-untyped-def]
        with closing(app(environ, start_response)) as answer:
            return list(answer)

    return make_server("127.0.0.1", 0, answered, threaded=True)


@contextmanager
def furnished_desk(
    data: Path, pages: Mapping[str, str], judge: Callable[[Page], Judged]
) -> Iterator[FurnishedDesk]:
    """Serve the application until the block ends; every other address has no such host."""
    settings = Settings(data=data, site_pause=0, scan_workers=4, stop_grace=5)
    db = Database(settings.database)
    db.upgrade()

    def fetch(url: str) -> Page:
        if url not in pages:
            raise DnsError("No such host here.")
        return Page.from_html(pages[url], url)

    steps = steps_here(fetch, judge, lambda: MODEL, settings.verdict_life, utc_now)
    app = create_app(settings, steps=steps, db=db)
    with app.app_context():
        workers = parts().workers
    server = server_of(app)
    thread = threading.Thread(target=server.serve_forever)
    workers.start()
    thread.start()
    try:
        with db.write() as connection:
            key = create_key(connection, "tests", KEY_SCOPES, Actor("tests", utc_now()))
        api = app.test_client()
        api.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        yield FurnishedDesk(f"http://127.0.0.1:{server.server_port}", db, api)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        workers.stop()
        db.close()
