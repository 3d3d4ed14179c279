"""How much a key or an address may ask for in a minute, counted here or in Redis.

A sliding window of two counters: what was spent in this minute, and the share of the minute before
that still lies within the last 60 seconds (Cloudflare's "How we built rate limiting capable of
scaling to millions of domains", 2017). It never lets twice the limit through where minutes meet.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from cachetools import LRUCache

_log = structlog.get_logger(__name__)

WINDOW = 60  # seconds
_MOST_NAMES = 50_000
_AWAY = 2.0  # seconds for which a Redis that failed is left alone


@dataclass(frozen=True, slots=True)
class Spent:
    """How an account stands: whether the cost was within the limit, and was taken.

    ``left`` is what can still be spent, ``seconds`` the time until this minute ends, or, where the
    cost was refused, until it would be taken.
    """

    taken: bool
    most: int
    left: int
    seconds: int


class Counters(Protocol):
    """Where the counters are kept."""

    def spend(self, name: str, most: int, cost: int) -> Spent:
        """Take a cost, of ``most`` at most, from what an account has in a minute, or refuse."""
        ...


class LocalCounters:
    """Counters of one process; ``seconds`` is a monotonic clock."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        # By name: which window, spent in it, spent in the one before.
        self._spent: LRUCache[str, tuple[int, int, int]] = LRUCache(_MOST_NAMES)

    def spend(self, name: str, most: int, cost: int) -> Spent:
        """Take a cost or refuse it."""
        window, passed = divmod(self._seconds(), WINDOW)
        with self._lock:
            last, here, before = self._spent.get(name, (0, 0, 0))
            if last != window:
                here, before = 0, here if last == window - 1 else 0
            told = _spent(most, cost, here, before, passed)
            self._spent[name] = (int(window), here + (cost if told.taken else 0), before)
        return told


class RedisCounters:
    """Counters that all processes share, in Redis; while it is away, those of this process.

    ``redis`` is a client of redis-py, ``failures`` what it raises, ``now`` the wall clock, which
    machines agree on.
    """

    def __init__(
        self,
        redis: Any,  # noqa: ANN401  # the library is an extra
        failures: type[Exception],
        now: Callable[[], float] = time.time,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = redis
        self._failures = failures
        self._now = now
        self._seconds = seconds
        self._local = LocalCounters(seconds)
        self._away_until = 0.0

    def spend(self, name: str, most: int, cost: int) -> Spent:
        """Take a cost or refuse it."""
        if self._seconds() < self._away_until:
            return self._local.spend(name, most, cost)
        try:
            return self._spend(name, most, cost)
        except self._failures as error:
            _log.warning("redis_away", because=type(error).__name__)
            self._away_until = self._seconds() + _AWAY
            return self._local.spend(name, most, cost)

    def _spend(self, name: str, most: int, cost: int) -> Spent:
        window, passed = divmod(self._now(), WINDOW)
        key = f"baitwatch:spent:{name}:{int(window)}"
        asked = self._redis.pipeline(transaction=False)
        asked.incrby(key, cost)
        asked.expire(key, 2 * WINDOW)
        asked.get(f"baitwatch:spent:{name}:{int(window) - 1}")
        here, _, before = asked.execute()
        told = _spent(most, cost, int(here) - cost, int(before or 0), passed)
        if not told.taken:
            self._redis.decrby(key, cost)
        return told


def _spent(most: int, cost: int, here: int, before: int, passed: float) -> Spent:
    """Decide on a cost ``passed`` seconds after the window began."""
    standing = here + before * (1 - passed / WINDOW)
    if standing + cost <= most:
        return Spent(True, most, int(most - standing - cost), math.ceil(WINDOW - passed))
    if here + cost <= most:
        # Enough of the window before will have slid out within this one.
        wait = WINDOW * (1 - (most - cost - here) / before) - passed
    else:
        wait = WINDOW - passed + WINDOW * (1 - (most - cost) / here)
    return Spent(False, most, max(0, int(most - standing)), max(1, math.ceil(wait)))


def redis_counters(url: str) -> RedisCounters:
    """Count in the Redis at this address, which need not answer yet."""
    from redis import Redis, RedisError

    client = Redis.from_url(url, socket_timeout=0.25, socket_connect_timeout=0.25)
    return RedisCounters(client, RedisError)
