"""``baitwatch worker`` under Celery: a parent that talks to the broker, and a process a scan.

The parent opens no database and runs no scan, so nothing a page does reaches it: it kills what
outlasts its time and starts another. SIGTERM lets running scans finish within the grace.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from functools import lru_cache, partial

import structlog
from celery import Celery, signals
from celery.worker import state

from service.engines.broker import (
    NO_BROKER,
    SCAN_TASK,
    BrokerAwayError,
    make_broker,
    nothing_waits,
)
from service.engines.runner import Runner
from service.errors import NotReadyError, StoreUnavailableError
from service.logs import configure_logs
from service.readiness import NO_MODEL
from service.scan import Service
from service.settings import Settings
from service.steps import Steps
from service.store.database import Database
from service.traces import make_traces
from service.watch import Watch, Worked

_log = structlog.get_logger(__name__)

# How often a process looks whether the database is there again.
_LOOK_EVERY = 1.0

# What the end itself may take once the grace is over: a broker that is away is waited for in vain.
_LAST_SECONDS = 10.0


def run_celery_worker(settings: Settings, steps: Steps, watch: Watch | None) -> int:
    """Run scans that the broker announces until a signal comes; return the exit status."""
    broker = make_broker(settings)
    _add_task(broker, settings, steps)
    # Celery would set up logging of its own.
    signals.setup_logging.connect(_set_up_logging)
    signals.worker_shutting_down.connect(_end_after_grace(settings.stop_grace), weak=False)
    if watch is not None:
        # After the fork: its thread is the parent's alone.
        begin = partial(_begin_watch, watch, _worked(broker, steps))
        signals.worker_ready.connect(begin, weak=False)
    worker = broker.Worker(
        pool="prefork",
        concurrency=settings.scan_workers,
        quiet=True,
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
    )
    # What is there now stays shared with the processes: a collection would touch it, and copy it.
    gc.collect()
    gc.freeze()
    worker.start()
    return int(worker.exitcode or 0)


def _add_task(broker: Celery, settings: Settings, steps: Steps) -> None:
    @lru_cache(maxsize=1)
    def runner() -> Runner:
        # Made in the process of the task: an open database must not go through a fork.
        db = Database(settings.store, busy_timeout=settings.busy_timeout)
        made = Runner(Service(db, steps, settings, make_traces(os.environ)))
        made.start()
        return made

    def scan(scan_id: str) -> None:
        while True:
            try:
                runner().run(str(scan_id))
            except StoreUnavailableError:
                _log.warning("store_unavailable", during="claim")
                time.sleep(_LOOK_EVERY)
            else:
                return

    broker.task(name=SCAN_TASK)(scan)


def _worked(broker: Celery, steps: Steps) -> Worked:
    def check_ready() -> None:
        if not steps.able():
            raise NotReadyError(NO_MODEL)
        try:
            nothing_waits(broker)
        except BrokerAwayError as error:
            raise NotReadyError(NO_BROKER) from error

    return Worked(
        check_ready, lambda: len(state.active_requests), lambda: int(state.all_total_count[0])
    )


def _begin_watch(watch: Watch, worked: Worked, **_: object) -> None:
    watch.start(worked)


def _set_up_logging(**_: object) -> None:
    configure_logs()


def _end_after_grace(grace: float) -> object:
    """Make what turns a warm shutdown, which waits for every scan, into a cold one in time."""

    def end() -> None:
        time.sleep(grace)
        os.kill(os.getpid(), signal.SIGQUIT)
        time.sleep(_LAST_SECONDS)
        # The kernel ends the processes with their parent; leases tell others what they ran.
        _log.warning("worker_cut_off")
        os._exit(0)

    def shutting_down(**_: object) -> None:
        threading.Thread(target=end, name="end", daemon=True).start()

    return shutting_down
