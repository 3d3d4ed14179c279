"""The service that hostile servers are let loose on: processes of its own, with the shipped model.

    python -m benchmarks.hostile_servers_service FOLDER PORT DEADLINE ALLOWED_PORT...

serves it, and prints a key once it answers.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from socket import create_server
from typing import Any, Self

AT_ONCE = 8
_PATIENCE = 120.0  # seconds that one address may take altogether before it counts as lost


@dataclass(frozen=True)
class Asked:
    """One address: how long its caller waited, how often it was put off, and the answer."""

    seconds: float
    put_off: int
    verdict: str
    code: str


class Service:
    """A service on a folder of its own; a context manager. ``deadline`` is that of its scans."""

    def __init__(self, ports: Sequence[int], deadline: float) -> None:
        self._held = tempfile.TemporaryDirectory()
        self._folder = Path(self._held.name)
        self._log = (self._folder / "log").open("wb")
        with create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        arguments = [str(self._folder), str(self.port), str(deadline), *map(str, ports)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.hostile_servers_service", *arguments],
            stdout=subprocess.PIPE,
            stderr=self._log,
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
        self._log.close()
        self._held.cleanup()

    def _ask(self, method: str, path: str, body: object = None) -> tuple[int, Any, float]:
        """Make one request; return status, JSON, and after how many seconds to come back."""
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        ) as connection:
            connection.request(method, path, body and json.dumps(body), headers)
            answer = connection.getresponse()
            later = float(answer.headers.get("Retry-After", 0.05))
            return answer.status, json.loads(answer.read()), later

    def check(self, address: str) -> Asked:
        """Have an address checked, and wait until the verdict is there, however often put off."""
        begun, put_off = time.monotonic(), 0
        request = ("POST", "/v1/check", {"url": address, "wait": 20})
        told: dict[str, Any] = {}
        while "verdict" not in told and time.monotonic() - begun < _PATIENCE:
            status, told, later = self._ask(*request)
            if "scan" in told:
                # Once it has a name it is kept: from here on it is only asked after.
                request = ("GET", f"/v1/scans/{told['scan']}", None)
                told = told.get("verdict") or {}
            if status == 503:
                put_off += 1
            if "verdict" not in told:
                time.sleep(later)
        because = told.get("unknown_because") or {}
        seconds = time.monotonic() - begun
        return Asked(seconds, put_off, told.get("verdict", ""), because.get("code", ""))

    def stages(self) -> dict[str, tuple[float, float]]:
        """Read how many seconds each address waited for its scan to begin, and how many it ran."""
        with contextlib.closing(sqlite3.connect(self._folder / "baitwatch.sqlite3")) as db:
            rows = db.execute(
                "SELECT url, created_at, started_at, done_at FROM scans WHERE state = 'done'"
            ).fetchall()
        moments = ((url, *map(datetime.fromisoformat, times)) for url, *times in rows)
        return {
            url: ((began - made).total_seconds(), (done - began).total_seconds())
            for url, made, began, done in moments
        }

    def warnings(self) -> Counter[str]:
        """Count what the log says at the level of warnings and above, by event."""
        events: Counter[str] = Counter()
        for line in (self._folder / "log").read_text(errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                told = json.loads(line)
                if told.get("level") in {"warning", "error", "critical"}:
                    events[told["event"]] += 1
        return events

    def megabytes(self) -> float:
        """Add up the memory of the service's processes as they are now."""
        return sum(_proportional_kilobytes(pid) for pid in _tree(self._process.pid)) / 1024


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


def main(folder: str, port: str, deadline: str, *ports: str) -> None:
    """Serve until a signal comes."""
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


if __name__ == "__main__":
    main(*sys.argv[1:])
