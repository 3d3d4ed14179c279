"""Politeness: how often, and how many times at once, pages of one site are fetched.

The queue of scans is paced where it is claimed (``store/claims.py``), for all processes together;
commands that fetch without a queue take turns here. A site is a registrable domain, so that
spreading a campaign over subdomains does not get round it. Redirects are not paced: a hop belongs
to the scan that walks it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from model.url import URL, registrable_domain


@dataclass(frozen=True, slots=True)
class Pace:
    """How many pages of one site are fetched ``at_once``, and the ``pause`` between two starts."""

    at_once: int
    pause: timedelta


LONGEST_SITE = 255  # no name in the DNS is longer
UNPACED = Pace(1_000_000, timedelta())


def site_of_url(url: URL) -> str:
    """Name the site that a URL's fetch is counted for: its registrable domain, else its host."""
    return registrable_domain(url.host)[:LONGEST_SITE]


class Turns:
    """Turns of the threads of one process; ``clock`` is monotonic seconds."""

    def __init__(self, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._clock = clock
        self._changed = threading.Condition()
        self._running: Counter[str] = Counter()
        self._next: dict[str, float] = {}

    @contextmanager
    def of(self, site: str) -> Iterator[None]:
        """Wait until a page of this site may be fetched, and hold the turn meanwhile."""
        with self._changed:
            while (wait := self._wait(site)) > 0:
                self._changed.wait(wait)
            self._running[site] += 1
            self._next[site] = self._clock() + self._pace.pause.total_seconds()
        try:
            yield
        finally:
            with self._changed:
                self._running[site] -= 1
                self._changed.notify_all()

    def _wait(self, site: str) -> float:
        """Return for how long there is certainly nothing to do, in seconds; 0 is a turn."""
        if self._running[site] >= self._pace.at_once:
            return threading.TIMEOUT_MAX
        return max(0.0, self._next.get(site, 0.0) - self._clock())
