"""Leases: the word of a process that it runs a scan, renewed while it lives.

A lease names its machine and process, so that others on the machine see at once that the process
is gone; others elsewhere see it when the lease was not renewed for a while.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import structlog

from service.clock import Now
from service.errors import StoreUnavailableError
from service.process_mark import process_mark
from service.store.claims import extend_leases, release_scans, requeue_scans, running_leases
from service.store.database import Database

_log = structlog.get_logger(__name__)

# Long enough that a database which stands still for half a minute costs nobody a lease.
TERM = timedelta(seconds=60)
_RENEW_EVERY = 5.0  # seconds


def new_lease() -> str:
    """Name one claim of this process, unlike every other."""
    return lease_of(process_mark(os.getpid()) or "")


def lease_of(process: str) -> str:
    """Name a claim of a process of this machine, given by its mark."""
    return f"{_machine()}.{process}-{secrets.token_hex(8)}"


def holder_is_gone(lease: str) -> bool:
    """Say whether the process that took a lease certainly runs no more.

    Of a process of another machine, or of another container, nobody here can tell.
    """
    machine, _, process = lease.partition("-")[0].partition(".")
    number = process.partition(".")[0]
    return machine == _machine() and number.isdigit() and process_mark(int(number)) != process


@lru_cache(maxsize=1)
def _machine() -> str:
    """Name the set of process numbers that ours is one of. Sources: random(4), namespaces(7)."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    numbers = Path("/proc/self/ns/pid").readlink()
    return sha256(f"{boot} {numbers}".encode()).hexdigest()[:8]


class Leases:
    """The leases that one process holds; ``start`` begins to renew them, ``stop`` ends it.

    A scan that outlasts ``longest`` seconds is not answered for any more: others may run it.
    ``now`` is the clock of the table, ``seconds`` a monotonic one.
    """

    def __init__(
        self,
        db: Database,
        now: Now,
        longest: float,
        *,
        renew_every: float = _RENEW_EVERY,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._now = now
        self._longest = longest
        self._renew_every = renew_every
        self._seconds = seconds
        self._lock = threading.Lock()
        self._held: dict[str, float] = {}
        self.taken = 0  # since the start
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="leases", daemon=True)

    def start(self) -> None:
        """Begin to renew what is held, and to take back what the dead of this machine left."""
        self._keeper.start()

    def stop(self) -> None:
        """Give back what is held still, with the tries it took; the leases are lost."""
        self._stopping.set()
        with self._lock:
            leases = list(self._held)
        if not leases:
            return
        try:
            _log.info("scans_released", count=release_scans(self._db, leases))
        except StoreUnavailableError:
            # They run out; whoever looks then takes the scans.
            _log.warning("store_unavailable", during="release")

    @property
    def renewing(self) -> bool:
        """Whether what is held is renewed."""
        return self._keeper.is_alive()

    def count(self) -> int:
        """Say how many are held."""
        return len(self._held)

    @contextmanager
    def held(self, lease: str) -> Iterator[None]:
        """Answer for a lease until the end of the block."""
        with self._lock:
            self._held[lease] = self._seconds() + self._longest
            self.taken += 1
        try:
            yield
        finally:
            with self._lock:
                del self._held[lease]

    def renew(self) -> None:
        """Renew the leases that are held, once. Raises StoreUnavailableError."""
        now = self._seconds()
        with self._lock:
            alive = [lease for lease, until in self._held.items() if until > now]
        if alive:
            extend_leases(self._db, alive, self._now() + TERM)

    def take_back(self) -> int:
        """Requeue what processes of this machine left when they died; return how many scans."""
        gone = [lease for lease in running_leases(self._db) if holder_is_gone(lease)]
        if not gone:
            return 0
        count = requeue_scans(self._db, gone)
        _log.info("scans_requeued", count=count)
        return count

    def _keep(self) -> None:
        while not self._stopping.wait(self._renew_every):
            try:
                self.renew()
                self.take_back()
            except StoreUnavailableError:
                _log.warning("store_unavailable", during="renew")
            except Exception:  # noqa: BLE001  # leases that nobody renews would all be lost
                _log.exception("leases_broke")
