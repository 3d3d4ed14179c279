"""A service of several processes that can be killed: what benchmarks of durability are run on."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from email.message import Message
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

_STARTS_WITHIN = 300.0  # seconds

ROOT = Path(__file__).resolve().parents[1]


def children_of(pid: int) -> list[int]:
    """List all processes below one. Source: proc_pid_stat(5), field 4."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found: list[int] = []
    below = {pid}
    while below:
        below = {child for child, parent in parents.items() if parent in below}
        found += below
    return found


class Member:
    """One process of a fleet with all those below it."""

    def __init__(self, name: str, arguments: list[str], env: dict[str, str], log: Path) -> None:
        self.name = name
        be = "import sys; from benchmarks.fleet_member import be_member; be_member(*sys.argv[1:])"
        self._command = [sys.executable, "-c", be, *arguments]
        self._env = env
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it; nothing is waited for."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env={**os.environ, **self._env},
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def greeting(self) -> str:
        """Wait for the line that it greets with."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline().decode().strip()

    def kill(self) -> None:
        """Kill it with all that is below it, at once."""
        if self._process is None:
            return
        below = children_of(self._process.pid)
        for pid in (self._process.pid, *below):
            _kill(pid)
        self._collect()

    def kill_one_below(self, chance: random.Random) -> bool:
        """Kill one process below it; False where there is none."""
        below = children_of(self._process.pid) if self._process else []
        if below:
            _kill(chance.choice(below))
        return bool(below)

    def terminate(self, patience: float) -> int:
        """Ask it to stop, and return its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(patience)
        self._collect()
        return code

    def _collect(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.wait(30)
        self._process.stdout.close()
        self._process = None


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Fleet:
    """A web process and a worker over one database, by the settings of an engine.

    ``variables`` are the settings beyond the common ones, ``data`` the folder of the fleet.
    """

    def __init__(self, data: Path, variables: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.variables = {
            "BAITWATCH_DATA": str(data),
            "BAITWATCH_SCAN_WORKERS": "4",
            "BAITWATCH_SITE_PAUSE": "0",
            "BAITWATCH_STOP_GRACE": "10",
            "BAITWATCH_SCAN_TRIES": "20",
            # A busy machine may need long for a page of one sentence.
            "BAITWATCH_SCAN_DEADLINE": "60",
            **variables,
        }
        log = data / "log"
        self.web = Member("web", ["web", str(self.port)], self.variables, log)
        self.worker = Member("worker", ["worker"], self.variables, log)
        self.key = ""

    @property
    def members(self) -> tuple[Member, ...]:
        """All that can be killed."""
        return (self.web, self.worker)

    def start(self) -> None:
        """Start all of it for the first time."""
        self.web.start()
        self.key = self.web.greeting()
        assert self.key, "the web process did not start: see its log"
        self.worker.start()

    def mend(self) -> None:
        """Start again what does not run, and wait until the web process answers."""
        if not self.worker.alive:
            self.worker.kill()
            self.worker.start()
        began = time.monotonic()
        while not self.answers():
            # One whose serving process was killed neither answers nor ends.
            if not self.web.alive or time.monotonic() > began + _STARTS_WITHIN:
                self.web.kill()
                self.web.start()
                began = time.monotonic()
            time.sleep(0.1)

    def answers(self) -> bool:
        """Say whether the web process answers."""
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except (OSError, HTTPException):
            return False

    def ask(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, Message, Any]:
        """Send one request; return status, headers and the JSON that came. Raises OSError."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {"Authorization": f"Bearer {self.key}", **headers}
            text = None if body is None else json.dumps(body)
            if text is not None:
                headers["Content-Type"] = "application/json"
            connection.request(method, path, text, headers)
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, answer.headers, json.loads(content) if content else None
        finally:
            connection.close()

    def close(self) -> None:
        """Kill whatever runs."""
        for member in self.members:
            member.kill()
