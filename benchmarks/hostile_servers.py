"""What hostile servers do to the service: a real one, with the shipped model, scans them all.

    python -m benchmarks.hostile_servers                 every server and every page
    python -m benchmarks.hostile_servers --only bomb     those whose name matches

Eight are scanned at a time. Meanwhile GET /healthz is asked all along, and the memory of the whole
service is added up: its processes' proportional set sizes, so that what they share counts once.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_server
from typing import Any, Self

from benchmarks.goals import Goal, report_goals
from benchmarks.hostile_site import PARSER_BREAKERS, SERVERS, WRITTEN, Hostile, Site

AT_ONCE = 8
DEADLINE = 6.0  # seconds for one scan
MOST_OVERTIME = 1.0  # seconds that a scan may take beyond its deadline
MOST_HEALTH = 0.1  # seconds for /healthz
MOST_MEGABYTES = 1_500.0  # of all the service's processes together, eight scans included
_HEALTH_EVERY, _MEMORY_EVERY = 0.05, 0.25


@dataclass(frozen=True)
class Scanned:
    """One scan: how long its caller waited, and the answer."""

    hostile: Hostile
    seconds: float
    verdict: str
    code: str

    @property
    def proper(self) -> bool:
        """Whether it ended as its behaviour must."""
        return self.code in self.hostile.codes if self.hostile.codes else self.verdict != ""


@dataclass
class Watched:
    """What was seen of the service meanwhile: /healthz in seconds, memory in megabytes."""

    health: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


class Service:
    """A service in processes of its own, on a folder of its own; a context manager."""

    def __init__(self, ports: Sequence[int], deadline: float) -> None:
        self._folder = tempfile.TemporaryDirectory()
        with create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]
        arguments = [self._folder.name, str(self._port), str(deadline), *map(str, ports)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.hostile_servers", "--serve", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        self._key = self._process.stdout.readline().strip()
        if not self._key:
            self.__exit__()
            raise SystemExit("The service did not start.")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=120)
        self._folder.cleanup()

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Make one request on a connection of its own; return its status and its JSON."""
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        ) as connection:
            connection.request(method, path, body and json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def scan(self, hostile: Hostile, address: str) -> Scanned:
        """Check an address, and wait until the verdict is there."""
        begun = time.monotonic()
        asked = {"url": address, "wait": 20}
        status, told = self.ask("POST", "/v1/check", asked)
        while status == 202 or told.get("status") in ("queued", "running"):
            time.sleep(0.05)
            status, told = self.ask("GET", f"/v1/scans/{told['scan']}")
            told = told["verdict"] or told
        seconds = time.monotonic() - begun
        because = told.get("unknown_because") or {}
        return Scanned(
            hostile, seconds, told.get("verdict", ""), because.get("code") or told.get("code", "")
        )

    def megabytes(self) -> float:
        """Add up the memory of the service's processes as they are now."""
        return sum(_proportional_kilobytes(pid) for pid in _tree(self._process.pid)) / 1024

    @contextlib.contextmanager
    def watched(self) -> Iterator[Watched]:
        """Ask for its health and its memory until the end of the block."""
        seen, done = Watched(), threading.Event()

        def ask_health() -> None:
            while not done.wait(_HEALTH_EVERY):
                begun = time.monotonic()
                status, _ = self.ask("GET", "/healthz")
                seen.health.append(time.monotonic() - begun if status == 200 else float("inf"))

        def add_memory() -> None:
            while not done.wait(_MEMORY_EVERY):
                seen.megabytes.append(self.megabytes())

        threads = [threading.Thread(target=each) for each in (ask_health, add_memory)]
        for thread in threads:
            thread.start()
        try:
            yield seen
        finally:
            done.set()
            for thread in threads:
                thread.join()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in children.read_text().split():
                yield from _tree(int(child))


def _proportional_kilobytes(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # it has just ended
        return 0
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))


def scan_all(hostiles: Sequence[Hostile], deadline: float) -> tuple[list[Scanned], Watched]:
    """Scan them, eight at a time, with a service that was started for it."""
    with Site(hostiles) as site, Service(site.ports, deadline) as service:
        service.ask("GET", "/healthz")
        with service.watched() as seen, ThreadPoolExecutor(AT_ONCE) as threads:
            scans = list(threads.map(lambda pair: service.scan(*pair), site.addresses))
    return scans, seen


def _serve(folder: str, port: str, deadline: str, ports: Sequence[str]) -> None:
    from service.serve import first_start, open_database, real_steps, serve
    from service.settings import Settings

    settings = Settings(
        data=Path(folder),
        scan_deadline=float(deadline),
        scan_workers=AT_ONCE,
        # All of the servers have one address, and politeness is not what is measured.
        site_scans=AT_ONCE,
        site_pause=0.0,
    )
    made = first_start(open_database(settings))
    steps = real_steps(settings, allow=tuple(("127.0.0.1", int(each)) for each in ports))
    assert made is not None

    def greet() -> None:
        print(made.key, flush=True)

    serve(settings, steps, "127.0.0.1", int(port), greet)


def report(scans: Sequence[Scanned], seen: Watched) -> list[Goal]:
    """Print a line a scan, and return what they must hold together."""
    for scan in scans:
        mark = "" if scan.proper else "  NOT AS IT MUST"
        print(f"{scan.hostile.name:36}{scan.seconds:8.2f} s  {scan.verdict} {scan.code}{mark}")
    slowest = max(scan.seconds for scan in scans)
    return [
        Goal("scans that end otherwise than they must", sum(not s.proper for s in scans), 0),
        Goal("seconds that a scan takes beyond its budget", slowest - DEADLINE, MOST_OVERTIME),
        Goal("seconds of the slowest /healthz", max(seen.health), MOST_HEALTH),
        Goal("megabytes of the whole service", max(seen.megabytes), MOST_MEGABYTES),
    ]


def main() -> int:
    """Print the table and the goals."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", default="", help="a regular expression of names")
    parser.add_argument("--serve", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        folder, port, deadline, *ports = arguments.serve
        _serve(folder, port, deadline, ports)
        return 0
    wanted = re.compile(arguments.only)
    every = (*SERVERS, *WRITTEN, *PARSER_BREAKERS)
    hostiles = [hostile for hostile in every if wanted.search(hostile.name)]
    if not hostiles:
        parser.error(f"nothing is called like {arguments.only}")
    return report_goals(report(*scan_all(hostiles, DEADLINE)))


if __name__ == "__main__":
    sys.exit(main())
