"""GET /metrics: what scans found and cost, the queue, the model, drift, precision; and /readyz."""

import sqlite3
from contextlib import closing

import pytest
from example_pages import BAIT
from prometheus_client.parser import text_string_to_metric_families

from model.drift import read_reference, reference_of
from service.metrics import FEWEST_PAGES, Metrics
from service.parts import parts


@pytest.fixture
def read():
    """Read one sample of a metrics page; None where it is not there."""

    def one(text, name, **labels):
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        return None

    return one


@pytest.fixture
def metrics(api, read):
    """The metrics of the application; looked at once, so that scans from now on are counted."""

    def sample(name, **labels):
        return read(api.get("/metrics").get_data(as_text=True), name, **labels)

    sample("baitwatch_database_up")
    return sample


def check(api, url):
    return api.post("/v1/check", json={"url": url, "fresh": True}).get_json()


def test_scans_are_counted_by_verdict_and_unknown_ones_by_reason(api, world, metrics):
    world.pages["https://a.example/"] = BAIT
    check(api, "https://a.example/")
    check(api, "https://nowhere.example/")
    assert metrics("baitwatch_scans_total", verdict="bait") == 1
    assert metrics("baitwatch_scans_total", verdict="unknown") == 1
    assert metrics("baitwatch_unknown_total", because="dns") == 1
    assert metrics("baitwatch_score_count") == 1
    assert metrics("baitwatch_score_bucket", le="0.9") == 0
    assert metrics("baitwatch_score_bucket", le="0.99") == 1


def test_a_page_that_came_tells_its_size_and_the_time_of_each_stage(api, world, metrics):
    world.pages["https://a.example/"] = BAIT
    check(api, "https://a.example/")
    assert metrics("baitwatch_fetched_bytes_total") == len(BAIT.encode())
    for stage in ("fetch", "judge"):
        assert metrics("baitwatch_stage_seconds_count", stage=stage) == 1
        assert metrics("baitwatch_stage_seconds_sum", stage=stage) < 30


def test_the_queue_tells_its_depth_and_its_age(api, world, metrics):
    world.gate.clear()
    for number in range(6):  # four threads run scans
        api.post("/v1/check", json={"url": f"https://s{number}.example/", "wait": 0})
    for _ in range(200):
        if world.fetched[3:]:
            break
        world.gate.wait(0.05)
    world.pass_time(seconds=40)
    depth = [metrics("baitwatch_queue_scans", state=state) for state in ("queued", "running")]
    assert depth == [2, 4]
    assert metrics("baitwatch_queue_oldest_seconds") == 40


def test_the_model_is_named(metrics):
    assert metrics("baitwatch_model", version="test-1", digest="0123456789ab") == 1


def test_requests_are_counted_by_route_and_never_by_what_was_asked(api, metrics):
    api.get("/v1/lookup?url=https://secret.example/")
    api.open("/no/such/secret", method="SECRET")
    text = api.get("/metrics").get_data(as_text=True)
    assert "secret" not in text.lower()
    assert metrics("baitwatch_request_seconds_count", route="/v1/lookup", status="200") == 1
    assert metrics("baitwatch_request_seconds_count", route="(none)", method="(any)") == 1


def test_rulings_tell_the_precision_at_each_score(app, api, world, read):
    for number in range(4):
        url = f"https://p{number}.example/"
        world.pages[url] = BAIT
        check(api, url)
        ruling = "not_bait" if number == 0 else "bait"
        api.post("/v1/decisions", json={"url": url, "ruling": ruling, "scope": "page"})
    text = api.get("/metrics").get_data(as_text=True)
    assert read(text, "baitwatch_precision", at_least="0.9") == 0.75
    assert read(text, "baitwatch_precision", at_least="0.95") is None
    assert read(text, "baitwatch_ruled_pages", verdict="bait", ruling="not_bait") == 1


@pytest.mark.parametrize(("pages", "shown"), [(FEWEST_PAGES - 1, False), (FEWEST_PAGES, True)])
def test_drift_is_told_once_there_are_pages_enough(app, api, world, db, read, pages, shown):
    with app.app_context():
        service = parts().service
    reference = read_reference({"reference": reference_of([0.97] * 9, [[0.0]] * 9, ["offer"])})
    metrics = Metrics(service, lambda: reference, world.seconds)
    metrics.render()
    for number in range(pages):
        world.pages[f"https://p{number}.example/"] = BAIT if number % 2 else BAIT[:60]
    for start in range(0, pages, 100):
        urls = [f"https://p{n}.example/" for n in range(start, min(pages, start + 100))]
        told = api.post("/v1/check/batch", json={"urls": urls, "wait": 20}).get_json()["results"]
        assert {one.get("verdict") for one in told} <= {"bait", "clean"}
    world.pass_time(seconds=61)
    text = metrics.render().decode()
    assert read(text, "baitwatch_drift_pages") == pages
    drift = read(text, "baitwatch_drift", of="score")
    assert (drift is not None and drift > 0.25) == shown
    if shown:
        assert read(text, "baitwatch_drift", of="offer") == 0


def test_metrics_are_told_while_the_database_is_away(app, api, settings, metrics, read):
    settings.database.rename(settings.data / "away")
    settings.database.mkdir()
    parts_db = app.extensions["baitwatch"].service.db
    parts_db.close()
    text = api.get("/metrics").get_data(as_text=True)
    assert read(text, "baitwatch_database_up") == 0
    settings.database.rmdir()
    (settings.data / "away").rename(settings.database)
    assert metrics("baitwatch_database_up") == 1


def test_a_database_of_another_form_is_not_ready(client, settings):
    assert client.get("/readyz").status_code == 200
    with closing(sqlite3.connect(settings.database)) as connection, connection:
        connection.execute("update alembic_version set version_num = '0001'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "store_unavailable")
    assert "baitwatch db upgrade" in answer.get_json()["detail"]
