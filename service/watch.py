"""What a worker tells over HTTP, to those who watch it: GET /metrics, /healthz and /readyz.

The numbers are the worker's own and cost no look into the database: what its scans found, web
processes tell.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, jsonify
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from service.api.problems import problem_response
from service.errors import PROBLEMS, NotReadyError, StoreUnavailableError
from service.metrics import CONTENT_TYPE

_PATIENCE = 10.0  # seconds for a request to arrive


@dataclass(frozen=True, slots=True)
class Worked:
    """What is asked of a worker, at any time and by any thread.

    ``check_ready`` raises NotReadyError or StoreUnavailableError; ``running`` and ``begun`` count
    the scans that run now, and those that were begun since its start.
    """

    check_ready: Callable[[], None]
    running: Callable[[], int]
    begun: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Watch:
    """Where a worker is watched: a numeric address of this machine, and a port."""

    address: str
    port: int

    def start(self, worked: Worked) -> BaseWSGIServer:
        """Answer from a thread of its own, from now until the process ends. Raises OSError."""
        app = make_watch_app(worked)
        server = make_server(self.address, self.port, app, threaded=True, request_handler=_Quiet)
        threading.Thread(target=server.serve_forever, name="watch", daemon=True).start()
        return server


class _Quiet(WSGIRequestHandler):
    timeout = _PATIENCE

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # its name there
        """Log nothing: whoever watches asks every few seconds."""


def make_watch_app(worked: Worked) -> Flask:
    """Make the three answers."""
    app = Flask("service.watch", static_folder=None)
    registry = CollectorRegistry()
    registry.register(_Numbers(worked))

    @app.get("/healthz")
    def alive() -> Response:
        return jsonify({"status": "ok"})

    @app.get("/readyz")
    def ready() -> Response:
        try:
            worked.check_ready()
        except (NotReadyError, StoreUnavailableError) as error:
            return problem_response(PROBLEMS[type(error)], str(error))
        return jsonify({"status": "ok"})

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE)

    return app


class _Numbers(Collector):
    def __init__(self, worked: Worked) -> None:
        self._worked = worked

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "baitwatch_worker_running", "Scans that run here.", self._worked.running()
        )
        yield CounterMetricFamily(
            "baitwatch_worker_scans", "Scans that were begun here.", self._worked.begun()
        )
        yield GaugeMetricFamily(
            "baitwatch_worker_memory_bytes",
            "Memory of this worker and all processes below it.",
            memory_below(os.getpid()),
        )


def memory_below(pid: int) -> int:
    """Return the bytes of memory that a process and all those below it take.

    What several share is counted once. Source: proc_pid_smaps(5), ``Pss``.
    """
    return sum(_own_memory(one) for one in _tree(pid))


def _tree(pid: int) -> Iterator[int]:
    """Yield a process and all those below it. Source: proc_tid_children(5)."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                yield from _tree(int(child))


def _own_memory(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0  # it ended meanwhile
