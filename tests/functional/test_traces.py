"""Traces: spans of requests, scans and their stages, and nothing in them that is private."""

import gzip
import os
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from example_pages import BAIT
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from working import working_client

from benchmarks.fleet import Fleet, Member
from service.app import create_app
from service.steps import ScanDiedError, Way
from service.traces import OFF, OpenTelemetry, make_traces, take_traced

SECRET = "correct-horse-battery"
URL = f"https://films.example/lighthouse?token={SECRET}"


@pytest.fixture
def exporter():
    return InMemorySpanExporter()


@pytest.fixture
def traces(exporter):
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield OpenTelemetry(provider)
    provider.shutdown()


@pytest.fixture
def traced(settings, world, db, traces, make_key):
    """A client of a traced application whose workers run."""
    app = create_app(settings, steps=world.steps(settings), db=db, traces=traces)
    with working_client(app, make_key()) as client:
        yield client


def spans_of(exporter, *names):
    """Wait until spans of these names have ended, and give one of each."""
    until = time.monotonic() + 60
    while not set(names) <= (found := {s.name: s for s in exporter.get_finished_spans()}).keys():
        assert time.monotonic() < until, found.keys()
        time.sleep(0.01)
    return [found[name] for name in names]


def test_a_check_leaves_spans_of_the_request_the_scan_and_its_stages(traced, world, exporter):
    world.pages[URL] = BAIT
    verdict = traced.post("/v1/check", json={"url": URL, "wait": 20}).get_json()
    assert verdict["verdict"] == "bait"
    asked, scan, *stages = spans_of(exporter, "POST /v1/check", "scan", "fetch", "judge", "store")
    assert asked.attributes["http.route"] == "/v1/check"
    assert asked.attributes["http.response.status_code"] == 200
    assert asked.attributes["baitwatch.scan"] == scan.attributes["baitwatch.scan"]
    assert scan.attributes["baitwatch.verdict"] == "bait"
    assert [stage.parent.span_id for stage in stages] == [scan.context.span_id] * 3
    assert [stage.start_time for stage in stages] == sorted(s.start_time for s in stages)


def test_a_page_that_never_came_has_no_judging_in_its_trace(traced, exporter):
    traced.post("/v1/check", json={"url": URL, "wait": 20})
    scan, _ = spans_of(exporter, "scan", "store")
    assert scan.attributes["baitwatch.unknown_because"] == "dns"
    assert "judge" not in {span.name for span in exporter.get_finished_spans()}


def test_no_span_holds_an_address_a_query_a_key_or_words_of_the_page(traced, world, exporter):
    world.pages[URL] = BAIT
    key = traced.environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    traced.post("/v1/check", json={"url": URL, "wait": 20})
    traced.get("/v1/lookup", query_string={"url": URL})
    traced.post("/v1/judge", json={"html": BAIT, "url": URL})
    traced.open(f"/nowhere/{SECRET}?{SECRET}", method="SECRETLY")
    spans_of(exporter, "scan", "store", "GET /v1/lookup", "POST /v1/judge", "(any) (none)")
    told = "\n".join(span.to_json() for span in exporter.get_finished_spans())
    assert not [word for word in (SECRET, "films.example", "button", key) if word in told]
    assert "SECRETLY" not in told


def test_a_scan_whose_process_dies_ends_its_spans_without_its_words(traces, exporter):
    def scan_dies(tell):
        tell(Way(URL, (), arrived=True))
        raise ScanDiedError(SECRET)

    with pytest.raises(ScanDiedError):
        take_traced(traces, scan_dies)
    fetch, judge = exporter.get_finished_spans()
    assert (fetch.name, fetch.status.is_ok, judge.name) == ("fetch", True, "judge")
    assert judge.attributes["error.type"] == "ScanDiedError"
    assert SECRET not in judge.to_json()


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"OTEL_SERVICE_NAME": "links"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_traces_are_off_unless_an_endpoint_is_named(environ):
    assert make_traces(environ) is OFF


WITHOUT = """
import sys
sys.modules["opentelemetry"] = None
from service.traces import OFF, make_traces
from service.logs import configure_logs
configure_logs()
assert make_traces({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}) is OFF
import service.app
"""


def test_without_the_extra_the_service_runs_and_says_that_traces_are_off():
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True, timeout=120
    )
    assert "traces_off" in ran.stderr


SENDING = """
import os
from service.traces import make_traces
traces = make_traces(os.environ)
with traces.span("scan") as note:
    note({"baitwatch.tries": 1})
traces.close()
"""


class Collector(BaseHTTPRequestHandler):
    """Takes what is sent in OTLP over HTTP, as a collector does."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.received.append((self.path, ExportTraceServiceRequest.FromString(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def collector():
    """Run a collector; yields the environment that names it, and what it received."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        server.received = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield {"OTEL_EXPORTER_OTLP_ENDPOINT": address}, server.received
        finally:
            server.shutdown()
            thread.join()


def named_spans(received):
    """List the spans that a collector got: the service's name, and the span's."""
    return [
        (attribute.value.string_value, span.name)
        for _, sent in received
        for resource in sent.resource_spans
        for attribute in resource.resource.attributes
        if attribute.key == "service.name"
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def test_spans_reach_a_collector_over_http():
    with collector() as (variables, received):
        environ = {**os.environ, **variables}
        subprocess.run([sys.executable, "-c", SENDING], env=environ, check=True, timeout=120)
    assert [path for path, _ in received] == ["/v1/traces"]
    assert named_spans(received) == [("baitwatch", "scan")]


@pytest.mark.timeout(300)
def test_the_environment_switches_traces_on_in_the_service_and_in_a_worker(tmp_path):
    with collector() as (variables, received):
        variables |= {"OTEL_BSP_SCHEDULE_DELAY": "200", "BAITWATCH_SCAN_WORKERS": "1"}
        with closing(Fleet(tmp_path, variables)) as fleet:
            # What runs the scans of one of the two is told from the other by the name it gives.
            named = {**fleet.variables, "OTEL_SERVICE_NAME": "worker"}
            fleet.worker = Member("worker", ["worker"], named, tmp_path / "log")
            fleet.start()
            wanted = {("baitwatch", "POST /v1/check"), ("baitwatch", "scan"), ("worker", "scan")}
            until = time.monotonic() + 240
            while not wanted <= set(named_spans(received)):
                assert time.monotonic() < until, set(named_spans(received))
                url = f"https://n{time.monotonic_ns()}.example/"
                assert fleet.ask("POST", "/v1/check", {"url": url, "wait": 0})[0] == 202
                time.sleep(0.1)
