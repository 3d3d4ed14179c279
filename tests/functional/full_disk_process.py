"""A service whose disk runs full while a scan is running, and is given room again.

Usage: full_disk_process.py DATA disk|limit. DATA is a folder on a small disk of its own, or else
the kernel lets no file of this process grow meanwhile. Prints what was answered.
"""

import json
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from serving_process import fake_steps

from service.app import create_app
from service.clock import utc_now
from service.parts import parts
from service.settings import Settings
from service.store.audit import Actor
from service.store.database import Database
from service.store.keys import KEY_SCOPES, create_key


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """Take all the room there is."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    yield
    ballast.unlink()


@contextmanager
def no_room(_folder: Path) -> Iterator[None]:
    """Have every write to a file refused. Source: setrlimit(2)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


FULL = {"disk": full_disk, "limit": no_room}


def main(data: Path, way: str) -> dict[str, object]:
    settings = Settings(data=data, scan_workers=1, stop_grace=5, site_pause=0, busy_timeout=1)
    db = Database(settings.store, busy_timeout=1)
    db.upgrade()
    with db.write() as connection:
        key = create_key(connection, "tests", KEY_SCOPES, Actor("tests", utc_now()))
    app = create_app(settings, steps=fake_steps(settings), db=db)
    with app.app_context():
        workers = parts().workers
    workers.start()
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"

    def check(url):
        return client.post("/v1/check", json={"url": url, "wait": 0})

    def state(answer):
        return client.get(answer.headers["Location"]).get_json()["status"]

    def until(true):
        end = time.monotonic() + 60
        while not true() and time.monotonic() < end:
            time.sleep(0.05)

    before = check("https://slow.example/")
    until(lambda: state(before) == "running" and (data / "fetched").exists())
    (data / "go").touch()
    with FULL[way](data):
        refused = check("https://quick.example/")
        looked = client.get("/v1/lookup", query_string={"url": "https://quick.example/"})
        ready = client.get("/readyz")
        time.sleep(2)
        while_full = state(before)
    after = check("https://quick.example/")
    until(lambda: state(before) == state(after) == "done")
    told = {
        "before": before.status_code,
        "full": refused.status_code,
        "retry_after": refused.headers.get("Retry-After"),
        "look_up": looked.status_code,
        "ready": ready.status_code,
        "state_while_full": while_full,
        "after": after.status_code,
        "states": [state(before), state(after)],
        "fetched": len((data / "fetched").read_text().split()),
    }
    workers.stop()
    db.close()
    with closing(sqlite3.connect(settings.database)) as connection:
        told["integrity"] = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return told


if __name__ == "__main__":
    sys.stdout.write(f"\n{json.dumps(main(Path(sys.argv[1]), sys.argv[2]))}\n")
