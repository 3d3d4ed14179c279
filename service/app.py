"""The web application, put together from its parts.

request -> host trusted? -> key or session -> view -> scan.py, store/ -> answer
                                                           |
                           workers.py: queued scans -> fetch -> judge -> store/
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

from apiflask import APIFlask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from service.api.budgets import set_up_budgets
from service.api.check import checks
from service.api.cors import set_up_cors
from service.api.decisions import decisions
from service.api.docs import docs
from service.api.health import health
from service.api.json_body import StrictJson
from service.api.lookup import lookups
from service.api.openapi import complete_openapi
from service.api.prefixes import prefixes
from service.api.reports import reports
from service.api.sessions import DeskSessions
from service.api.shortcut import PATH as SHORT_PATH
from service.api.shortcut import Shortcut
from service.api.webhooks import webhooks
from service.desk.frame import set_up_frame
from service.desk.language import set_up_language
from service.desk.roles import set_up_roles
from service.desk.sessions import set_up_sessions
from service.desk.throttle import Throttle
from service.desk.views import make_desk
from service.engines.choice import make_engine
from service.limits import LocalCounters, redis_counters
from service.metrics import Metrics, set_up_metrics
from service.models import live_reference
from service.parts import Parts, attach_parts
from service.passwords import Passwords
from service.prefixes import PrefixList
from service.scan import Service
from service.screenshots.camera import camera_of
from service.settings import Settings
from service.steps import Steps
from service.store.database import Database
from service.traces import OFF, Traces, set_up_traces
from service.web import set_up_web
from service.webhooks.post import post
from service.webhooks.postman import POST_SECONDS, Postman


def create_app(
    settings: Settings,
    *,
    steps: Steps,
    db: Database,
    clock: Callable[[], float] = time.monotonic,
    traces: Traces = OFF,
) -> APIFlask:
    """Put the application together; it opens no socket and starts no thread.

    ``db`` must have been upgraded. The scans it queues are run by the ``workers`` among its parts
    once somebody starts them. ``clock`` is the monotonic one of the limits.
    """
    app = APIFlask(
        "service",
        title="baitwatch",
        version=version("baitwatch"),
        spec_path="/v1/openapi.json",
        docs_path=None,
        json_errors=False,
        # The desk brings its own static files; Flask takes None for this, whatever APIFlask says.
        static_folder=None,  # type: ignore[arg-type]
    )
    _configure(app, settings)
    service = Service(db, steps, settings, traces)
    redis = settings.redis_url
    counters = redis_counters(redis.get_secret_value()) if redis else LocalCounters(clock)
    postman = Postman(service, partial(post, policy=settings.webhook_policy, seconds=POST_SECONDS))
    passwords, throttle = Passwords(), Throttle(clock)
    metrics = Metrics(service, partial(live_reference, settings, db))
    note = partial(metrics.note_request, SHORT_PATH, "GET", 200)
    app.wsgi_app = shortcut = Shortcut(app.wsgi_app, service, counters, note)  # type: ignore[method-assign]
    engine = make_engine(service)
    listed = PrefixList(db, steps.now)
    camera = camera_of(settings)
    attach_parts(
        app,
        Parts(service, engine, passwords, throttle, counters, postman, shortcut, listed, camera),
    )
    app.spec_processor(complete_openapi)  # type: ignore[arg-type]  # JSON: never a str
    set_up_traces(app, traces)
    set_up_web(app, settings)
    set_up_cors(app, settings)
    set_up_budgets(app)
    set_up_metrics(app, metrics)
    set_up_sessions(app)
    set_up_language(app)
    set_up_roles(app)
    set_up_frame(app)
    csrf = CSRFProtect(app)
    for blueprint in (checks, lookups, prefixes, decisions, reports, webhooks, health, docs):
        # These know no cookies, so nobody's browser can be made to call them in its user's name.
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
    app.register_blueprint(make_desk())
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]
    return app


def _configure(app: APIFlask, settings: Settings) -> None:
    app.json = StrictJson(app)
    app.session_interface = DeskSessions()
    app.description = "Says whether a page is bait, and why."
    app.config.update(
        SECRET_KEY=secret_key(settings.data),
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=settings.max_body,
        MAX_FORM_PARTS=20,
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=settings.session_idle),
        SESSION_COOKIE_NAME="baitwatch",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        # A form may stay open as long as the session that it belongs to.
        WTF_CSRF_TIME_LIMIT=None,
        OPENAPI_VERSION="3.1.0",
        # It would be the host that the first caller named, for everybody.
        AUTO_SERVERS=False,
        VALIDATION_ERROR_STATUS_CODE=400,
    )


def secret_key(data: Path) -> bytes:
    """Return the key that signs sessions, made at the first start; only its owner may read it."""
    path = data / "secret_key"
    if not path.exists():
        draft = data / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        # A link appears whole, and only where another process was not faster.
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_bytes()
