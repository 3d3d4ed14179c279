"""Whether a 202 is kept whatever is killed: web processes, workers and their children.

    python -m benchmarks.durability [--kills 50] [--submissions 500] [--on embedded/sqlite ...]

On each engine and each database addresses are submitted while processes are killed (SIGKILL) at
random moments: the web process with all below it, the worker with all below it, or any one process
below either. What was killed is started again. At the end every address that was answered 202 must
have one scan, that scan one finding, and the database must find nothing wrong with itself. It ends
with a line a goal, and exits 1 where one is short.

It needs Redis and PostgreSQL installed, and starts its own of both.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import psycopg
from sqlalchemy import func, select

from benchmarks.fleet import Fleet
from benchmarks.goals import Goal, report_goals
from service.store.database import Database
from service.store.tables import SCANS, VERDICTS
from tests.real_servers import running_postgres, running_redis

KINDS = ("embedded/sqlite", "embedded/postgres", "celery/sqlite", "celery/postgres")
_PATIENCE = 600.0  # seconds for a submission to be answered, and for the last scan to end
_CALLERS = 4
_STORED = select(SCANS.c.id, SCANS.c.verdict_id)


@dataclass(frozen=True)
class Outcome:
    """What became of a run; ``kills`` counts by what was killed, ``recovery`` is in seconds."""

    kills: dict[str, int]
    submitted: int
    without_result: int
    doubled: int
    unseen: int
    complaints: list[str]
    recovery: float


@contextmanager
def running_fleet(kind: str) -> Iterator[tuple[Fleet, Path | str]]:
    """Run a web process and a worker by one engine on one database; yields the database too."""
    engine, database = kind.split("/")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        variables = {"BAITWATCH_ENGINE": engine}
        where: Path | str = folder / "baitwatch.sqlite3"
        if engine == "celery":
            variables["BAITWATCH_BROKER_URL"] = stack.enter_context(running_redis()).url
        if database == "postgres":
            where = stack.enter_context(running_postgres(durable=True)).new_database()
            variables["BAITWATCH_DATABASE_URL"] = where
        with closing(Fleet(folder, variables)) as fleet:
            fleet.start()
            yield fleet, where


def submit(fleet: Fleet, address: str) -> str:
    """Submit an address until it is answered, as a caller would; return the id of its scan."""
    until = time.monotonic() + _PATIENCE
    body = {"url": address, "wait": 0}
    # It says that a request is the same one: whether the first was stored, its caller cannot know.
    same = {"Idempotency-Key": address}
    while time.monotonic() < until:
        try:
            status, headers, told = fleet.ask("POST", "/v1/check", body, **same)
        except (OSError, HTTPException, json.JSONDecodeError):
            time.sleep(0.2)
            continue
        if status == 202:
            return str(told["scan"])
        if status not in {200, 429, 503}:
            raise AssertionError((status, told))
        time.sleep(min(float(headers.get("Retry-After", "1")), 2.0))
    raise AssertionError(f"{address} was not answered")


def kill(fleet: Fleet, chance: random.Random) -> str:
    """Kill something, and say what."""
    what = chance.choice(("web", "worker", "child"))
    if what == "child" and chance.choice(fleet.members).kill_one_below(chance):
        return what
    member = fleet.web if what == "web" else fleet.worker
    member.kill()
    return member.name


def measure(kind: str, kills: int, submissions: int, chance: random.Random) -> Outcome:
    """Submit and kill, then wait for the results and look at what was stored."""
    count = dict.fromkeys(("web", "worker", "child"), 0)
    addresses = [f"https://s{number}.example/" for number in range(submissions)]
    with running_fleet(kind) as (fleet, where), ThreadPoolExecutor(_CALLERS) as callers:
        answers = []
        for turn in range(kills):
            fleet.mend()
            some = addresses[turn * submissions // kills : (turn + 1) * submissions // kills]
            answers += [callers.submit(submit, fleet, address) for address in some]
            time.sleep(chance.uniform(0, 1.0))
            count[kill(fleet, chance)] += 1
        began = time.monotonic()
        fleet.mend()
        scans = [answer.result() for answer in answers]
        with closing(Database(where)) as db:
            _wait_until_done(db, fleet)
            recovery = time.monotonic() - began
            fleet.close()
            return _outcome(db, scans, count, _complaints(where), recovery)


def _wait_until_done(db: Database, fleet: Fleet) -> None:
    until = time.monotonic() + _PATIENCE
    active = select(func.count()).select_from(SCANS).where(SCANS.c.state != "done")
    while time.monotonic() < until:
        with db.read() as connection:
            if not connection.execute(active).scalar():
                return
        fleet.mend()
        time.sleep(0.5)


def _outcome(
    db: Database,
    scans: Sequence[str],
    kills: dict[str, int],
    complaints: list[str],
    recovery: float,
) -> Outcome:
    with db.read() as connection:
        stored = {row.id: row.verdict_id for row in connection.execute(_STORED)}
        verdicts = connection.execute(select(VERDICTS.c.canonical, VERDICTS.c.verdict)).all()
    once = len({canonical for canonical, _ in verdicts})
    return Outcome(
        kills=kills,
        submitted=len(scans),
        without_result=sum(stored.get(scan) is None for scan in scans),
        doubled=len(verdicts) - once + len(stored) - len(scans) + len(scans) - len(set(scans)),
        unseen=sum(verdict == "unknown" for _, verdict in verdicts),
        complaints=complaints,
        recovery=recovery,
    )


def _complaints(where: Path | str) -> list[str]:
    """Have the database check itself, and list what it finds wrong."""
    if isinstance(where, Path):
        with closing(sqlite3.connect(where)) as connection:
            found = [line for (line,) in connection.execute("PRAGMA integrity_check")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        return [line for line in found if line != "ok"] + [str(row) for row in broken]
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        try:
            connection.execute(
                "SELECT bt_index_check(c.oid, true) FROM pg_index i JOIN pg_class c "
                "ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree'"
            )
            rows = connection.execute(
                "SELECT t.relname, v.* FROM pg_class t, LATERAL verify_heapam(t.oid) v "
                "WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace"
            ).fetchall()
        except psycopg.Error as error:
            return [str(error)]
    return [str(row) for row in rows]


def goals(kind: str, outcome: Outcome, kills: int) -> list[Goal]:
    """Say what a run must show."""
    return [
        Goal(f"{kind}: kills", sum(outcome.kills.values()), kills, at_least=True),
        Goal(f"{kind}: 202 without a result", outcome.without_result, 0),
        Goal(f"{kind}: doubled", outcome.doubled, 0),
        Goal(f"{kind}: results that say only that it was not seen", outcome.unseen, 0),
        Goal(f"{kind}: complaints of the database", len(outcome.complaints), 0),
    ]


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--submissions", type=int, default=500)
    parser.add_argument("--on", choices=KINDS, nargs="+", default=KINDS)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    every: list[Goal] = []
    for kind in asked.on:
        began = time.monotonic()
        outcome = measure(kind, asked.kills, asked.submissions, random.Random(asked.seed))
        print(f"{kind}: {outcome} in {time.monotonic() - began:.0f} s", flush=True)
        every += goals(kind, outcome, asked.kills)
    return report_goals(every)


if __name__ == "__main__":
    sys.exit(main())
