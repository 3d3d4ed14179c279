"""The short way of a look-up: an answer that was given a moment ago, given again without Flask.

Only what is plain goes this way: a GET of /v1/lookup with a good key, a query that was answered
within the last minute, nothing changed about its address since, and budgets that have enough left.
Everything else, every error included, goes the whole way and is answered there, with the same
headers and body. What is told this way is counted among the metrics and not logged.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cachetools import LRUCache

from service.api.auth import bearer_token
from service.api.budgets import of_address, of_key
from service.errors import StoreUnavailableError
from service.limits import Counters, Spent
from service.scan import Service
from service.store.known import Known

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/v1/lookup"
_LONGEST = timedelta(minutes=1)
_MOST = 20_000
_PORT = re.compile(":[0-9]{1,5}$")


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer's body, what it was made from, and until when it may be told again."""

    known: Known
    body: bytes
    until: datetime


class Shortcut:
    """A WSGI application before another; ``note`` is told the seconds that an answer took."""

    def __init__(
        self,
        app: WSGIApplication,
        service: Service,
        counters: Counters,
        note: Callable[[float], None],
    ) -> None:
        self._app = app
        self._service = service
        self._counters = counters
        self._note = note
        self._lock = threading.Lock()
        self._told: LRUCache[str, _Told] = LRUCache(_MOST)
        settings = service.settings
        cors = settings.extension_origins or settings.firefox_extensions
        self._headers = [
            ("Content-Type", "application/json"),
            ("Cache-Control", "no-store"),
            *([("Vary", "Origin")] if cors else []),
        ]

    def remember(self, query: str, known: Known, body: bytes, expires_at: datetime) -> None:
        """Keep the answer to a query string, made from what is known of its one address."""
        until = min(expires_at, self._service.steps.now() + _LONGEST)
        with self._lock:
            self._told[query] = _Told(known, body, until)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the short way or hand the request on."""
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "GET":
            return self._app(environ, start_response)
        began = time.monotonic()
        try:
            told, spent = self._answer(environ)
        except StoreUnavailableError:
            told, spent = None, None
        if told is None or spent is None:
            return self._app(environ, start_response)
        start_response(
            "200 OK", [*self._headers, ("Content-Length", str(len(told))), *_left(spent)]
        )
        self._note(time.monotonic() - began)
        return [told]

    def _answer(self, environ: WSGIEnvironment) -> tuple[bytes | None, Spent | None]:
        service = self._service
        with self._lock:
            told = self._told.get(environ.get("QUERY_STRING", ""))
        if told is None or "HTTP_ORIGIN" in environ or not self._is_for_us(environ):
            return None, None
        key = service.memory.key(bearer_token(environ) or "")
        if key is None or "lookup" not in key.scopes:
            return None, None
        now = service.steps.now()
        if now >= told.until or not service.memory.still_knows(told.known):
            return None, None
        service.memory.note_use(key, now)
        spent = of_key(self._counters, service.settings, key, "lookups", 1)
        if not spent.taken:
            return None, None
        address = of_address(self._counters, service.settings, environ.get("REMOTE_ADDR", ""))
        return (told.body, spent) if address.taken else (None, None)

    def _is_for_us(self, environ: WSGIEnvironment) -> bool:
        host = _PORT.sub("", environ.get("HTTP_HOST", "")).lower()
        return host in self._service.settings.hosts


def _left(spent: Spent) -> tuple[tuple[str, str], ...]:
    return (
        ("RateLimit-Limit", str(spent.most)),
        ("RateLimit-Remaining", str(spent.left)),
        ("RateLimit-Reset", str(spent.seconds)),
    )
