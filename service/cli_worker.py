"""``baitwatch worker``: runs queued scans in a process beside the service, here or elsewhere."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli_serve import WRONG_USAGE, data_option, read_settings

if TYPE_CHECKING:
    from service.settings import Settings
    from service.steps import Steps
    from service.store.database import Database


@click.command()
@data_option
def worker(data: Path | None) -> None:
    """Run scans in a process beside the service.

    It needs the service's database, and the same settings; with BAITWATCH_ENGINE=celery the broker
    too. SIGTERM lets running scans finish within BAITWATCH_STOP_GRACE.
    """
    from service import serve as serving
    from service.errors import StoreUnavailableError
    from service.logs import configure_logs

    settings = read_settings(data)
    configure_logs()
    try:
        db = serving.open_database(settings)
        steps = serving.real_steps(settings)
    except (serving.CannotServeError, StoreUnavailableError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(WRONG_USAGE) from None
    raise SystemExit(run_worker(settings, steps, db))


def run_worker(settings: Settings, steps: Steps, db: Database) -> int:
    """Run queued scans until SIGTERM or SIGINT; return the exit status. ``db`` is up to date."""
    if settings.engine == "celery":
        from service.engines.celery_worker import run_celery_worker

        # Its processes open the database themselves, after the fork.
        db.close()
        return run_celery_worker(settings, steps)
    return _run_embedded(settings, steps, db)


def _run_embedded(settings: Settings, steps: Steps, db: Database) -> int:
    from service.keeping import Keeper
    from service.scan import Service
    from service.traces import make_traces
    from service.workers import Workers

    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    traces = make_traces(os.environ)
    service = Service(db, steps, settings, traces)
    workers, keeper = Workers(service), Keeper(service)
    workers.start()
    keeper.start()
    click.echo("baitwatch worker runs scans")
    stopping.wait()
    keeper.stop()
    workers.stop()
    traces.close()
    return 0
