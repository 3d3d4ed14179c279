"""A client of an application whose workers run, as long as it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from apiflask import APIFlask
from flask.testing import FlaskClient

from service.parts import parts


@contextmanager
def working_client(app: APIFlask, key: Mapping[str, str]) -> Iterator[FlaskClient]:
    """Start the workers, give a client with this key, and stop them."""
    with app.app_context():
        workers = parts().workers
    workers.start()
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = key["Authorization"]
    yield client
    workers.stop()
