"""Which engine runs the scans: the one that the settings name."""

from __future__ import annotations

from typing import Protocol

from service.scan import Service
from service.store.scans import Scan


class Engine(Protocol):
    """What a web process asks of whoever runs its scans; ``start`` and ``stop`` come once each."""

    def start(self) -> None:
        """Begin, with what was left behind."""

    def stop(self) -> None:
        """End, within the grace of the settings; nothing that was queued is lost."""

    def complaint(self) -> str | None:
        """Say why scans are not run from here at this moment; None where they are."""

    def wake(self) -> None:
        """Say that scans were queued."""

    def wait_for(self, scan: Scan, until: float) -> Scan:
        """Wait for a scan until a moment of ``time.monotonic``; return it as it then stands."""


def make_engine(service: Service) -> Engine:
    """Make the engine of a web process; it is not started yet."""
    if service.settings.engine == "celery":
        from service.engines.announcer import Announcer

        return Announcer(service)
    from service.workers import Workers

    return Workers(service)
