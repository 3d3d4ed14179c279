"""Which browser extensions may read the API's answers; no other page may (Fetch standard, CORS).

Origins are compared whole and as they are. Nothing here speaks of credentials: extensions send a
key, and cookies open nothing under /v1.
"""

from __future__ import annotations

import re
from functools import partial

from flask import Flask, Response, request

from service.settings import Settings

# Firefox draws another id for every profile, so no list could name them all.
_FIREFOX = re.compile(
    "moz-extension://[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_READABLE = "Location, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "600",
}


def set_up_cors(app: Flask, settings: Settings) -> None:
    """Let the extensions that the settings name read what /v1 answers."""
    if settings.extension_origins or settings.firefox_extensions:
        app.after_request(partial(_allow, settings))


def _allow(settings: Settings, response: Response) -> Response:
    if not request.path.startswith("/v1/"):
        return response
    response.vary.add("Origin")
    origin = request.headers.get("Origin", "")
    if origin not in settings.extension_origins and not (
        settings.firefox_extensions and _FIREFOX.fullmatch(origin)
    ):
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _READABLE
    if request.method == "OPTIONS":
        response.headers.update(_PREFLIGHT)
    return response
