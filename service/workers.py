"""The threads that run queued scans inside the serving process.

The table is the truth; the threads only empty it. A process that dies leaves leases behind: they
are taken back at the next start when their process is gone, and by anybody once they run out.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from datetime import timedelta

import structlog

from service.errors import StoreUnavailableError
from service.finding import Finding, Reading
from service.process_mark import process_mark
from service.scan import Service
from service.steps import ScanDiedError, unseen
from service.store.claims import (
    any_scan_waits,
    claim_oldest,
    finish_scan,
    release_scans,
    requeue_scans,
    running_leases,
)
from service.store.scans import Scan, read_scan

_log = structlog.get_logger(__name__)

# How often an idle thread looks for scans that another process queued or left behind.
_LOOK_EVERY = 1.0

# How often a waiting request looks whether another process finished its scan.
_ASK_EVERY = 0.5

# What a scan may take beyond its fetch: parsing, judging, waiting to save.
_MARGIN = 60.0


class Workers:
    """A fixed number of threads; ``start`` and ``stop`` are called once each.

    Threads are daemons: one that hangs in a scan cannot keep the process from stopping, and its
    scan goes back to the queue.
    """

    def __init__(self, service: Service) -> None:
        self._db = service.db
        self._steps = service.steps
        self._settings = service.settings
        self._stopping = threading.Event()
        self._queued = threading.Condition()
        self._finished = threading.Condition()
        self._finishes = 0
        self._leases: set[str] = set()
        self._threads = [
            threading.Thread(target=self._work, name=f"scan-{number}", daemon=True)
            for number in range(service.settings.scan_workers)
        ]

    def start(self) -> None:
        """Take back what dead processes left, then start the threads."""
        dead = [lease for lease in running_leases(self._db) if not _alive(lease)]
        if dead:
            _log.info("scans_requeued", count=requeue_scans(self._db, dead))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Start no more scans, let running ones finish within the grace, give back the rest."""
        self._stopping.set()
        self.wake()
        end = time.monotonic() + self._settings.stop_grace
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        with self._finished:
            leases = list(self._leases)
            self._finished.notify_all()
        if leases:
            self._release(leases)

    def _release(self, leases: list[str]) -> None:
        try:
            _log.info("scans_released", count=release_scans(self._db, leases))
        except StoreUnavailableError:
            # Their leases run out; whoever looks then takes them.
            _log.warning("store_unavailable", during="release")

    def wake(self) -> None:
        """Tell idle threads that scans were queued."""
        with self._queued:
            self._queued.notify_all()

    def wait_for(self, scan: Scan, until: float) -> Scan:
        """Wait for a scan until a moment of ``time.monotonic``; return it as it then stands."""
        self.wake()
        while True:
            with self._finished:
                seen = self._finishes
            scan = read_scan(self._db, scan.id)
            left = until - time.monotonic()
            if scan.state == "done" or left <= 0 or self._stopping.is_set():
                return scan
            with self._finished:
                # One that finished since the count was read has been notified already.
                if self._finishes == seen:
                    self._finished.wait(min(left, _ASK_EVERY))

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                worked = self._any_waits() and self._run_one()
            except StoreUnavailableError:
                _log.warning("store_unavailable", during="claim")
                worked = False
            except Exception:  # noqa: BLE001  # a dead thread would leave the queue standing
                _log.exception("worker_broke")
                worked = False
            if not worked:
                with self._queued:
                    self._queued.wait(0 if self._stopping.is_set() else _LOOK_EVERY)

    def _any_waits(self) -> bool:
        return any_scan_waits(self._db, self._steps.now(), self._settings.pace)

    def _run_one(self) -> bool:
        lease = f"{process_mark(os.getpid())}-{secrets.token_hex(8)}"
        term = timedelta(seconds=self._settings.scan_deadline + _MARGIN)
        scan = claim_oldest(self._db, lease, self._steps.now(), term, self._settings.pace)
        if scan is None:
            return False
        with self._finished:
            self._leases.add(lease)
        try:
            self._run_claimed(scan, lease)
        finally:
            with self._finished:
                self._leases.discard(lease)
                self._finishes += 1
                self._finished.notify_all()
        return True

    def _run_claimed(self, scan: Scan, lease: str) -> None:
        if scan.tries > self._settings.scan_tries:
            _log.error("scan_given_up", scan=scan.id, tries=scan.tries)
            finding, reading = unseen(self._steps, "crashed"), None
        else:
            try:
                finding, reading = self._steps.scan(scan.canonical)
            except ScanDiedError:
                _log.warning("scan_died", scan=scan.id, tries=scan.tries)
                # Back in the queue, with this try counted.
                requeue_scans(self._db, [lease])
                return
        self._save(scan, lease, finding, reading)

    def _save(self, scan: Scan, lease: str, finding: Finding, reading: Reading | None) -> None:
        """Save a finding, as often as it takes: a full disk must not cost the scan its tries."""
        while True:
            try:
                finish_scan(self._db, scan, lease, finding, reading)
            except StoreUnavailableError:
                _log.warning("store_unavailable", during="save", scan=scan.id)
                if self._stopping.wait(_LOOK_EVERY):
                    raise
            else:
                return


def _alive(lease: str) -> bool:
    """Say whether the process that took a lease still runs.

    Our own number means a predecessor that had it: in a container every start has the same one.
    """
    mark = lease.partition("-")[0]
    pid = int(mark.partition(".")[0])
    return pid != os.getpid() and process_mark(pid) == mark
