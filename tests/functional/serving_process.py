"""The real server over a fake network and model, run as a process of its own by the tests.

Usage: serving_process.py DATA PORT. A page at https://slow.example/ takes until the file DATA/go
is there; every other address is an honest page.
"""

import sys
import time
from pathlib import Path

from model.document import parse_document
from model.judge import Judged
from model.page import Page
from model.verdict import ModelId, Verdict
from service.clock import utc_now
from service.serve import first_start, open_database, serve
from service.settings import Settings
from service.steps import Steps, steps_here

MODEL = ModelId("test-1", "0123456789ab")


def fake_steps(settings: Settings) -> Steps:
    def fetch(url: str) -> Page:
        with (settings.data / "fetched").open("a") as log:
            log.write(f"{url}\n")
        while url == "https://slow.example/" and not (settings.data / "go").exists():
            time.sleep(0.02)
        return Page.from_html("<p>Honest words.</p>", url)

    def judge(page: Page) -> Judged:
        return Judged(Verdict("clean", 0.0625, MODEL), parse_document(page))

    life = settings.verdict_life
    return steps_here(fetch, judge, lambda: MODEL, life, utc_now)


if __name__ == "__main__":
    settings = Settings(data=Path(sys.argv[1]))
    made = first_start(open_database(settings))

    def greet() -> None:
        sys.stdout.write(f"{made.key if made else ''}\n")
        sys.stdout.flush()

    serve(settings, fake_steps(settings), "127.0.0.1", int(sys.argv[2]), greet)
