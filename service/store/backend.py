"""What a kind of database brings: its connections, its failures, its turn to be upgraded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, Engine


class Hold(Protocol):
    """What one process at a time has, and loses by its end, however that comes."""

    def take(self) -> bool:
        """Take it where nobody has it; say whether it is held here."""

    def give_up(self) -> None:
        """Let others take it."""


@dataclass(frozen=True, slots=True)
class Backend:
    """One kind of database, opened.

    ``place`` names it for people. ``passing`` are the driver's errors that pass by themselves.
    ``upgrade_turn`` is held while the tables are made or altered. ``hold`` makes one by its name.
    """

    engine: Engine
    place: str
    passing: tuple[type[Exception], ...]
    upgrade_turn: Callable[[], AbstractContextManager[None]]
    hold: Callable[[str], Hold]


def writes(connection: Connection) -> bool:
    """Say whether the transaction that begins on this connection is going to write."""
    return bool(connection.get_execution_options().get("writes", False))
