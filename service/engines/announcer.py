"""Celery's side in a web process: announces to the broker which scans wait in the table.

A request never waits for the broker. A thread does, which takes up whatever was committed and not
announced yet: by this process or another, now or before a crash.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import structlog
from celery import Celery

from service.engines.broker import (
    NO_BROKER,
    BrokerAwayError,
    announce,
    make_broker,
    nothing_waits,
)
from service.engines.leases import holder_is_gone
from service.errors import StoreUnavailableError
from service.scan import Service
from service.store.claims import (
    forget_announced,
    requeue_scans,
    running_leases,
    take_unannounced,
)
from service.store.scans import Scan, read_scan

_log = structlog.get_logger(__name__)

# How often the thread looks for scans that another process queued or left behind.
_LOOK_EVERY = 1.0

# How long a scan that was announced may wait, while the broker holds no message, before its own
# counts as lost: a worker takes a few in advance.
_LOST_AFTER = timedelta(seconds=20)

# How often a waiting request looks whether its scan is done.
_ASK_EVERY = 0.1


class Announcer:
    """The thread that tells the broker; ``start`` and ``stop`` are called once each."""

    def __init__(self, service: Service, *, lost_after: timedelta = _LOST_AFTER) -> None:
        self._db = service.db
        self._now = service.steps.now
        self._settings = service.settings
        self._lost_after = lost_after
        self._complaint: str | None = "The broker has not been asked yet."
        self._stopping = threading.Event()
        self._queued = threading.Event()
        self._thread = threading.Thread(target=self._work, name="announcer", daemon=True)

    def start(self) -> None:
        """Start the thread; it announces first what was left behind."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread; what it has not announced is announced after the next start."""
        self._stopping.set()
        self._queued.set()
        self._thread.join(self._settings.stop_grace)

    def complaint(self) -> str | None:
        """Say what is wrong with the broker, as it answered last; None where nothing is."""
        return self._complaint if self._thread.is_alive() else "Nobody tells the broker of scans."

    def wake(self) -> None:
        """Tell the thread that scans were queued."""
        self._queued.set()

    def wait_for(self, scan: Scan, until: float) -> Scan:
        """Wait for a scan until a moment of ``time.monotonic``; return it as it then stands."""
        self.wake()
        while True:
            scan = read_scan(self._db, scan.id)
            left = until - time.monotonic()
            if scan.state == "done" or left <= 0 or self._stopping.wait(min(left, _ASK_EVERY)):
                return scan

    def _work(self) -> None:
        broker = make_broker(self._settings)
        while not self._stopping.is_set():
            try:
                self._announce(broker)
                self._complaint = None
            except StoreUnavailableError:
                _log.warning("store_unavailable", during="announce")
            except BrokerAwayError as error:
                self._complaint = NO_BROKER
                _log.warning("broker_away", because=str(error))
            except Exception:  # noqa: BLE001  # a dead thread would leave the queue standing
                _log.exception("announcer_broke")
            self._queued.wait(_LOOK_EVERY)
            self._queued.clear()

    def _announce(self, broker: Celery) -> None:
        gone = [lease for lease in running_leases(self._db) if holder_is_gone(lease)]
        if gone:
            _log.info("scans_requeued", count=requeue_scans(self._db, gone))
        while ids := self._unannounced(broker):
            try:
                announce(broker, ids)
            except BrokerAwayError:
                forget_announced(self._db, ids)
                raise

    def _unannounced(self, broker: Celery) -> list[str]:
        again = self._lost_after if nothing_waits(broker) else None
        return take_unannounced(self._db, self._now(), again, self._settings.pace)
