"""What one process remembers of keys, decisions and findings, so that a look-up asks no database.

A change by this process counts at once, one by another within a second: see ``store/versions.py``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from cachetools import LRUCache

from model.url import URL
from service.store.database import Database
from service.store.keys import ApiKey, key_prefix, matches, note_use, valid_key
from service.store.known import Known, find_known
from service.store.versions import Changes, read_changes

# How often a process looks for the changes of others.
LOOK_EVERY = 0.5  # seconds
_MOST_URLS = 20_000
_MOST_KEYS = 2_000

# A write for every request would cost more than it tells.
_USE_GRAIN = timedelta(minutes=1)

_T = TypeVar("_T")


class Memory:
    """Keys and URLs as the database knows them, shared by all threads of a process.

    ``seconds`` is a monotonic clock. Every method raises StoreUnavailableError where the database
    cannot say whether what is remembered still holds.
    """

    def __init__(self, db: Database, seconds: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._seconds = seconds
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._commits = -1
        self._changes: Changes | None = None
        # Raised by whatever is forgotten: what was read before it must not be remembered after it.
        self._forgotten = 0
        self._keys: LRUCache[str, ApiKey] = LRUCache(_MOST_KEYS)
        self._used: LRUCache[int, datetime] = LRUCache(_MOST_KEYS)
        self._known: LRUCache[str, Known] = LRUCache(_MOST_URLS)

    def key(self, token: str) -> ApiKey | None:
        """Return the unrevoked key that this is, or None."""
        prefix = key_prefix(token)
        if prefix is None:
            return None
        self._follow()
        with self._lock:
            key = self._keys.get(prefix)
            forgotten = self._forgotten
        if key is None:
            key = valid_key(self._db, prefix)
            if key is not None:
                self._remember(self._keys, {prefix: key}, forgotten)
        return key if matches(key, token) else None

    def note_use(self, key: ApiKey, now: datetime) -> None:
        """Have the database remember that a key was used, to the minute."""
        with self._lock:
            noted = self._used.get(key.id, key.last_used_at)
            if noted is not None and now - noted < _USE_GRAIN:
                return
            self._used[key.id] = now
        note_use(self._db, key, now)

    def known(self, urls: Sequence[URL]) -> list[Known]:
        """Look URLs up, all at once, in their order."""
        self._follow()
        with self._lock:
            found = {url.href: self._known.get(url.href) for url in urls}
            forgotten = self._forgotten
        missing = {url.href: url for url in urls if found[url.href] is None}
        if missing:
            with self._db.read() as connection:
                loaded = find_known(connection, list(missing.values()))
            fresh = {known.url.href: known for known in loaded}
            self._remember(self._known, fresh, forgotten)
            found.update(fresh)
        return [known for url in urls if (known := found[url.href]) is not None]

    def still_knows(self, known: Known) -> bool:
        """Say whether nothing has changed about a URL since this was returned."""
        self._follow()
        with self._lock:
            return self._known.get(known.url.href) is known

    def _remember(self, place: LRUCache[str, _T], fresh: dict[str, _T], forgotten: int) -> None:
        with self._lock:
            if self._forgotten == forgotten:
                place.update(fresh)

    def _follow(self) -> None:
        """Forget what changed, at most a moment ago elsewhere and not at all ago here."""
        if self._is_recent():
            return
        with self._turn:
            if self._is_recent():
                return
            # Both before the read: what comes during it is looked for next time.
            looked, commits = self._seconds(), self._db.commits
            before = self._changes
            with self._db.read() as connection:
                now = read_changes(connection, None if before is None else before.last_verdict)
            self._forget(before, now)
            self._changes, self._looked, self._commits = now, looked, commits

    def _is_recent(self) -> bool:
        return self._commits == self._db.commits and self._seconds() - self._looked < LOOK_EVERY

    def _forget(self, before: Changes | None, now: Changes) -> None:
        if before is None:
            return
        with self._lock:
            if now.keys != before.keys:
                self._forgotten += 1
                self._keys.clear()
            if now.decisions != before.decisions or now.canonicals is None:
                self._forgotten += 1
                self._known.clear()
            elif now.canonicals:
                self._forgotten += 1
                for canonical in now.canonicals:
                    self._known.pop(canonical, None)
