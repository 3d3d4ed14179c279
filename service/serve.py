"""The serving process: what stands before the first request, and the server around the app.

prepare: data folder -> database up to date -> first account and key
granian: one process of many threads -> load_app in it -> workers start
SIGTERM: requests end -> workers finish or give back their scans -> exit 0
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING

import structlog

from service.clock import utc_now
from service.errors import ServiceError, StoreUnavailableError
from service.logs import configure_logs
from service.passwords import Passwords, new_password
from service.readiness import try_writing
from service.settings import Settings
from service.store.accounts import any_account, create_account
from service.store.audit import Actor
from service.store.database import Database
from service.store.keys import KEY_SCOPES, create_key

if TYPE_CHECKING:
    from flask import Flask

    from model.judge import Judged
    from model.page import Page
    from model.verdict import ModelId
    from service.steps import Steps

_log = structlog.get_logger(__name__)

ADMIN = "admin"
_AMBIENT = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


class CannotServeError(ServiceError):
    """The service cannot start here; the message says what to change."""


@dataclass(frozen=True, slots=True)
class FirstSecrets:
    """What the first start made; this is the only time the two are seen."""

    password: str
    key: str


def open_database(settings: Settings) -> Database:
    """Open the database in the data folder, creating both where needed; brought up to date.

    Raises CannotServeError where the folder cannot be written.
    """
    folder = settings.data
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try_writing(folder)
    except OSError as error:
        raise CannotServeError(
            f"The data folder {folder} cannot be written ({error.strerror}): "
            "make it writable, or name another with --data."
        ) from error
    db = Database(settings.store, busy_timeout=settings.busy_timeout)
    db.upgrade()
    return db


def first_start(db: Database) -> FirstSecrets | None:
    """Make an admin account and a key with every scope, unless there is an account already."""
    with db.read() as connection:
        if any_account(connection):
            return None
    made = FirstSecrets(new_password(), "")
    hashed = Passwords().hash(made.password)
    actor = Actor("first start", utc_now())
    with db.write() as connection:
        if any_account(connection):
            return None
        create_account(connection, ADMIN, hashed, "admin", actor)
        return FirstSecrets(made.password, create_key(connection, ADMIN, KEY_SCOPES, actor))


def free_address(host: str, port: int) -> str:
    """Find the address to listen on: numeric, of this machine, with the port free.

    Raises CannotServeError, in words for people.
    """
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except (OSError, UnicodeError) as error:
        raise CannotServeError(
            f"Cannot listen on {host}, port {port} ({error}): "
            "stop what uses it, or choose another with --host and --port."
        ) from error
    return str(where[0])


def real_steps(
    settings: Settings,
    allow: tuple[tuple[str, int], ...] = (),
    *,
    log_level: int = logging.INFO,
) -> Steps:
    """Make the steps that reach into the world, each scan and judgement in a child of its own.

    ``allow`` exempts exact pairs of address and port from the address policy; it is for tests
    with a server of their own. Raises CannotServeError where the artefact is refused.
    """
    from service.isolation import isolated
    from service.judging.nursery import CannotStart

    try:
        return isolated(partial(_own_steps, settings, allow), settings, log_level)
    except CannotStart as error:
        raise CannotServeError(str(error)) from error


def _own_steps(settings: Settings, allow: tuple[tuple[str, int], ...]) -> Steps:
    """Make the steps as a child takes them: fetch from the world, judge with the artefact."""
    from service.steps import steps_here

    judge, model = _judge_and_model(settings)
    return steps_here(
        fetch=real_fetch(settings, allow),
        judge=judge,
        model=model,
        life=settings.verdict_life,
        now=utc_now,
    )


def real_fetch(
    settings: Settings, allow: tuple[tuple[str, int], ...] = ()
) -> Callable[[str], Page]:
    """Make what fetches a page, within the settings' limits; ``allow`` as in ``real_steps``."""
    from service.fetch import AddressPolicy, Limits, fetch_page

    return partial(
        fetch_page,
        deadline=settings.fetch_deadline,
        policy=AddressPolicy(allow, settings.deny_hosts, settings.deny_networks),
        limits=Limits(
            max_redirects=settings.max_redirects,
            max_decoded_bytes=settings.max_page,
            max_wire_bytes=2 * settings.max_page,
            user_agent=settings.user_agent,
        ),
    )


def _judge_and_model(
    settings: Settings,
) -> tuple[Callable[[Page], Judged], Callable[[], ModelId]]:
    """Load the model that BAITWATCH_MODEL names, else follow the live one, else the shipped one."""
    from model.artifact import ArtifactRefused, load_artifact
    from model.judge import read_and_judge
    from service.live import LiveModel

    try:
        known = settings.database_url is not None or settings.database.is_file()
        if settings.model is None and known:
            db = Database(settings.store, busy_timeout=settings.busy_timeout)
            db.upgrade()
            live = LiveModel(settings, db)
            return live.judge, live.model
        artifact = load_artifact(settings.model)
    except ArtifactRefused as error:
        raise CannotServeError(str(error)) from error
    except (StoreUnavailableError, OSError) as error:
        raise CannotServeError(f"The database does not say which model is live: {error}") from error
    return partial(read_and_judge, artifact=artifact), lambda: artifact.model_id


def load_app(settings: Settings, steps: Steps, announce: Callable[[], None]) -> Flask:
    """Build the application inside the serving process and start its workers there.

    ``announce`` is called at the end, moments before the port listens; it must not block.
    """
    from service.app import create_app
    from service.keeping import Keeper
    from service.parts import parts
    from service.traces import make_traces

    configure_logs()
    ignored = [name for name in _AMBIENT if name in os.environ or name.lower() in os.environ]
    _log.info("environment_ignored", note="fetches use no proxy and no credentials", set=ignored)
    db = Database(settings.store, busy_timeout=settings.busy_timeout)
    traces = make_traces(os.environ)
    app = create_app(settings, steps=steps, db=db, traces=traces)
    with app.app_context():
        workers, postman = parts().workers, parts().postman
        keeper = Keeper(parts().service)
    workers.start()
    postman.start()
    keeper.start()
    # Granian ends its process without unwinding this one's stack; finalizers are run.
    Finalize(None, workers.stop, exitpriority=100)
    Finalize(None, postman.stop, exitpriority=90)
    Finalize(None, keeper.stop, exitpriority=110)
    Finalize(None, traces.close, exitpriority=80)
    announce()
    return app


def serve(
    settings: Settings,
    steps: Steps,
    address: str,
    port: int,
    greet: Callable[[], None],
) -> None:
    """Serve until a signal comes. One process: the threads share the artefact.

    ``address`` is numeric. ``greet`` is called in the serving process once the port answers.
    """
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "service.serve:load_app",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        blocking_threads=settings.threads,
        backpressure=settings.threads,
        # Its warning about many threads does not know why there are so many.
        log_level=LogLevels.error,
        # The workers' grace comes after the last request, which may wait for its own.
        workers_kill_timeout=int(settings.stop_grace) + 30,
    )
    announce = partial(_greet_when_listening, address, port, greet)
    server.serve(target_loader=partial(load_app, settings, steps, announce), wrap_loader=False)


def _greet_when_listening(address: str, port: int, greet: Callable[[], None]) -> None:
    """Call ``greet`` from a thread of its own as soon as somebody can connect."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104

    def wait() -> None:
        for _ in range(600):
            try:
                socket.create_connection((reachable, port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                greet()
                return

    threading.Thread(target=wait, daemon=True).start()
