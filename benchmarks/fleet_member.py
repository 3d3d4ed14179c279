"""One process of a fleet: ``baitwatch serve`` or ``baitwatch worker`` in a made-up world.

The database, the engine and the children are those that the settings name, from BAITWATCH_*
variables. Only the world is made up: a page takes a fraction of a second to fetch, and is honest.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from functools import partial

from model.document import parse_document
from model.judge import Judged
from model.page import Page
from model.verdict import ModelId, Verdict
from service.cli_worker import run_worker
from service.clock import utc_now
from service.isolation import isolated
from service.logs import configure_logs
from service.serve import first_start, open_database, serve
from service.settings import Settings
from service.steps import Steps, steps_here

_MODEL = ModelId("durable-1", "0123456789ab")
_SLOWEST = 0.4  # seconds that a fetch takes at most


def made_up_steps(settings: Settings) -> Steps:
    """Make steps that fetch from a world of honest pages."""

    def fetch(url: str, **_: object) -> Page:
        time.sleep(random.uniform(0, _SLOWEST))
        return Page.from_html(f"<p>An honest page about {url}.</p>", url)

    def judge(page: Page) -> Judged:
        return Judged(Verdict("clean", 0.0625, _MODEL), parse_document(page))

    return steps_here(fetch, judge, lambda: _MODEL, settings.verdict_life, utc_now)


def _greet(key: str) -> None:
    sys.stdout.write(f"{key}\n")
    sys.stdout.flush()


def be_member(role: str, port: str = "") -> None:
    """Be one process of a fleet: ``web``, on a port, or ``worker``."""
    settings = Settings()
    configure_logs()
    db = open_database(settings)
    steps = isolated(partial(made_up_steps, settings), settings, logging.INFO)
    if role == "worker":
        _greet("")
        raise SystemExit(run_worker(settings, steps, db))
    made = first_start(db)
    greet = partial(_greet, made.key if made else "")
    serve(settings, steps, "127.0.0.1", int(port), greet)
