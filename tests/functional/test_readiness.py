"""GET /readyz: 200 while every part works, else 503 that names the part, and 200 again after."""

import shutil
import time
from dataclasses import replace

import pytest
from real_servers import running_redis

from service.app import create_app
from service.parts import parts


@pytest.fixture
def serve(world, db):
    """Make applications whose engines run; the data folder is not where the database is."""
    engines = []

    def make(settings, **changes):
        steps = replace(world.steps(settings), **changes)
        settings.data.mkdir(exist_ok=True)
        app = create_app(settings, steps=steps, db=db)
        with app.app_context():
            engines.append(parts().workers)
        engines[-1].start()
        return app.test_client()

    yield make
    for engine in engines:
        engine.stop()


def unready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "not_ready")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/healthz").status_code == 200
    return answer.get_json()["detail"]


def test_where_every_part_works_it_is_ready(serve, settings):
    assert serve(settings).get("/readyz").status_code == 200


def test_a_service_whose_threads_do_not_run_is_not_ready(settings, world, db):
    client = create_app(settings, steps=world.steps(settings), db=db).test_client()
    assert unready(client) == "Of 4 threads that run scans 0 are alive."


def test_a_data_folder_that_cannot_be_written_is_named_until_it_can(serve, settings, tmp_path):
    client = serve(settings.model_copy(update={"data": tmp_path / "data"}))
    shutil.rmtree(tmp_path / "data")
    assert unready(client).startswith("The data folder cannot be written")
    (tmp_path / "data").mkdir()
    assert client.get("/readyz").status_code == 200
    assert list((tmp_path / "data").iterdir()) == []


def test_every_part_that_does_not_work_is_named(serve, settings, tmp_path):
    client = serve(settings.model_copy(update={"data": tmp_path / "data"}), able=lambda: False)
    shutil.rmtree(tmp_path / "data")
    told = unready(client)
    assert "The data folder cannot be written" in told
    assert "The process that holds the model does not answer." in told


def becomes(client, status):
    until = time.monotonic() + 120
    while client.get("/readyz").status_code != status:
        assert time.monotonic() < until
        time.sleep(0.1)
    return True


def test_a_broker_that_stops_is_not_ready_until_it_answers_again(serve, settings):
    with running_redis() as broker:
        celery = {"engine": "celery", "broker_url": broker.url}
        client = serve(type(settings)(data=settings.data, stop_grace=5, **celery))
        assert becomes(client, 200)
        broker.stop()
        assert becomes(client, 503)
        assert unready(client) == "The broker does not answer."
        broker.start()
        assert becomes(client, 200)
