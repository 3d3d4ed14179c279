"""Traces for OpenTelemetry: requests, scans and their stages. Off unless they are asked for.

    request             POST /v1/check
    scan                its id, how often it was tried, what it found
      fetch, judge      measured where the scan's process tells how far it came
      store             until the finding is saved

A span holds routes, ids, counts and codes. It never holds an address, a query, a key, or anything
that a page says: neither in names and attributes nor in what became of an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

import structlog
from flask import Flask, Response, g, request

from service.steps import Found, Tell, Way

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

_log = structlog.get_logger(__name__)

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

# What a span is told of, by attribute.
Note = Callable[[Mapping[str, str | int]], None]


class Traces(Protocol):
    """Where spans are begun and ended."""

    on: bool

    def span(self, name: str, *, of_request: bool = False) -> AbstractContextManager[Note]:
        """Begin a span within the one that is open in this thread, and end it with the block."""
        ...

    def close(self) -> None:
        """Send what was not sent yet."""
        ...


class NoTraces:
    """Traces that are off."""

    on = False

    def span(self, name: str, *, of_request: bool = False) -> AbstractContextManager[Note]:  # noqa: ARG002
        """Do nothing."""
        return nullcontext(_nobody)

    def close(self) -> None:
        """Do nothing."""


OFF = NoTraces()


class OpenTelemetry:
    """Traces that go to an OpenTelemetry provider, which the library makes."""

    on = True

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("baitwatch", version("baitwatch"))

    @contextmanager
    def span(self, name: str, *, of_request: bool = False) -> Iterator[Note]:
        """Begin a span, and end it with the block; an error leaves its kind and nothing of it."""
        from opentelemetry.trace import SpanKind, Status, StatusCode

        with self._tracer.start_as_current_span(
            name,
            kind=SpanKind.SERVER if of_request else SpanKind.INTERNAL,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield lambda attributes: _note(span, attributes)
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(Status(StatusCode.ERROR))
                raise

    def close(self) -> None:
        """Send what was not sent yet, within the provider's own limits of time."""
        self._provider.shutdown()


def make_traces(environ: Mapping[str, str]) -> Traces:
    """Make traces that are sent as the ``OTEL_*`` variables say; off where none names an endpoint.

    Spans are sent by a thread, in OTLP over HTTP. Where the extra is missing, that is logged, and
    traces are off. Source of the variables: the OpenTelemetry specification, "Environment Variable
    Specification".
    """
    named = any(environ.get(name) for name in _ENDPOINTS)
    refused = environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if not named or refused or environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        return OFF
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        _log.warning("traces_off", because="they need baitwatch with the extra `otel`")
        return OFF
    resource = Resource({"service.name": "baitwatch", "service.version": version("baitwatch")})
    if "OTEL_SERVICE_NAME" in environ or "service.name" in environ.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    ):
        resource = resource.merge(Resource.create())
    else:
        resource = Resource.create().merge(resource)
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return OpenTelemetry(provider)


def take_traced(traces: Traces, scan: Callable[[Tell], Found]) -> Found:
    """Take the steps of a scan, each stage a span: judging begins as the page arrives."""
    with ExitStack() as stage:
        note = stage.enter_context(traces.span("fetch"))

        def tell(way: Way) -> None:
            note({"baitwatch.redirects": len(way.redirects)})
            if way.arrived:
                stage.close()
                stage.enter_context(traces.span("judge"))

        return scan(tell)


def set_up_traces(app: Flask, traces: Traces) -> None:
    """Make each request of an application a span, where traces are on."""
    if not traces.on:
        return

    def begin() -> None:
        g.span = ExitStack()
        g.note = g.span.enter_context(traces.span("request", of_request=True))

    def name(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "(none)"
        # The method is a word of the caller's where no route matched.
        method = request.method if request.url_rule else "(any)"
        told = {"http.request.method": method, "http.route": route}
        g.note(
            {"name": f"{method} {route}", **told, "http.response.status_code": response.status_code}
        )
        return response

    def end(_error: BaseException | None) -> None:
        span: ExitStack | None = g.pop("span", None)
        if span is not None:
            span.close()

    app.before_request(begin)
    app.after_request(name)
    app.teardown_request(end)


def note_scan(scan_id: str) -> None:
    """Tell the span of this request which scan it asked for: the scan's own names the same."""
    note: Note | None = g.get("note")
    if note is not None:
        note({"baitwatch.scan": scan_id})


def _note(span: Span, attributes: Mapping[str, str | int]) -> None:
    for name, value in attributes.items():
        if name == "name":
            span.update_name(str(value))
        else:
            span.set_attribute(name, value)


def _nobody(_attributes: Mapping[str, str | int]) -> None:
    """Hear nothing."""
