"""What the prefix list costs: on the wire, in the service, in the extension's service worker.

    python -m benchmarks.prefixes [--prefixes 1000000] [--changes 1000] [--no-browser]

A real database is filled with as many listed addresses. Told are the forms that the list could
have on the wire, the time from a cold process to its first answer, what changes cost beside that,
and, in Chromium, how long the extension takes to fetch, decode, check and store the list and to
look addresses up in it, with the memory of its service worker.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from benchmarks.goals import Goal, report_goals
from model.url import canonicalize_url, expression_hash
from service.clock import utc_now
from service.prefixes import PrefixList
from service.rice import encode_sorted
from service.rulings import Act
from service.store.audit import Actor
from service.store.database import Database
from service.store.decisions import add_decision
from service.store.listing import place_of
from service.store.prefix_tables import LISTED

_ROWS = 50_000


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prefixes", type=int, default=1_000_000)
    parser.add_argument("--changes", type=int, default=1_000)
    parser.add_argument("--no-browser", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = Database(Path(folder) / "baitwatch.sqlite3")
        db.upgrade()
        fill(db, args.prefixes)
        goals = _service(db, args.changes)
        db.close()
    return report_goals(goals)


def fill(db: Database, count: int) -> None:
    """List as many addresses by rows of their own."""
    for start in range(0, count, _ROWS):
        with db.write() as connection:
            rows = [_row(number) for number in range(start, min(count, start + _ROWS))]
            connection.execute(insert(LISTED), rows)


def _row(number: int) -> dict[str, object]:
    expression = f"host-{number}.example/page"
    name = expression_hash(expression)
    return {
        "subject": expression,
        "scope": "page",
        "hash": name,
        "prefix": int.from_bytes(name[:4]),
        "place": place_of(expression),
        "ruling": "bait",
    }


def _service(db: Database, changes: int) -> list[Goal]:
    listed = PrefixList(db, utc_now)
    began = time.perf_counter()
    listed.follow()
    first = listed.current()
    loaded = time.perf_counter()
    whole = listed.sent(first, None)
    sent = time.perf_counter()
    listed.sent(first, None)
    again = time.perf_counter()
    _forms(first.prefixes, len(whole))
    _rule(db, changes)
    ruled = time.perf_counter()
    listed.follow()
    second = listed.current()
    followed = time.perf_counter()
    partial = listed.sent(second, first.version)
    told = time.perf_counter()
    print(
        f"\nservice: load {loaded - began:.2f} s, first answer {sent - loaded:.2f} s more,"
        f" the same again {(again - sent) * 1e6:.0f} microseconds"
        f"\n{changes:,} new rulings: followed in {followed - ruled:.2f} s, answer written in"
        f" {(told - followed) * 1e3:.1f} ms, {len(partial):,} bytes"
    )
    share = changes / len(first.prefixes)
    return [
        Goal("bits a prefix of a whole list", len(whole) * 8 / len(first.prefixes), 16),
        Goal(
            "bytes of changes, as a share of the list's, to their own share",
            len(partial) / len(whole) / share,
            2.5,
        ),
    ]


def _forms(prefixes: np.ndarray, sent: int) -> None:
    plain = prefixes.astype(">u4").tobytes()
    steps = np.diff(prefixes.astype(np.int64), prepend=np.int64(0))
    widths = 1 + sum((steps >= 1 << (7 * n)).astype(int) for n in range(1, 5))
    rice = len(encode_sorted(prefixes))
    print(f"{len(prefixes):,} prefixes on the wire, bytes")
    for name, size in (
        ("plain", len(plain)),
        ("plain, gzip", len(zlib.compress(plain))),
        ("differences in sevens of bits", int(widths.sum())),
        ("differences in Rice's code", rice),
        ("the answer", sent),
    ):
        print(f"  {name:<32}{size:>12,}")


def _rule(db: Database, count: int) -> None:
    actor = Actor("benchmark", utc_now())
    with db.write() as connection:
        for number in range(count):
            url = canonicalize_url(f"https://new-{number}.example/page")
            expression = f"new-{number}.example/page"
            add_decision(connection, url, expression, Act("bait", "page"), actor)


if __name__ == "__main__":
    sys.exit(main())
