"""A whole application over a database of its own, with fakes for the network, the model, time."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from model.document import parse_document
from model.judge import Judged
from model.page import Page
from model.verdict import Evidence, ModelId, Reason, Verdict
from service.app import create_app
from service.fetch.errors import DnsError
from service.parts import parts
from service.passwords import Passwords
from service.settings import Settings
from service.steps import Steps, steps_here
from service.store.accounts import create_account
from service.store.audit import Actor
from service.store.database import Database
from service.store.keys import KEY_SCOPES, KeyScope, create_key

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass
class World:
    """The fakes: what the network holds, what was fetched, what time it is."""

    pages: dict[str, str] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    now: datetime = START
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def fetch(self, url: str, tell: object = None) -> Page:
        self.fetched.append(url)
        if not self.gate.wait(30):
            raise TimeoutError
        if url not in self.pages:
            raise DnsError("No such host here.")
        return Page.from_html(self.pages[url], url)

    def judge(self, page: Page) -> Judged:
        document = parse_document(page)
        return Judged(self.verdict_on(document.text), document)

    def verdict_on(self, text: str) -> Verdict:
        model = ModelId("test-1", "0123456789ab")
        start = text.find("press the button")
        if start < 0:
            return Verdict("clean", 0.03125, model)
        quote = text[start : start + len("press the button")]
        evidence = Evidence("text", quote, start=start, end=start + len(quote))
        reason = Reason("promise", "It promises something for nothing.", 2.5)
        return Verdict("bait", 0.9375, model, "streaming", (reason,), (evidence,))

    def steps(self, settings: Settings) -> Steps:
        return steps_here(
            fetch=self.fetch,
            judge=self.judge,
            model=lambda: ModelId("test-1", "0123456789ab"),
            life=settings.verdict_life,
            now=lambda: self.now,
        )

    def seconds(self) -> float:
        return self.now.timestamp()

    def pass_time(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, scan_workers=4, stop_grace=5, site_pause=0)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "baitwatch.sqlite3"
    database = Database(path)
    database.upgrade()
    database.close()
    return path


@pytest.fixture
def db(settings: Settings, empty_database: Path) -> Iterator[Database]:
    shutil.copy(empty_database, settings.database)
    database = Database(settings.database, busy_timeout=2)
    yield database
    database.close()


@pytest.fixture
def app(settings: Settings, world: World, db: Database) -> Iterator[APIFlask]:
    """The application with its workers running."""
    app = create_app(settings, steps=world.steps(settings), db=db, clock=world.seconds)
    with app.app_context():
        workers = parts().workers
    workers.start()
    yield app
    world.gate.set()
    workers.stop()


@pytest.fixture
def make_key(db: Database) -> Callable[..., dict[str, str]]:
    """Make headers with a key of some scopes; without any, of all."""

    def make(*scopes: KeyScope) -> dict[str, str]:
        with db.write() as connection:
            key = create_key(connection, "tests", scopes or KEY_SCOPES, Actor("tests", START))
        return {"Authorization": f"Bearer {key}"}

    return make


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def api(app: APIFlask, make_key: Callable[..., dict[str, str]]) -> FlaskClient:
    """A client with a key that may do everything."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = make_key()["Authorization"]
    return client


@pytest.fixture
def password(db: Database) -> str:
    """The password of the account `mod`."""
    hashed = Passwords().hash("a long enough word")
    with db.write() as connection:
        create_account(connection, "mod", hashed, "moderator", Actor("tests", START))
    return "a long enough word"
