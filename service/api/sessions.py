"""Sessions are the desk's: a call of the API neither reads nor writes a cookie."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class DeskSessions(SecureCookieSessionInterface):
    """Flask's own sessions, but for the API, where a cookie must open nothing."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open the session of a request; None, which is none at all, under /v1."""
        if request.path.startswith("/v1/"):
            return None
        return super().open_session(app, request)
