"""What a kind of database brings: its connections, its failures, its turn to be upgraded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine


@dataclass(frozen=True, slots=True)
class Backend:
    """One kind of database, opened.

    ``place`` names it for people. ``passing`` are the driver's errors that pass by themselves.
    ``upgrade_turn`` is held while the tables are made or altered.
    """

    engine: Engine
    place: str
    passing: tuple[type[Exception], ...]
    upgrade_turn: Callable[[], AbstractContextManager[None]]


def writes(connection: Connection) -> bool:
    """Say whether the transaction that begins on this connection is going to write."""
    return bool(connection.get_execution_options().get("writes", False))
