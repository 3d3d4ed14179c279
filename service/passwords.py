"""Passwords: hashed with Argon2id, never more than a few at a time."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_LONGEST = 1_000


class Passwords:
    """Hashes and checks passwords.

    Parameters: OWASP's second recommendation for Argon2id (19 MiB, 2 passes, 1 lane). Each hash
    takes that memory, so a semaphore bounds what a flood of sign-ins can make the process use.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._turn = threading.BoundedSemaphore(4)
        self._nobodys = self._hasher.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        """Hash a password for keeping."""
        with self._turn:
            return self._hasher.hash(password)

    def match(self, password: str, kept: str | None) -> bool:
        """Check a password against a kept hash.

        Without a kept hash the work is done all the same, so that the time it takes does not tell
        which names have an account.
        """
        with self._turn:
            try:
                self._hasher.verify(kept or self._nobodys, password[:_LONGEST])
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None


def new_password() -> str:
    """Make a password nobody has to think up: 120 random bits."""
    return secrets.token_urlsafe(15)
