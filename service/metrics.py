"""Metrics for Prometheus: what scans found and cost, the queue, the model, drift, live precision.

    GET /metrics -> follow: findings since the last look -> counters and histograms
                 -> measure: queue, model; rulings and drift, which are dear, once a minute

All but the requests is read from the database, so that it does not matter which process or machine
ran a scan: every web process tells the same, from its own start on.
"""

from __future__ import annotations

import threading
import time
from collections import Counter as Tally
from collections import deque
from collections.abc import Callable, Iterable, Mapping

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy import Connection

from model.drift import SCORE_BOUNDS, Spread, drift
from service.errors import StoreUnavailableError
from service.finding import Finding
from service.scan import Service
from service.store.figures import (
    Ruled,
    findings_after,
    newest_finding_id,
    newest_rulings,
    read_queue,
)

_log = structlog.get_logger(__name__)

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_FINDINGS_AT_ONCE = 2_000
_DEAR_EVERY = 60.0  # seconds
# Over how many pages drift is measured: fewer say nothing, older ones are of the past.
FEWEST_PAGES, _MOST_PAGES = 100, 2_000
PRECISION_AT = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20)

Seconds = Callable[[], float]
Reference = Callable[[], Mapping[str, Spread]]


class Metrics:
    """The metrics of one web process; safe for many threads.

    ``reference`` gives the spreads that the live model was trained on, empty where it tells none.
    """

    def __init__(
        self, service: Service, reference: Reference, seconds: Seconds = time.monotonic
    ) -> None:
        self._service = service
        self._reference = reference
        self._seconds = seconds
        self._turn = threading.Lock()
        self._last: int | None = None
        self._pages: deque[Finding] = deque(maxlen=_MOST_PAGES)
        self._dear_at = float("-inf")
        self._registry = CollectorRegistry()
        self._make_counters()
        self._make_gauges()

    def _make_counters(self) -> None:
        own = self._registry
        self._scans = Counter("baitwatch_scans", "Scans that were done.", ["verdict"], registry=own)
        self._unknown = Counter(
            "baitwatch_unknown", "Scans that ended as unknown.", ["because"], registry=own
        )
        self._stages = Histogram(
            "baitwatch_stage_seconds",
            "Time of a scan's stages, where a page came.",
            ["stage"],
            buckets=_SECONDS,
            registry=own,
        )
        self._bytes = Counter("baitwatch_fetched_bytes", "Bytes of fetched pages.", registry=own)
        self._scores = Histogram(
            "baitwatch_score", "Scores of scanned pages.", buckets=SCORE_BOUNDS, registry=own
        )
        self._requests = Histogram(
            "baitwatch_request_seconds",
            "Time of requests to this process.",
            ["route", "method", "status"],
            buckets=_SECONDS,
            registry=own,
        )

    def _make_gauges(self) -> None:
        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"baitwatch_{name}", text, labels, registry=self._registry)

        self._up = gauge("database_up", "Whether the database answered this time.")
        self._queue = gauge("queue_scans", "Scans that wait or run.", "state")
        self._oldest = gauge("queue_oldest_seconds", "Age of the oldest scan that is not done.")
        self._model = gauge("model", "The model that judges.", "version", "digest")
        self._drift = gauge(
            "drift", "Population stability index against the model's training pages.", "of"
        )
        self._drift_pages = gauge("drift_pages", "Scanned pages that drift is measured over.")
        self._ruled = gauge(
            "ruled_pages", "Pages that moderators ruled on, by the verdict.", "verdict", "ruling"
        )
        self._precision = gauge(
            "precision", "Share of bait among the ruled pages of at least this score.", "at_least"
        )

    def note_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answered request; ``route`` is its rule, not its path."""
        self._requests.labels(route, method, str(status)).observe(seconds)

    def render(self) -> bytes:
        """Write everything in Prometheus's text format. Never raises on the database's account."""
        with self._turn:
            try:
                with self._service.db.read() as connection:
                    self._follow(connection)
                    self._measure(connection)
                self._up.set(1)
            except StoreUnavailableError:
                self._up.set(0)
            return generate_latest(self._registry)

    def _follow(self, connection: Connection) -> None:
        if self._last is None:
            self._last = newest_finding_id(connection)
        found = findings_after(connection, self._last, _FINDINGS_AT_ONCE)
        while found:
            for self._last, finding in found:
                self._count(finding)
            found = findings_after(connection, self._last, _FINDINGS_AT_ONCE)

    def _count(self, finding: Finding) -> None:
        verdict = finding.verdict
        if verdict.score is not None and finding.visit is None:
            return  # judged again: no scan
        self._scans.labels(verdict.verdict).inc()
        if verdict.unknown_because is not None:
            self._unknown.labels(verdict.unknown_because.code).inc()
        if verdict.score is not None:
            self._scores.observe(verdict.score)
        visit = finding.visit
        if visit is not None:
            self._stages.labels("fetch").observe(visit.fetch_seconds)
            if visit.judge_seconds is not None:
                self._stages.labels("judge").observe(visit.judge_seconds)
            self._bytes.inc(visit.size)
            self._pages.append(finding)

    def _measure(self, connection: Connection) -> None:
        steps = self._service.steps
        queue = read_queue(connection)
        self._queue.labels("queued").set(queue.queued)
        self._queue.labels("running").set(queue.running)
        now = steps.now()
        self._oldest.set(max(0.0, (now - (queue.oldest or now)).total_seconds()))
        model = steps.model()
        self._model.clear()
        self._model.labels(model.version, model.digest).set(1)
        if self._seconds() - self._dear_at >= _DEAR_EVERY:
            self._dear_at = self._seconds()
            self._measure_rulings(newest_rulings(connection))
            self._measure_drift()

    def _measure_rulings(self, ruled: Iterable[Ruled]) -> None:
        every = list(ruled)
        self._ruled.clear()
        for (verdict, ruling), count in Tally((one.verdict, one.ruling) for one in every).items():
            self._ruled.labels(verdict, ruling).set(count)
        self._precision.clear()
        for bound in PRECISION_AT:
            above = [one.ruling == "bait" for one in every if one.score >= bound]
            if above:
                self._precision.labels(str(bound)).set(sum(above) / len(above))

    def _measure_drift(self) -> None:
        model = self._service.steps.model()
        pages = [page for page in self._pages if page.verdict.model == model]
        scored = [page.verdict.score for page in pages if page.verdict.score is not None]
        numbers = [p.visit.numbers for p in pages if p.visit and p.verdict.score is not None]
        self._drift_pages.set(len(scored))
        self._drift.clear()
        if len(scored) >= FEWEST_PAGES:
            for name, index in drift(self._reference(), scored, numbers).items():
                self._drift.labels(name).set(index)


def set_up_metrics(app: Flask, metrics: Metrics) -> None:
    """Count the requests of an application, and answer GET /metrics."""

    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "(none)"
        began = g.get("started", time.monotonic())
        # The method is a word of the caller's where no route matched.
        method = request.method if request.url_rule else "(any)"
        metrics.note_request(route, method, response.status_code, time.monotonic() - began)
        return response

    def tell() -> Response:
        return Response(metrics.render(), content_type=CONTENT_TYPE)

    app.after_request(count)
    app.add_url_rule("/metrics", "metrics", tell, methods=["GET"])
