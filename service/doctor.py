"""The doctor: what of an installation is broken or unwise, and what mends it.

Each check is a function from the settings to the complaints it has; nothing is changed.
"""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

from model.artifact import ArtifactRefused, load_artifact
from service.clock import Now, utc_now
from service.errors import StoreUnavailableError
from service.models import live_model, load_live
from service.settings import Settings
from service.store.accounts import every_account
from service.store.database import Database
from service.store.figures import read_queue
from service.store.keys import every_key

Severity = Literal["broken", "unwise"]

_LEAST_DISK = 500 * 2**20
_LEAST_FILES = 1_024
_LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong, and what mends it: both sentences for people."""

    severity: Severity
    says: str
    mend: str


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at: the settings, the time, and where the kernel tells of itself."""

    settings: Settings
    now: Now = utc_now
    kernel: Path = Path("/proc/sys")


Check = Callable[[Patient], Iterator[Complaint]]


def check_folder(patient: Patient) -> Iterator[Complaint]:
    """Look at the data folder: there, writable, private, with room."""
    folder = patient.settings.data
    if not folder.is_dir():
        yield Complaint(
            "broken",
            f"There is no data folder {folder}.",
            "Start `baitwatch serve` once, which makes it, or name another with --data.",
        )
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Complaint(
            "broken", f"{folder} cannot be written.", f"Give it to the service's user: {folder}."
        )
    yield from _too_open(folder, 0o077, "700")
    yield from _too_open(folder / "secret_key", 0o077, "600")
    yield from _too_open(patient.settings.database, 0o077, "600")
    yield from _too_open(patient.settings.models_folder, 0o022, "700")
    free = shutil.disk_usage(folder).free
    if free < _LEAST_DISK:
        yield Complaint(
            "unwise",
            f"Only {free // 2**20} MiB are free where {folder} lies.",
            "Make room: without any, no scan is taken in.",
        )


def _too_open(path: Path, forbidden: int, wanted: str) -> Iterator[Complaint]:
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & forbidden:
        yield Complaint(
            "unwise", f"Other users of this machine may use {path}.", f"chmod {wanted} {path}"
        )


def check_database(patient: Patient) -> Iterator[Complaint]:
    """Look at the database: it answers, has this version's form, is whole, somebody runs scans."""
    settings = patient.settings
    if settings.database_url is None:
        if not settings.database.is_file():
            yield Complaint(
                "broken",
                f"There is no database {settings.database}.",
                "Start `baitwatch serve`, or run `baitwatch db upgrade`.",
            )
            return
        damage = _damage(settings.database)
        if damage is not None:
            yield damage
            return
    try:
        with closing(Database(settings.store, busy_timeout=settings.busy_timeout)) as db:
            yield from _contents(db, patient)
    except StoreUnavailableError as error:
        yield Complaint(
            "broken",
            f"The database does not answer: {error.__cause__ or error}",
            "Look whether it runs, is reached from here, and lets this user in.",
        )


def _damage(path: Path) -> Complaint | None:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            (said,) = connection.execute("pragma quick_check(1)").fetchone()
    except sqlite3.Error as error:
        said = str(error)
    if said == "ok":
        return None
    mend = "Stop the service and put a backup in its place."
    return Complaint("broken", f"{path} is damaged: {said}", mend)


def _contents(db: Database, patient: Patient) -> Iterator[Complaint]:
    if not db.is_current():
        yield Complaint(
            "broken",
            "The database has not the form of this version.",
            "Run `baitwatch db upgrade`; where it is newer than this version, upgrade baitwatch.",
        )
        return
    if all(account.disabled_at for account in every_account(db)):
        yield Complaint(
            "unwise", "Nobody can sign in at the desk.", "Run `baitwatch users create NAME`."
        )
    if all(key.revoked_at for key in every_key(db)):
        yield Complaint(
            "unwise",
            "There is no valid API key.",
            "Run `baitwatch keys create NAME --scope check --scope lookup`.",
        )
    with db.read() as connection:
        queue = read_queue(connection)
    if queue.oldest is not None and patient.now() - queue.oldest > _LONGEST_WAIT:
        yield Complaint(
            "broken",
            f"{queue.queued + queue.running} scans wait, the oldest since {queue.oldest}.",
            "Look whether `baitwatch serve` or a `baitwatch worker` runs, and what it logs.",
        )


def check_model(patient: Patient) -> Iterator[Complaint]:
    """Look whether the model that would judge can be loaded here."""
    settings = patient.settings
    try:
        if settings.model is not None:
            load_artifact(settings.model)
            return
        live = None
        if settings.database_url is not None or settings.database.is_file():
            with closing(Database(settings.store, busy_timeout=settings.busy_timeout)) as db:
                live = live_model(db) if db.is_current() else None
        load_live(settings, live)
    except ArtifactRefused as error:
        yield Complaint("broken", f"The model is refused: {error}", _mend_model(settings))
    except (StoreUnavailableError, SQLAlchemyError):
        return  # the database's own check says so


def _mend_model(settings: Settings) -> str:
    if settings.model is not None:
        return "Set BAITWATCH_MODEL to a folder that `baitwatch train` wrote, or unset it."
    return "Run `baitwatch model rollback`; where the shipped model is refused, reinstall."


def check_web(patient: Patient) -> Iterator[Complaint]:
    """Look at how people reach the service."""
    settings = patient.settings
    if settings.public_url is not None and not settings.https:
        yield Complaint(
            "unwise",
            "The public address is http: passwords and API keys travel in the open.",
            "Put a proxy that speaks TLS in front, and https into BAITWATCH_PUBLIC_URL.",
        )
    if settings.public_url is not None and settings.proxy_hops == 0:
        yield Complaint(
            "unwise",
            "There is a public address but no proxy: slow callers can hold every thread.",
            "Put a buffering proxy in front and set BAITWATCH_PROXY_HOPS to 1.",
        )


def check_machine(patient: Patient) -> Iterator[Complaint]:
    """Look at the kernel's settings that fetching and serving depend on."""
    for family in ("ipv4", "ipv6"):
        setting = patient.kernel / "net" / family / "ip_nonlocal_bind"
        if setting.is_file() and setting.read_text().strip() == "1":
            yield Complaint(
                "broken",
                f"net.{family}.ip_nonlocal_bind is on: every address looks like this machine's "
                "own, and every page is refused.",
                f"sysctl net.{family}.ip_nonlocal_bind=0",
            )
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files < _LEAST_FILES:
        yield Complaint(
            "unwise",
            f"A process may open only {files} files.",
            f"Raise the limit to {_LEAST_FILES} or more (LimitNOFILE= in systemd).",
        )


def check_redis(patient: Patient) -> Iterator[Complaint]:
    """Look whether the Redis that counts for the limits answers."""
    url = patient.settings.redis_url
    if url is None:
        return
    try:
        import redis

        with closing(redis.Redis.from_url(url.get_secret_value(), socket_timeout=3)) as client:
            client.ping()
    except ImportError:
        yield Complaint(
            "broken",
            "BAITWATCH_REDIS_URL is set, and the library for it is not installed.",
            "pip install 'baitwatch[redis]'",
        )
    except (redis.RedisError, ValueError) as error:
        yield Complaint(
            "broken",
            f"The Redis of BAITWATCH_REDIS_URL does not answer ({type(error).__name__}).",
            "Look whether it runs and is reached from here; until then each process counts alone.",
        )


def check_broker(patient: Patient) -> Iterator[Complaint]:
    """Look whether the broker answers that carries scans to Celery's workers."""
    if patient.settings.engine != "celery":
        return
    try:
        from service.engines.broker import BrokerAwayError, make_broker, nothing_waits

        try:
            nothing_waits(make_broker(patient.settings))
        except BrokerAwayError:
            yield Complaint(
                "broken",
                "The broker of BAITWATCH_BROKER_URL does not answer.",
                "Look whether it runs and is reached from here; until then scans wait.",
            )
    except ImportError:
        yield Complaint(
            "broken",
            "BAITWATCH_ENGINE is celery, and the library for it is not installed.",
            "pip install 'baitwatch[celery]'",
        )


CHECKS: Mapping[str, Check] = {
    "data folder": check_folder,
    "database": check_database,
    "model": check_model,
    "web": check_web,
    "machine": check_machine,
    "redis": check_redis,
    "broker": check_broker,
}
