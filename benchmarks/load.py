"""Sustained mixed traffic on one served instance, and what each layer of a look-up costs.

    python -m benchmarks.load                   ten minutes of traffic, on an idle machine
    python -m benchmarks.load --minutes 0.5 --calls 1000 --rounds 1           a look
    python -m benchmarks.load --layers-only

Traffic: of 100 calls 90 look an address up, 9 check one whose verdict is fresh, 1 has one scanned
that was never seen. The network and the model are fakes, so that the service itself is measured: a
scan fetches nothing and is judged at once, but goes its whole way through queue and database, and
its caller waits for it as callers do. Every 202 is followed to its verdict; "lost" counts those
that had none a minute after the end.

Layers: the processor time of the serving process for one request, kept-alive, measured from
/proc; each layer has all of those above it. The whole service (store) answers what it was asked
lately before Flask is reached (service/api/shortcut.py), so that it is measured both ways. All is
printed with how busy others kept the machine: times and throughput mean nothing beside them,
processor time little.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.goals import Goal, report_goals
from benchmarks.hostile_servers_watch import Machine

MOST_TIMES_EMPTY = 2.5
KNOWN = 1_000
_FOLLOWED = 60.0  # seconds after the end
LAYERS = ("empty", "web", "key", "limits", "store")


class Caller:
    """One kept-alive connection."""

    def __init__(self, port: int, key: str) -> None:
        self._address = ("127.0.0.1", port)
        self._head = f"Host: localhost\r\nAuthorization: Bearer {key}\r\n"
        self._socket = socket.create_connection(self._address, timeout=60)
        self._file = self._socket.makefile("rb")

    def call(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """Send a request and read its answer whole."""
        content = b"" if body is None else json.dumps(body).encode()
        kind = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{kind if content else ''}\r\n"
        self._socket.sendall(head.encode() + content)
        status = int(self._file.readline().split()[1])
        length = 0
        while (line := self._file.readline()) not in {b"\r\n", b""}:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return status, self._file.read(length)

    def close(self) -> None:
        """Close the connection."""
        self._file.close()
        self._socket.close()


@dataclass
class Tally:
    """What one process of callers saw: seconds of each call, statuses, scans that were promised."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    errors: int = 0
    promised: int = 0
    lost: int = 0


def address(number: int) -> str:
    return f"https://site{number % 97}.example/page/{number}"


def drive(port: int, key: str, seconds: float, seed: int) -> Tally:
    """Make mixed calls over one connection until the time is up; follow every promise."""
    tally, chance, caller = Tally(), random.Random(seed), Caller(port, key)
    promised: list[str] = []
    end, fresh = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number, roll = chance.randrange(2 * KNOWN), chance.random()
        if roll < 0.9:
            # Half of what is looked up was never seen.
            kind, request = "look-up", ("GET", f"/v1/lookup?url={address(number)}")
        elif roll < 0.99:
            known = {"url": address(number % KNOWN)}
            kind, request = "cached check", ("POST", "/v1/check", known)
        else:
            fresh += 1
            new = {"url": f"https://new{seed}-{fresh}.example/", "wait": 20}
            kind, request = "scan", ("POST", "/v1/check", new)
        began = time.monotonic()
        try:
            status, body = caller.call(*request)
        except (OSError, IndexError, ValueError):
            tally.errors += 1
            caller.close()
            caller = Caller(port, key)
            continue
        tally.seconds.setdefault(kind, []).append(time.monotonic() - began)
        tally.statuses[kind, status] += 1
        if status == 202:
            promised.append(json.loads(body)["scan"])
    tally.promised = len(promised)
    until = time.monotonic() + _FOLLOWED
    tally.lost = sum(not _kept(caller, scan, until) for scan in promised)
    caller.close()
    return tally


def _kept(caller: Caller, scan: str, until: float) -> bool:
    while time.monotonic() < until:
        _, body = caller.call("GET", f"/v1/scans/{scan}")
        if json.loads(body)["status"] == "done":
            return True
        time.sleep(0.1)
    return False


@contextmanager
def served(layer: str, data: str) -> Iterator[tuple[int, str, int]]:
    """Serve one layer in a process of its own; gives port, key and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {f"BAITWATCH_LIMIT_{name}": "100000000" for name in ("CHECKS", "LOOKUPS", "ADDRESS")}
    # The sites are made up: nobody's patience is to be measured.
    settings["BAITWATCH_SITE_PAUSE"] = "0"
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load", "--serve", layer, data, str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **settings},
        text=True,
    ) as process:
        assert process.stdout is not None
        key = process.stdout.readline().strip()
        try:
            yield port, key, process.pid
        finally:
            process.terminate()
            process.wait(300)  # a machine that is overrun takes its time


def serve_layer(layer: str, data: str, port: int) -> None:
    """Serve the real application, or a part of it, over fakes of the network and the model."""
    from model.document import parse_document
    from model.judge import Judged
    from model.page import Page
    from model.verdict import Evidence, ModelId, Reason, Verdict
    from service import serve as serving
    from service.clock import utc_now
    from service.settings import Settings
    from service.steps import steps_here

    settings = Settings(data=Path(data))
    made = serving.first_start(serving.open_database(settings))
    model = ModelId("fake", "0" * 12)

    def fetch(url: str) -> Page:
        return Page.from_html("<p>Press the button to see more of this.</p>", url)

    def judge(page: Page) -> Judged:
        reasons = tuple(Reason(f"r{n}", "It promises something.", 2.5 - n) for n in range(4))
        evidence = Evidence("text", "Press the button", start=0, end=16)
        verdict = Verdict("bait", 0.94, model, "streaming", reasons, (evidence,))
        return Judged(verdict, parse_document(page))

    steps = steps_here(fetch, judge, lambda: model, settings.verdict_life, utc_now)

    def greet() -> None:
        sys.stdout.write(f"{made.key if made else ''}\n")
        sys.stdout.flush()

    if layer == "store":
        serving.serve(settings, steps, "127.0.0.1", port, greet)
    else:
        serve_part(layer, settings, steps, port, greet)


def serve_part(
    layer: str, settings: object, steps: object, port: int, greet: Callable[[], None]
) -> None:
    """Serve GET /v1/lookup that answers a word, under as many of the real layers as are asked."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "benchmarks.load:part",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        blocking_threads=128,
        backpressure=128,
        log_level=LogLevels.error,
    )

    def load() -> object:
        from service.serve import _greet_when_listening

        app = part(layer, settings, steps)
        _greet_when_listening("127.0.0.1", port, greet)
        return app

    server.serve(target_loader=load, wrap_loader=False)


def part(layer: str, settings: object, steps: object) -> object:
    """Build the application of one layer."""
    from flask import Flask

    from service.api.auth import auth
    from service.api.budgets import charge, set_up_budgets
    from service.app import create_app
    from service.logs import configure_logs
    from service.parts import attach_parts, parts
    from service.store.database import Database
    from service.web import set_up_web

    configure_logs()
    app = Flask("empty")

    def view() -> str:
        if layer == "limits":
            charge("lookups")
        return "ok"

    if layer != "empty":
        whole = create_app(settings, steps=steps, db=Database(settings.store))  # type: ignore
        with whole.app_context():
            attach_parts(app, parts())
        set_up_web(app, settings)  # type: ignore
    if layer == "limits":
        set_up_budgets(app)
    guarded = auth.login_required(role=["lookup"])(view) if layer in {"key", "limits"} else view
    app.add_url_rule("/v1/lookup", "lookup", guarded)
    return app


def processor_seconds(pid: int) -> float:
    """Add up what a process and its children have used."""
    total = 0.0
    todo = [pid]
    while todo:
        this = todo.pop()
        for task in Path(f"/proc/{this}/task").iterdir():
            todo += [int(child) for child in (task / "children").read_text().split()]
        fields = Path(f"/proc/{this}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def layer_cost(layer: str, calls: int) -> dict[str, float]:
    """Measure the processor time of a look-up, in microseconds, by kind of address."""
    costs = {}
    with tempfile.TemporaryDirectory() as data, served(layer, data) as (port, key, pid):
        kinds = {"": [address(0)] * calls}
        if layer == "store":
            fill(port, key)
            known = [address(number) for number in range(KNOWN)]
            kinds = {
                " (known)": [address(0)] * calls,
                " (known, asked for the first time)": known,
                " (never seen)": [address(KNOWN)] * calls,
            }
        ask_many(port, key, [address(2 * KNOWN)] * (calls // 5))
        for kind, urls in kinds.items():
            before = processor_seconds(pid)
            ask_many(port, key, urls)
            costs[f"{layer}{kind}"] = (processor_seconds(pid) - before) / len(urls) * 1e6
    return costs


def fill(port: int, key: str) -> None:
    """Have every known address judged."""
    caller = Caller(port, key)
    for first in range(0, KNOWN, 100):
        urls = [address(number) for number in range(first, first + 100)]
        caller.call("POST", "/v1/check/batch", {"urls": urls, "wait": 20})
    caller.close()


def ask_many(port: int, key: str, urls: Sequence[str]) -> None:
    """Look addresses up, on four connections at once."""

    def ask(urls: Sequence[str]) -> None:
        caller = Caller(port, key)
        for url in urls:
            status, _ = caller.call("GET", f"/v1/lookup?url={url}")
            assert status == 200, status
        caller.close()

    threads = [threading.Thread(target=ask, args=(urls[part::4],)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure_layers(calls: int, rounds: int) -> list[Goal]:
    """Print what each layer costs, the least of several rounds; return what must hold."""
    least: dict[str, float] = {}
    for _ in range(rounds):
        for layer in LAYERS:
            for name, cost in layer_cost(layer, calls).items():
                least[name] = min(cost, least.get(name, cost))
    print(f"{'layer':<40}µs of processor time    times empty")
    for name, cost in least.items():
        print(f"{name:<40}{cost:20.0f}{cost / least['empty']:15.2f}")
    times = least["store (known)"] / least["empty"]
    return [Goal("cost of a known look-up, times an empty route", times, MOST_TIMES_EMPTY)]


def measure_traffic(minutes: float, callers: int) -> list[Goal]:
    """Print throughput, times and losses of mixed traffic; return what must hold."""
    with tempfile.TemporaryDirectory() as data, served("store", data) as (port, key, pid):
        fill(port, key)
        used, began = processor_seconds(pid), time.monotonic()
        seconds = minutes * 60
        with multiprocessing.get_context("spawn").Pool(callers) as pool:
            jobs = [(port, key, seconds, seed) for seed in range(callers)]
            tallies = pool.starmap(drive, jobs)
        used = processor_seconds(pid) - used
        return report(tallies, seconds, used, time.monotonic() - began)


def report(tallies: list[Tally], seconds: float, used: float, whole: float) -> list[Goal]:
    """Print what the callers saw, and return what must hold."""
    statuses = sum((tally.statuses for tally in tallies), Counter[tuple[str, int]]())
    calls = sum(statuses.values())
    print(f"{calls} calls in {seconds:.0f} s: {calls / seconds:.0f} a second")
    print(f"the service used {used:.0f} s of processor time in {whole:.0f} s")
    print("call              count     p50 ms     p99 ms     max ms")
    for kind in ("look-up", "cached check", "scan"):
        times = sorted(time for tally in tallies for time in tally.seconds.get(kind, []))
        if times:
            shown = [times[int(len(times) * share)] for share in (0.5, 0.99)] + [times[-1]]
            figures = "".join(f"{1000 * one:11.1f}" for one in shown)
            print(f"{kind:<13}{len(times):10}{figures}")
    bad = {name: count for name, count in statuses.items() if name[1] not in {200, 202}}
    for (kind, status), count in sorted(bad.items()):
        print(f"{kind}: {count} answers with status {status}")
    errors = sum(tally.errors for tally in tallies) + sum(bad.values())
    promised, lost = sum(t.promised for t in tallies), sum(t.lost for t in tallies)
    print(f"promised scans: {promised}")
    return [Goal("errors", errors, 0), Goal("promised scans that were lost", lost, 0)]


def main() -> int:
    """Measure; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long traffic lasts")
    parser.add_argument("--callers", type=int, default=8, help="callers at the same time")
    parser.add_argument("--calls", type=int, default=8_000, help="calls to measure a layer by")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over all layers")
    parser.add_argument("--layers-only", action="store_true", help="leave the traffic out")
    parser.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve_layer(asked.serve[0], asked.serve[1], int(asked.serve[2]))
        return 0
    machine = Machine()
    goals = measure_layers(asked.calls, asked.rounds)
    print(machine.report(), flush=True)
    if not asked.layers_only:
        machine = Machine()
        goals += measure_traffic(asked.minutes, asked.callers)
        print(machine.report())
    return report_goals(goals)


if __name__ == "__main__":
    sys.exit(main())
