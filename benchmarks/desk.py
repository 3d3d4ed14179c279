"""How quick the desk is with 100,000 submissions in the database, on SQLite and on PostgreSQL.

    python -m benchmarks.desk [--submissions 100000] [--on sqlite postgres] [--times 15]

Pages are asked for as a browser does, signed in, through the whole application but its socket;
each several times, for different cases, words and hosts. It also measures what a case costs the
scan that opens it, beside one that opens none. It ends with a line a goal, and exits 1 where one
is short.

PostgreSQL has to be installed; a server of the benchmark's own is started.
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text

from benchmarks.desk_filling import MODEL, NAME, PASSWORD, Filled, fill
from benchmarks.goals import Goal, report_goals
from model.url import canonicalize_url
from model.verdict import Verdict, VerdictName
from service.app import create_app
from service.finding import Finding, Reading, content_fingerprint
from service.settings import Settings
from service.steps import Steps
from service.store.claims import claim_oldest, finish_scan
from service.store.database import Database
from service.store.scans import Wanted, submit_scans
from tests.real_servers import running_postgres

if TYPE_CHECKING:
    from flask.testing import FlaskClient

KINDS = ("sqlite", "postgres")
SLOWEST = 0.2  # seconds, at the median
COSTLIEST = 0.02  # seconds that a case may cost a scan
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_SCANS = 100


@contextmanager
def opened(kind: str) -> Iterator[Database]:
    """Open an empty database of a kind, with its tables."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        where: Path | str = folder / "baitwatch.sqlite3"
        if kind == "postgres":
            where = stack.enter_context(running_postgres(durable=True)).new_database()
        db = stack.enter_context(closing(Database(where, busy_timeout=60)))
        db.upgrade()
        yield db


def signed_in(db: Database, folder: Path) -> FlaskClient:
    """Make the application and sign in."""

    def never(*_: object) -> object:
        raise AssertionError("nothing is fetched or judged here")

    settings = Settings(data=folder)
    steps = Steps(never, never, lambda: MODEL, settings.verdict_life, lambda: NOW)  # type: ignore[arg-type]
    client = create_app(settings, steps=steps, db=db).test_client()
    form = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    sent = {"csrf_token": token[1], "name": NAME, "password": PASSWORD}
    assert client.post("/sign-in", data=sent).status_code == 303
    return client


def asked(filled: Filled, times: int) -> dict[str, list[str]]:
    """List the pages to ask for, by what they are."""
    chance = random.Random(2)
    several = range(times)
    case = partial(chance.randrange, 22, filled.cases)
    words = "harbour lantern keeper winter story island bridge letter garden window".split()
    return {
        "queue": ["/queue"] * times,
        "queue, further on": [f"/queue?after=soon.{case()}" for _ in several],
        "queue, decided": ["/queue?state=closed"] * times,
        "queue, filtered": [f"/queue?verdict=suspicious&lang=de&age=week&n={n}" for n in several],
        "queue, of a reporter": [f"/queue?reporter=person+{n}" for n in several],
        "queue, of a host": [f"/queue?host={n}.example" for n in several],
        "queue, of the busiest host": ["/queue?host=busy.example"] * times,
        "counts": ["/queue/counts"] * times,
        "search, one word": [f"/queue?q={chance.choice(words)}" for _ in several],
        "search, three words": [f"/queue?q={'+'.join(chance.sample(words, 3))}" for _ in several],
        "search, nothing found": [f"/queue?q=nothing{n}" for n in several],
        "search, an address": [f"/queue?q={chance.randrange(filled.pages)}" for _ in several],
        "case": [f"/cases/{case() // 3 * 3 + 1}" for _ in several],
        "case, the largest": ["/cases/1"] * times,
        "submission": [f"/submissions/{n + 1}" for n in several],
    }


def seconds_of(client: FlaskClient, paths: list[str]) -> tuple[list[float], list[float]]:
    """Ask for pages one after the other; return the time and the processor time of each.

    The latter is this process's, SQLite's work in it: on a busy machine it tells what is waiting.
    """
    took, worked = [], []
    for path in paths:
        began, before = time.perf_counter(), time.process_time()
        answer = client.get(path, headers={"Accept": "text/html"})
        took.append(time.perf_counter() - began)
        worked.append(time.process_time() - before)
        assert answer.status_code == 200, (path, answer.status_code)
    return took, worked


def scan_seconds(
    db: Database, verdict: VerdictName, words: Callable[[int], str]
) -> tuple[float, float]:
    """Measure what it takes, at the median, to save what a scan found: time, processor time."""
    took, worked = [], []
    for number in range(_SCANS):
        url = f"https://{verdict}.example/{number}"
        submit_scans(db, [Wanted(url, canonicalize_url(url))], NOW)
        lease = f"1-{verdict}-{number}"
        scan = claim_oldest(db, lease, lambda: NOW, timedelta(minutes=1))
        assert scan is not None
        page = words(number)
        until = NOW + timedelta(days=1)
        judged = Verdict(verdict, 0.5, MODEL)
        finding = Finding(judged, url, (), content_fingerprint(page), NOW, until)
        reading = Reading("A title", page, (), ())
        began, before = time.perf_counter(), time.process_time()
        assert finish_scan(db, scan, lease, finding, reading)
        took.append(time.perf_counter() - began)
        worked.append(time.process_time() - before)
    return median(took), median(worked)


def an_article(number: int) -> str:
    """Write 3,000 words that no other article has."""
    return " ".join(f"word{number}x{n}" for n in range(3_000))


def measure(kind: str, submissions: int, times: int) -> list[Goal]:
    """Fill a database of a kind, ask for every page, and say what must hold."""
    with opened(kind) as db, tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        filled = fill(db, submissions, NOW)
        print(f"{kind}: {filled} in {time.monotonic() - began:.0f} s", flush=True)
        if kind == "postgres":
            # Its server does this by itself, a minute after; SQLite never does.
            with db.write() as connection:
                connection.execute(text("ANALYZE"))
        client = signed_in(db, Path(folder))
        found = []
        for name, paths in asked(filled, times).items():
            took, worked = seconds_of(client, paths)
            told = f"{median(took):.3f} s, at most {max(took):.3f} s"
            print(f"{kind}: {name}: {told}; processor {median(worked):.3f} s", flush=True)
            found.append(Goal(f"{kind}: seconds, {name}", median(took), SLOWEST))
        without, work_without = scan_seconds(db, "clean", an_article)
        with_case, work_with = scan_seconds(db, "suspicious", an_article)
        told = f"{without:.4f} s (processor {work_without:.4f} s)"
        told_with = f"{with_case:.4f} s (processor {work_with:.4f} s)"
        print(f"{kind}: a scan is saved in {told}, with a case in {told_with}", flush=True)
        found.append(Goal(f"{kind}: seconds a case costs a scan", with_case - without, COSTLIEST))
        return found


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--on", choices=KINDS, nargs="+", default=KINDS)
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    goals = [goal for kind in chosen.on for goal in measure(kind, chosen.submissions, chosen.times)]
    return report_goals(goals)


if __name__ == "__main__":
    sys.exit(main())
