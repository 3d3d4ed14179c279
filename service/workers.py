"""The embedded engine: threads of a process of ours that run queued scans.

The table is the truth; the threads only empty it. They are in every ``baitwatch serve``, and in
``baitwatch worker`` where more are wanted.
"""

from __future__ import annotations

import threading
import time

import structlog

from service.engines.runner import Runner
from service.errors import StoreUnavailableError
from service.scan import Service
from service.store.database import Database
from service.store.scans import Scan, read_scan

_log = structlog.get_logger(__name__)

# How often an idle thread looks for scans that another process queued or left behind.
_LOOK_EVERY = 1.0

# How often a waiting request looks whether another process finished its scan.
_ASK_EVERY = 0.5


class Workers:
    """A fixed number of threads; ``start`` and ``stop`` are called once each.

    Threads are daemons: one that hangs in a scan cannot keep the process from stopping, and its
    scan goes back to the queue. Idle ones look for scans of other processes ``look_every`` seconds.
    """

    def __init__(self, service: Service, look_every: float = _LOOK_EVERY) -> None:
        self._look_every = look_every
        self._db: Database = service.db
        self._grace = service.settings.stop_grace
        self._runner = Runner(service)
        self._stopping = threading.Event()
        self._queued = threading.Condition()
        self._wakes = 0
        self._finished = threading.Condition()
        self._finishes = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"scan-{number}", daemon=True)
            for number in range(service.settings.scan_workers)
        ]

    def start(self) -> None:
        """Take back what dead processes left, then start the threads."""
        self._runner.start()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Start no more scans, let running ones finish within the grace, give back the rest."""
        self._stopping.set()
        self.wake()
        end = time.monotonic() + self._grace
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        self._runner.stop()
        with self._finished:
            self._finished.notify_all()

    def complaint(self) -> str | None:
        """Say how many threads are missing; None where all of them work."""
        alive = sum(thread.is_alive() for thread in self._threads)
        if alive == len(self._threads) and self._runner.answers_for_scans():
            return None
        return f"Of {len(self._threads)} threads that run scans {alive} are alive."

    @property
    def runner(self) -> Runner:
        """What runs the scans, to be asked how many."""
        return self._runner

    def wake(self) -> None:
        """Tell idle threads that scans were queued."""
        with self._queued:
            self._wakes += 1
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
            with self._queued:
                woken = self._wakes
            try:
                worked = self._runner.run_oldest()
            except StoreUnavailableError:
                _log.warning("store_unavailable", during="claim")
                worked = False
            except Exception:  # noqa: BLE001  # a dead thread would leave the queue standing
                _log.exception("worker_broke")
                worked = False
            if worked:
                with self._finished:
                    self._finishes += 1
                    self._finished.notify_all()
            else:
                with self._queued:
                    # Whoever queued a scan since the look found nobody asleep to wake.
                    if self._wakes == woken:
                        self._queued.wait(self._look_every)
