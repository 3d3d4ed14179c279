"""The prefix list as it is sent: whole or as changes, compact, with a version and a digest.

Bytes of an answer, numbers in network order:

    "BWP1", 1 for a whole list or 0 for changes       5
    version                                           8
    how many prefixes the list then has               4
    SHA-256 over those, sorted, four bytes each      32
    section of those to take out, section of those to put in: see rice.py
"""

from __future__ import annotations

import hashlib
import struct
import threading
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.clock import Now
from service.rice import encode_sorted
from service.store.database import Database
from service.store.listing import follow
from service.store.prefixes import list_version, listed_prefixes, prefix_changes

MAGIC = b"BWP1"
HEAD = struct.Struct(">4sBQI32s")

_FOLLOW_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class ListAt:
    """The list at one version: its prefixes, sorted, and their digest."""

    version: int
    prefixes: NDArray[np.uint32]
    digest: bytes


class PrefixList:
    """The list in one process, shared by its threads; the database says what changed."""

    def __init__(self, db: Database, now: Now) -> None:
        self._db = db
        self._now = now
        self._turn = threading.Lock()
        self._at: ListAt | None = None
        self._whole: tuple[int, bytes] | None = None

    def follow(self) -> None:
        """Bring the list in the database up to date. Raises StoreUnavailableError."""
        follow(self._db, self._now, _FOLLOW_SECONDS)

    def current(self) -> ListAt:
        """Return the list as the database has it. Raises StoreUnavailableError."""
        with self._turn, self._db.read() as connection:
            at = self._at
            version = list_version(connection)
            if at is None or at.version != version:
                changes = None if at is None else prefix_changes(connection, at.version)
                if at is None or changes is None:
                    prefixes = np.array(listed_prefixes(connection), np.uint32)
                else:
                    prefixes = _changed(at.prefixes, changes)
                at = self._at = ListAt(version, prefixes, digest_of(prefixes))
        return at

    def sent(self, at: ListAt, since: int | None) -> bytes:
        """Write the list for somebody who has version ``since``, whole where that is not known."""
        changes = None
        if since is not None:
            with self._db.read() as connection:
                # What came after ``at`` is told with the next answer.
                if list_version(connection) == at.version:
                    changes = prefix_changes(connection, since)
        if changes is None or len(changes) > len(at.prefixes) + 1_000:
            return self._all(at)
        gone = _sorted(prefix for prefix, added in changes.items() if not added)
        come = _sorted(prefix for prefix, added in changes.items() if added)
        return _head(at, 0) + encode_sorted(gone) + encode_sorted(come)

    def _all(self, at: ListAt) -> bytes:
        with self._turn:
            if self._whole is None or self._whole[0] != at.version:
                nothing = encode_sorted(np.zeros(0, np.uint32))
                body = _head(at, 1) + nothing + encode_sorted(at.prefixes)
                self._whole = (at.version, body)
            return self._whole[1]


def digest_of(prefixes: NDArray[np.uint32]) -> bytes:
    """Name a sorted list: SHA-256 over its prefixes, four bytes each in network order."""
    return hashlib.sha256(prefixes.astype(">u4").tobytes()).digest()


def _head(at: ListAt, whole: int) -> bytes:
    return HEAD.pack(MAGIC, whole, at.version, len(at.prefixes), at.digest)


def _sorted(prefixes: Iterable[int]) -> NDArray[np.uint32]:
    return np.array(sorted(prefixes), np.uint32)


def _changed(prefixes: NDArray[np.uint32], changes: dict[int, bool]) -> NDArray[np.uint32]:
    gone = _sorted(prefix for prefix, added in changes.items() if not added)
    come = _sorted(prefix for prefix, added in changes.items() if added)
    left = np.delete(prefixes, np.searchsorted(prefixes, gone))
    return np.insert(left, np.searchsorted(left, come), come)
