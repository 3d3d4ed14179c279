"""Looking after kept pages: judged again when another model goes live, forgotten when they are old.

Every serving process has a thread for both, and so has a worker of the embedded engine; one of
them, on any machine, does the work for all.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta

import structlog

from model.verdict import ModelId
from service.errors import ServiceError, StoreUnavailableError
from service.scan import Service
from service.steps import judge_sent
from service.store.kept import Kept, forget_pages, judged_otherwise, save_rejudged

_log = structlog.get_logger(__name__)

_LOOK_EVERY = 5.0  # seconds
_FORGET_EVERY = 3_600.0


class Keeper:
    """Looks after the kept pages, every few seconds; ``start`` is called once."""

    def __init__(self, service: Service, look_every: float = _LOOK_EVERY) -> None:
        self._service = service
        self._look_every = look_every
        self._stopping = threading.Event()
        self._judged_by: ModelId | None = None
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the page that is being judged; what is left is done at the next start."""
        self._stopping.set()

    def look(self) -> None:
        """Judge again what another model judged, once a switch. Raises StoreUnavailableError."""
        model = self._service.steps.model()
        if model != self._judged_by:
            judged = self.judge_again(model)
            if judged:
                _log.info("judged_again", count=judged, version=model.version)
            self._judged_by = model

    def judge_again(self, model: ModelId) -> int:
        """Judge every kept page with a fresh verdict of another model; return how many.

        A verdict keeps the times of the scan that saw the page: nobody has seen it since.
        """
        steps, db = self._service.steps, self._service.db
        judged = 0
        for kept in judged_otherwise(db, model, steps.now()):
            if self._stopping.is_set():
                break
            judged += self._judge(kept)
        return judged

    def _judge(self, kept: Kept) -> bool:
        try:
            finding, _ = judge_sent(self._service.steps, kept.page)
        except ServiceError:
            return False
        if finding.verdict.score is None:
            return False
        again = replace(kept.finding, verdict=finding.verdict, visit=None)
        return save_rejudged(self._service.db, kept, again)

    def forget(self) -> None:
        """Delete pages older than the settings say. Raises StoreUnavailableError."""
        life = timedelta(seconds=self._service.settings.snapshot_life)
        forgotten = forget_pages(self._service.db, self._service.steps.now() - life)
        if forgotten:
            _log.info("pages_forgotten", count=forgotten)

    def _work(self) -> None:
        with self._service.db.duty("keeping") as mine:
            forget_at = float("-inf")
            while not self._stopping.wait(self._look_every):
                try:
                    if not mine():
                        continue
                    self.look()
                    if time.monotonic() >= forget_at:
                        self.forget()
                        forget_at = time.monotonic() + _FORGET_EVERY
                except StoreUnavailableError:
                    _log.warning("store_unavailable", during="keeping")
                except Exception:  # noqa: BLE001  # a dead thread would keep pages for ever
                    _log.exception("keeper_broke")
