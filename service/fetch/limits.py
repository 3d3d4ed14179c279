"""Bounds on one fetch: sizes, redirects, and the one deadline over all of its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.fetch.errors import FetchTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable

MIB = 1024 * 1024
USER_AGENT = "baitwatch (link-safety check; fetches one page when a person asks about it)"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may use. Sizes in bytes.

    ``max_wire_bytes`` bounds one response as it was sent, head and framing included (inside TLS);
    ``max_head_bytes`` all heads of one response together; ``max_decoded_bytes`` the body once
    decompressed. ``user_agent`` tells site owners who is asking.
    """

    max_redirects: int = 5
    max_decoded_bytes: int = 2 * MIB
    max_wire_bytes: int = 4 * MIB
    max_head_bytes: int = 64 * 1024
    user_agent: str = USER_AGENT


class Deadline:
    """A moment on a monotonic clock after which nothing may be waited for."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Return the seconds left, more than zero. Raises FetchTimeoutError where none are."""
        left = self._end - self._clock()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> FetchTimeoutError:
        """Return the error to raise where a wait ended without an answer."""
        return FetchTimeoutError(f"The page did not arrive within {self._seconds:g} seconds.")
