"""The brake on guessing passwords."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cachetools import TTLCache

WINDOW = 15 * 60  # seconds
_TRIES_OF_NAME = 5
_TRIES_OF_ADDRESS = 30


class Throttle:
    """Counts failed sign-ins by name and address, and by address alone, over a quarter hour.

    Kept in memory: a restart forgives, and several processes count each for themselves. ``clock``
    gives seconds and never goes back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._lock = threading.Lock()
        self._failed: TTLCache[tuple[str, str], int] = TTLCache(20_000, WINDOW, timer=clock)

    def allows(self, name: str, address: str) -> bool:
        """Say whether this name may be tried once more from this address."""
        with self._lock:
            return (
                self._failed.get(_of_name(name, address), 0) < _TRIES_OF_NAME
                and self._failed.get(("", address), 0) < _TRIES_OF_ADDRESS
            )

    def failed(self, name: str, address: str) -> None:
        """Count a failure."""
        with self._lock:
            for key in (_of_name(name, address), ("", address)):
                self._failed[key] = self._failed.get(key, 0) + 1

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of a name from an address where it has signed in."""
        with self._lock:
            self._failed.pop(_of_name(name, address), None)


def _of_name(name: str, address: str) -> tuple[str, str]:
    # The mark keeps an empty name apart from the count of the address alone.
    return f"@{name}", address
