"""Switches from model to model: which one is live, and who made it so, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select

from service.store.audit import Actor, record_action
from service.store.tables import MODEL_SWITCHES


@dataclass(frozen=True, slots=True)
class Model:
    """An artefact as switches name it.

    ``folder`` is its name among the models, None for the shipped one; ``manifest_sha256`` pins its
    manifest, and is None where the code pins it. ``digest`` is the joblib file's SHA-256.
    """

    folder: str | None
    manifest_sha256: str | None
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch: to ``model``, from the version and digest that were live before."""

    id: int
    at: datetime
    by: str
    action: Literal["promote", "rollback"]
    because: str
    model: Model
    from_version: str
    from_digest: str


_QUERY = select(
    *MODEL_SWITCHES.c[
        "id",
        "at",
        "by",
        "action",
        "because",
        "folder",
        "manifest_sha256",
        "version",
        "digest",
        "from_version",
        "from_digest",
    ]
).order_by(MODEL_SWITCHES.c.id)


def every_switch(connection: Connection) -> list[Switch]:
    """List all switches, oldest first."""
    return [
        Switch(row[0], row[1], row[2], row[3], row[4], Model(*row[5:9]), row[9], row[10])
        for row in connection.execute(_QUERY)
    ]


def promoted_models(connection: Connection) -> list[Model]:
    """List the models that were promoted and not rolled back; the last one is live.

    Where there is none, the shipped one is.
    """
    stack: list[Model] = []
    for switch in every_switch(connection):
        if switch.action == "promote":
            stack.append(switch.model)
        else:
            stack.pop()
    return stack


def record_switch(
    connection: Connection,
    action: Literal["promote", "rollback"],
    *,
    to: Model,
    before: Model,
    because: str,
    actor: Actor,
) -> None:
    """Make ``to`` the live model; it counts from the moment the transaction commits."""
    connection.execute(
        insert(MODEL_SWITCHES).values(
            at=actor.at,
            by=actor.name,
            action=action,
            because=because,
            folder=to.folder,
            manifest_sha256=to.manifest_sha256,
            version=to.version,
            digest=to.digest,
            from_version=before.version,
            from_digest=before.digest,
        )
    )
    record_action(connection, actor, f"{action}_model", f"{to.version} {to.digest[:12]}")
