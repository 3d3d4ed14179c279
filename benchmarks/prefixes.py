"""What the prefix list costs: on the wire, in the service, in the extension's service worker.

    python -m benchmarks.prefixes [--prefixes 1000000] [--changes 1000] [--no-browser]

A real database is filled with as many listed addresses. Told are the forms that the list could
have on the wire, the time from a cold process to its first answer, what changes cost beside that,
and, in Chromium, how long the extension's modules take to decode and check the list and to look
addresses up in it, with the memory they take.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import zlib
from base64 import b64encode
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
        listed = PrefixList(db, utc_now)
        goals = _service(listed, db, args.changes)
        if not args.no_browser:
            goals += _browser(listed)
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


def _service(listed: PrefixList, db: Database, changes: int) -> list[Goal]:
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


# Runs in the extension's service worker's own origin: its modules over the answer's bytes.
_IN_BROWSER = """async (text) => {
    const { changed, digestOf, has, readAnswer } = await import("/lib/prefixes.js");
    const { expressionsOf, hashOf, readAddress } = await import("/lib/expressions.js");
    const buffer = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer;
    const times = [performance.now()];
    const answer = readAnswer(buffer);
    times.push(performance.now());
    const list = changed(new Uint32Array(), answer.gone, answer.come);
    times.push(performance.now());
    const digest = await digestOf(list);
    times.push(performance.now());
    if (digest.some((byte, at) => byte !== answer.digest[at])) throw new Error("another list");
    let found = 0;
    for (let n = 0; n < 100000; n += 1) found += has(list, (n * 42949) >>> 0);
    times.push(performance.now());
    for (let n = 0; n < 200; n += 1) {
        const url = readAddress(`https://site-${n}.example/story/${n}/page?from=list`);
        await Promise.all(expressionsOf(url).map(hashOf));
    }
    times.push(performance.now());
    const took = times.slice(1).map((time, at) => time - times[at]);
    return { took, bytes: list.byteLength, heap: performance.memory?.usedJSHeapSize ?? 0 };
}"""


def _browser(listed: PrefixList) -> list[Goal]:
    from playwright.sync_api import sync_playwright

    body = b64encode(listed.sent(listed.current(), None)).decode()
    extension = Path(__file__).parents[1] / "extension"
    arguments = ["--no-sandbox", f"--load-extension={extension}"]
    arguments.append(f"--disable-extensions-except={extension}")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=shutil.which("chromium"), headless=True, args=arguments
        )
        workers = context.service_workers or [context.wait_for_event("serviceworker")]
        page = context.new_page()
        page.goto(workers[0].url.replace("background.js", "pages/welcome.html"))
        told = page.evaluate(_IN_BROWSER, body)
        context.close()
    decode, merge, digest, look_ups, hashes = told["took"]
    print(
        f"\nextension: decode {decode:.0f} ms, merge {merge:.0f} ms, digest {digest:.0f} ms;"
        f" {look_ups * 10:.0f} ns a prefix looked for;"
        f" {hashes / 200:.2f} ms to hash an address's expressions;"
        f" the list {told['bytes']:,} bytes, heap {told['heap']:,} bytes"
    )
    return [
        Goal(
            "seconds from the answer's bytes to a checked list", (decode + merge + digest) / 1e3, 3
        ),
        Goal("microseconds a prefix looked for", look_ups / 100, 5),
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
