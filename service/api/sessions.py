"""Sessions are the desk's: a call of the API neither reads nor writes a cookie."""

from __future__ import annotations

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

# What pages ask by themselves. Nobody need be sitting before them; and an answer of these may reach
# the browser after that to a ruling, whose message it would put out with an older cookie.
_ASKED_BY_PAGES = {
    "desk.preview",
    "desk.progress",
    "desk.queue_counts",
    "desk.screenshot",
    "desk.static",
}


class DeskSessions(SecureCookieSessionInterface):
    """Flask's own sessions, but for the API, where a cookie must open nothing."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open the session of a request; None, which is none at all, under /v1."""
        if request.path.startswith("/v1/"):
            return None
        return super().open_session(app, request)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Say whether the cookie is made anew, which begins the idle time again."""
        if request.endpoint in _ASKED_BY_PAGES:
            return session.modified
        return super().should_set_cookie(app, session)
