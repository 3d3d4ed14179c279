"""The live model inside a running process: it judges, and follows every switch within a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

from model.artifact import Artifact, ArtifactRefused
from model.judge import Judged, read_and_judge
from model.page import Page
from model.verdict import ModelId
from service.errors import StoreUnavailableError
from service.models import live_model, load_live
from service.settings import Settings
from service.store.database import Database

_log = structlog.get_logger(__name__)

_LOOK_EVERY = 1.0  # seconds


class LiveModel:
    """Judges with the model that is live; safe for many threads.

    A model that is refused after a switch leaves the last good one in its place. Raises
    ArtifactRefused where the first one cannot be loaded, StoreUnavailableError where the database
    does not say which that is.
    """

    def __init__(
        self, settings: Settings, db: Database, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._db = db
        self._seconds = seconds
        self._lock = threading.Lock()
        self._looked = seconds()
        self._chosen = live_model(db)
        self._artifact = load_live(settings, self._chosen)
        # Processes that are forked from this one, for hostile pages, must inherit no connection.
        db.close()

    def judge(self, page: Page) -> Judged:
        """Judge a page with the model that is live now."""
        return read_and_judge(page, self._current())

    def model(self) -> ModelId:
        """Name the model that is live now."""
        return self._current().model_id

    def _current(self) -> Artifact:
        # Whoever finds the lock taken goes on with what is there: one look a second is enough.
        if self._seconds() - self._looked >= _LOOK_EVERY and self._lock.acquire(blocking=False):
            try:
                self._looked = self._seconds()
                self._follow()
            finally:
                self._lock.release()
        return self._artifact

    def _follow(self) -> None:
        try:
            chosen = live_model(self._db)
        except StoreUnavailableError:
            return
        finally:
            self._db.close()
        if chosen == self._chosen:
            return
        self._chosen = chosen
        try:
            self._artifact = load_live(self._settings, chosen)
        except ArtifactRefused as error:
            _log.error("model_refused", because=str(error), kept=self._artifact.version)
        else:
            _log.info("model_switched", version=self._artifact.version)
