"""Who watches meanwhile: how long answers take, how much memory is held, what else is going on.

    python -m benchmarks.hostile_servers_watch PORT EMPTY_PORT

asks /healthz and an empty Flask route in turn, until standard input closes, and prints the times.
It is a process of its own: servers and callers of the benchmark would delay what it measures.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_ASK_EVERY, _MEMORY_EVERY = 0.05, 0.25  # seconds


@dataclass
class Watched:
    """What was seen: seconds of /healthz and of an empty route beside it, megabytes."""

    health: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


@contextlib.contextmanager
def watched(port: int, empty_port: int, megabytes: Callable[[], float]) -> Iterator[Watched]:
    """Watch until the end of the block."""
    seen, done = Watched(), threading.Event()
    command = [sys.executable, "-m", "benchmarks.hostile_servers_watch", str(port), str(empty_port)]
    watcher = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def add_memory() -> None:
        while not done.wait(_MEMORY_EVERY):
            seen.megabytes.append(megabytes())

    adder = threading.Thread(target=add_memory)
    adder.start()
    try:
        yield seen
    finally:
        done.set()
        adder.join()
        told, _ = watcher.communicate()
        seen.health, seen.empty = json.loads(told)


def _busy_seconds() -> float:
    """Add up the processor time of everybody. Source: proc_stat(5)."""
    user, nice, system, _idle, _waiting, irq, soft, *_ = map(
        int, Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    )
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


@dataclass
class Machine:
    """How busy the machine was with what is not the benchmark's; ask once all has ended."""

    begun: float = field(default_factory=time.monotonic)
    busy: float = field(default_factory=_busy_seconds)
    own: float = field(default_factory=lambda: sum(os.times()[:4]))
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    def report(self) -> str:
        """Say how many cores others used meanwhile, as far as the kernel counts."""
        seconds = time.monotonic() - self.begun
        own = sum(os.times()[:4]) - self.own
        others = max(0.0, _busy_seconds() - self.busy - own) / seconds
        return (
            f"machine: {os.cpu_count()} cores; meanwhile others used {others:.2f}, "
            f"the benchmark with all of its servers {own / seconds:.2f}; "
            f"load average {self.load:.1f} before, {os.getloadavg()[0]:.1f} after"
        )


def _seconds_of(port: int, path: str) -> float:
    begun = time.monotonic()
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as one:
        one.request("GET", path)
        answer = one.getresponse()
        answer.read()
    return time.monotonic() - begun if answer.status == 200 else float("inf")


def main(port: str, empty_port: str) -> None:
    """Ask until nobody wants to know any more."""
    closed = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), closed.set()), daemon=True).start()
    health, empty = [], []
    # The first answer of a process is slower: it makes what the others find made.
    for first in ((port, "/healthz"), (empty_port, "/v1/lookup")):
        _seconds_of(int(first[0]), first[1])
    while not closed.wait(_ASK_EVERY):
        health.append(_seconds_of(int(port), "/healthz"))
        empty.append(_seconds_of(int(empty_port), "/v1/lookup"))
    print(json.dumps([health, empty]))


if __name__ == "__main__":
    main(*sys.argv[1:])
