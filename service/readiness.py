"""Whether a process can do its work at this moment, part by part: what ``GET /readyz`` says."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

from service.engines.choice import Engine
from service.errors import NotReadyError, StoreUnavailableError
from service.scan import Service

_OTHER_FORM = (
    "The database has not the form of this version: upgrade it with `baitwatch db upgrade`, "
    "or upgrade this service."
)
NO_MODEL = "The process that holds the model does not answer."
_BLOCK = bytes(4096)  # an empty file can be made on a disk that is full


def check_ready(service: Service, engine: Engine) -> None:
    """Look whether all parts work.

    Raises StoreUnavailableError where the database is not to be used, and NotReadyError, whose
    message names every other part that fails.
    """
    if not service.db.is_current():
        raise StoreUnavailableError(_OTHER_FORM)
    complaints = list(_complaints(service, engine))
    if complaints:
        raise NotReadyError(" ".join(complaints))


def _complaints(service: Service, engine: Engine) -> Iterator[str]:
    try:
        try_writing(service.settings.data)
    except OSError as error:
        yield f"The data folder cannot be written ({error.strerror})."
    if not service.steps.able():
        yield NO_MODEL
    complaint = engine.complaint()
    if complaint is not None:
        yield complaint


def try_writing(folder: Path) -> None:
    """Write a little into a folder, and take it away again. Raises OSError."""
    probe = folder / f".writable-{os.getpid()}-{threading.get_ident()}"
    try:
        probe.write_bytes(_BLOCK)
    finally:
        probe.unlink(missing_ok=True)
