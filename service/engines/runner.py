"""Running one scan: claim it, take its steps, save what was found, once.

Whoever dies on the way leaves a lease behind; the scan is run again, and given up as ``unknown``
when it was started too often.
"""

from __future__ import annotations

import threading
from functools import partial

import structlog

from service.engines.leases import TERM, Leases, new_lease
from service.errors import StoreUnavailableError
from service.finding import Finding, Reading
from service.freshness import Revisit
from service.scan import Service
from service.settings import Settings
from service.steps import Found, ScanDiedError, ScanNotBegunError, Way, unseen
from service.store.again import asked_again
from service.store.claims import (
    any_scan_waits,
    claim_oldest,
    claim_scan,
    finish_scan,
    release_scans,
    requeue_scans,
)
from service.store.scans import Scan
from service.traces import take_traced

_log = structlog.get_logger(__name__)

# What a scan may take beyond its fetch: parsing, judging, waiting to save; in seconds.
_MARGIN = 60.0

# How long to wait where the machine has no process to spare; in seconds.
_BREATH = 1.0

# How long a finding waits before it is tried again to save it.
_SAVE_EVERY = 1.0


def longest_scan(settings: Settings) -> float:
    """Say how many seconds one scan may take from its claim to its saved finding."""
    return settings.scan_deadline + _MARGIN


class Runner:
    """Runs scans for any number of threads; ``start`` and ``stop`` are called once each."""

    def __init__(self, service: Service) -> None:
        self._db = service.db
        self._steps = service.steps
        self._traces = service.traces
        self._tries = service.settings.scan_tries
        self._pace = service.settings.pace
        self._leases = Leases(service.db, service.steps.now, longest_scan(service.settings))
        self._stopping = threading.Event()

    def start(self) -> None:
        """Take back what dead processes left, and begin to answer for what is run here."""
        try:
            self._leases.take_back()
        except StoreUnavailableError:
            # The renewing takes back too, as soon as the store lets it.
            _log.warning("store_unavailable", during="take_back")
        self._leases.start()

    def stop(self) -> None:
        """Give back what still runs; nothing that ends from now on is saved."""
        self._stopping.set()
        self._leases.stop()

    def answers_for_scans(self) -> bool:
        """Say whether leases are renewed: without that, others would take the scans over."""
        return self._leases.renewing

    def running(self) -> int:
        """Say how many scans run here at this moment."""
        return self._leases.count()

    def begun(self) -> int:
        """Say how many were begun here."""
        return self._leases.taken

    def run_oldest(self) -> bool:
        """Run the scan that waits longest; False where none waits. Raises StoreUnavailableError."""
        if not any_scan_waits(self._db, self._steps.now(), self._pace):
            return False
        lease = new_lease()
        return self._run(claim_oldest(self._db, lease, self._steps.now, TERM, self._pace), lease)

    def run(self, scan_id: str) -> bool:
        """Run this scan; False where it is done, run by somebody who lives, or not its site's turn.

        Raises StoreUnavailableError.
        """
        lease = new_lease()
        scan = self._claim(scan_id, lease)
        if scan is None and self._leases.take_back():
            scan = self._claim(scan_id, lease)
        return self._run(scan, lease)

    def _claim(self, scan_id: str, lease: str) -> Scan | None:
        return claim_scan(self._db, scan_id, lease, self._steps.now, TERM, self._pace)

    def _run(self, scan: Scan | None, lease: str) -> bool:
        if scan is None:
            return False
        with self._leases.held(lease), self._traces.span("scan") as note:
            note({"baitwatch.scan": scan.id, "baitwatch.tries": scan.tries})
            finding = self._run_claimed(scan, lease)
            note(_told(finding))
        return True

    def _run_claimed(self, scan: Scan, lease: str) -> Finding | None:
        """Run a scan and save what it found; None where it is to be run again."""
        if scan.tries > self._tries:
            finding, reading = self._given_up(scan), None
        else:
            try:
                finding, reading = self._take(self._asked(scan))
            except ScanDiedError as error:
                _log.warning("scan_died", scan=scan.id, tries=scan.tries)
                if scan.tries < self._tries:
                    # Back in the queue, with this try counted.
                    requeue_scans(self._db, [lease])
                    return None
                finding, reading = self._given_up(scan, error.way), None
            except ScanNotBegunError:
                _log.warning("scan_not_begun", scan=scan.id)
                release_scans(self._db, [lease])
                self._stopping.wait(_BREATH)
                return None
        with self._traces.span("store"):
            self._save(scan, lease, finding, reading)
        return finding

    def _take(self, asked: str | Revisit) -> Found:
        if not self._traces.on:
            return self._steps.scan(asked)
        return take_traced(self._traces, partial(self._steps.scan, asked))

    def _given_up(self, scan: Scan, way: Way | None = None) -> Finding:
        _log.error("scan_given_up", scan=scan.id, tries=scan.tries)
        return unseen(self._steps, "crashed", way=way)

    def _asked(self, scan: Scan) -> str | Revisit:
        # One that died is scanned as if nothing were known: what was known may be why.
        if scan.tries > 1:
            return scan.canonical
        return asked_again(self._db, scan.canonical, self._steps.now())

    def _save(self, scan: Scan, lease: str, finding: Finding, reading: Reading | None) -> None:
        """Save a finding, as often as it takes: a full disk must not cost the scan its tries."""
        while True:
            try:
                if not finish_scan(self._db, scan, lease, finding, reading):
                    _log.warning("lease_lost", scan=scan.id)
            except StoreUnavailableError:
                _log.warning("store_unavailable", during="save", scan=scan.id)
                if self._stopping.wait(_SAVE_EVERY):
                    raise
            else:
                return


def _told(finding: Finding | None) -> dict[str, str | int]:
    if finding is None:
        return {"baitwatch.verdict": "(to be tried again)"}
    because = finding.verdict.unknown_because
    told: dict[str, str | int] = {"baitwatch.verdict": finding.verdict.verdict}
    return told if because is None else {**told, "baitwatch.unknown_because": because.code}
