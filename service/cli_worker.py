"""``baitwatch worker``: runs queued scans in a process beside the service, here or elsewhere."""

from __future__ import annotations

import os
import signal
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli_serve import WRONG_USAGE, data_option, read_settings

if TYPE_CHECKING:
    from service.settings import Settings
    from service.steps import Steps
    from service.store.database import Database
    from service.watch import Watch


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to be watched on.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to be watched on.")
@data_option
def worker(host: str, port: int | None, data: Path | None) -> None:
    """Run scans in a process beside the service.

    It needs the service's database, and the same settings; with BAITWATCH_ENGINE=celery the broker
    too. SIGTERM lets running scans finish within BAITWATCH_STOP_GRACE. With --port it answers
    GET /metrics, /healthz and /readyz.
    """
    from service import serve as serving
    from service.errors import StoreUnavailableError
    from service.logs import configure_logs
    from service.watch import Watch

    settings = read_settings(data)
    configure_logs()
    try:
        watch = None if port is None else Watch(serving.free_address(host, port), port)
        db = serving.open_database(settings)
        steps = serving.real_steps(settings)
    except (serving.CannotServeError, StoreUnavailableError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(WRONG_USAGE) from None
    raise SystemExit(run_worker(settings, steps, db, watch))


def run_worker(settings: Settings, steps: Steps, db: Database, watch: Watch | None = None) -> int:
    """Run queued scans until SIGTERM or SIGINT; return the exit status.

    ``db`` is up to date. ``watch`` is where the worker is watched, if anywhere.
    """
    if settings.engine == "celery":
        from service.engines.celery_worker import run_celery_worker

        # Its processes open the database themselves, after the fork.
        db.close()
        return run_celery_worker(settings, steps, watch)
    return _run_embedded(settings, steps, db, watch)


def _run_embedded(settings: Settings, steps: Steps, db: Database, watch: Watch | None) -> int:
    from service.keeping import Keeper
    from service.readiness import check_ready
    from service.scan import Service
    from service.traces import make_traces
    from service.watch import Worked
    from service.workers import Workers

    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    traces = make_traces(os.environ)
    service = Service(db, steps, settings, traces)
    workers, keeper = Workers(service), Keeper(service)
    workers.start()
    keeper.start()
    if watch is not None:
        runner = workers.runner
        watch.start(Worked(partial(check_ready, service, workers), runner.running, runner.begun))
    click.echo("baitwatch worker runs scans")
    stopping.wait()
    keeper.stop()
    workers.stop()
    traces.close()
    return 0
