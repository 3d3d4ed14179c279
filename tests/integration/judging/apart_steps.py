"""Steps that go well or badly; nurseries import them by name."""

import os
import signal
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from child_jobs import stick

from model.document import parse_document
from model.judge import Judged
from model.page import Page, Redirect
from model.verdict import Evidence, ModelId, Verdict
from service.errors import ServiceError
from service.snapshots import pack_page
from service.steps import steps_here

HOPS = (Redirect("https://short.example/1", 302), Redirect("https://short.example/2", 301))
MODEL = ModelId("fake", "0123456789ab")
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def judge(page):
    document = parse_document(page)
    text = document.text
    if "stick" in text:
        stick()
    if "crash" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "hoard" in text:
        bytearray(2**31)
    if "wait" in text:
        time.sleep(2)
    quote = Evidence("text", text, None, 0, len(text))
    return Judged(Verdict("bait", 0.1 + 0.2, MODEL, "streaming", evidence=(quote,)), document)


def fetch(url, tell=lambda url, redirects: None):
    """Bring what is written in the address, by way of the hops where it asks for them."""
    words = url.rpartition("/")[2]
    hops = HOPS if "hops" in words else ()
    for count in range(len(hops)):
        tell((*(hop.url for hop in hops[1:]), url)[count], hops[: count + 1])
    if "dribble" in words:
        time.sleep(60)
    page = Page.from_html(f"<p>{words}</p>", url)
    return replace(page, redirects=hops)


@dataclass(frozen=True)
class LoadLiar:
    """Loads steps whose scans bring a page under another page's name."""

    def __call__(self):
        steps = LoadSteps()()

        def scan(asked, tell):
            finding, reading = steps.scan(asked, tell)
            other = pack_page(Page.from_html("<p>another"))
            return finding, replace(
                reading, snapshot=replace(reading.snapshot, digest=other.digest)
            )

        return replace(steps, scan=scan)


@dataclass(frozen=True)
class LoadSteps:
    """Loads steps that fetch what is written in the address itself."""

    refused: str = ""

    def __call__(self):
        if self.refused:
            raise ServiceError(self.refused)
        return steps_here(
            fetch=fetch,
            judge=judge,
            model=lambda: MODEL,
            life=lambda verdict: timedelta(hours=1),
            now=lambda: NOON,
        )
