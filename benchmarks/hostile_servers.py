"""What hostile servers do to the service: a real one, with the shipped model, scans them all.

    python -m benchmarks.hostile_servers                 every server and every page
    python -m benchmarks.hostile_servers --only bomb     those whose name matches

Eight are scanned at a time. Meanwhile GET /healthz is asked all along, with an empty route of
another process beside it: what slows both is the machine. The memory of the whole service is added
up: its processes' proportional set sizes, so that what they share counts once. "waited" is what the
caller waited, "queued" until the scan began, "ran" from there to its finding.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.goals import Goal, report_goals
from benchmarks.hostile_servers_service import AT_ONCE, Asked, Service
from benchmarks.hostile_servers_watch import Machine, Watched, watched
from benchmarks.hostile_site import EVERY, Hostile, SiteProcess
from benchmarks.load import served

DEADLINE = 6.0  # seconds for one scan
MOST_OVERTIME = 1.0  # seconds that a scan may take beyond its deadline
MOST_HEALTH = 0.1  # seconds for /healthz
MOST_MEGABYTES = 1_500.0  # of all the service's processes together, eight scans included


@dataclass(frozen=True)
class Scanned:
    """One scan: what it met, what its caller saw, how long it was queued and ran, in seconds."""

    hostile: Hostile
    asked: Asked
    queued: float
    ran: float

    @property
    def proper(self) -> bool:
        """Whether it ended as its behaviour must."""
        if self.hostile.codes:
            return self.asked.code in self.hostile.codes
        return self.asked.verdict != ""


@dataclass(frozen=True)
class Outcome:
    """The scans, what was watched meanwhile, and the warnings of the service's log."""

    scans: list[Scanned]
    seen: Watched
    warnings: Counter[str]


def scan_all(hostiles: Sequence[Hostile], deadline: float) -> Outcome:
    """Scan them, eight at a time, with a service that was started for it."""
    with (
        SiteProcess(hostiles) as site,
        tempfile.TemporaryDirectory() as folder,
        served("empty", folder) as (empty_port, _, _),
        Service(site.ports, deadline) as service,
    ):
        addresses = [f"{one.scheme}://127.0.0.1:{port}/" for one, port in site.places]
        with (
            watched(service.port, empty_port, service.megabytes) as seen,
            ThreadPoolExecutor(AT_ONCE) as threads,
        ):
            every = list(threads.map(service.check, addresses))
        stages, warnings = service.stages(), service.warnings()
    scans = [
        Scanned(hostile, asked, *stages.get(address, (float("nan"), float("nan"))))
        for (hostile, _), address, asked in zip(site.places, addresses, every, strict=True)
    ]
    return Outcome(scans, seen, warnings)


def _at(times: Sequence[float], share: float) -> str:
    return f"{1000 * sorted(times)[min(len(times) - 1, int(len(times) * share))]:.0f}"


def report(outcome: Outcome) -> list[Goal]:
    """Print a line a scan, and return what they must hold together."""
    scans, seen = outcome.scans, outcome.seen
    print(f"{'seconds':36}{'waited':>8}{'queued':>8}{'ran':>8}")
    for scan in scans:
        mark = "" if scan.proper else "  NOT AS IT MUST"
        times = f"{scan.asked.seconds:8.2f}{scan.queued:8.2f}{scan.ran:8.2f}"
        print(f"{scan.hostile.name:36}{times}  {scan.asked.verdict} {scan.asked.code}{mark}")
    print(f"\nwarnings in the log: {dict(outcome.warnings) or 'none'}")
    for name, times in (("/healthz", seen.health), ("an empty route", seen.empty)):
        shown = ", ".join(f"{name} {_at(times, at)}" for name, at in (("p50", 0.5), ("p99", 0.99)))
        print(f"ms of {name}: {shown}, slowest {_at(times, 1)}, of {len(times)}")
    slowest = max(scan.asked.seconds for scan in scans)
    return [
        Goal("scans that end otherwise than they must", sum(not s.proper for s in scans), 0),
        Goal("answers of 503", sum(scan.asked.put_off for scan in scans), 0),
        Goal("seconds that a scan takes beyond its budget", slowest - DEADLINE, MOST_OVERTIME),
        Goal("seconds of the slowest /healthz", max(seen.health), MOST_HEALTH),
        Goal("megabytes of the whole service", max(seen.megabytes), MOST_MEGABYTES),
    ]


def main() -> int:
    """Print the table, how busy the machine was, and the goals."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", default="", help="a regular expression of names")
    wanted = re.compile(parser.parse_args().only)
    hostiles = [hostile for hostile in EVERY if wanted.search(hostile.name)]
    if not hostiles:
        parser.error(f"nothing is called like {wanted.pattern}")
    machine = Machine()
    goals = report(scan_all(hostiles, DEADLINE))
    print(machine.report())
    return report_goals(goals)


if __name__ == "__main__":
    sys.exit(main())
