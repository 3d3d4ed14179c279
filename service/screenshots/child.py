"""The process that takes one picture: a browser behind the vetting proxy, then it is gone.

It reads a ``Job`` as JSON from standard input and writes a PNG to standard output, or ends with
another code than 0 where there is none.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from service.fetch.policy import AddressPolicy
from service.screenshots.proxy import vetting_proxy

WIDTH, HEIGHT = 1280, 1600
_MAX_BYTES = 30 * 1024 * 1024  # from the web, for one picture
_MAX_FILE = 128 * 1024 * 1024
_SETTLING = 1.0  # seconds in which a loaded page may still paint
NOTHING_CAME = 3
_ARGUMENTS = (
    # Names are the proxy's to resolve, and nothing may pass beside it.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
    "--renderer-process-limit=4",
    "--js-flags=--max-old-space-size=256",
)


@dataclass(frozen=True)
class Job:
    """What to take a picture of, with what, and within how many seconds."""

    url: str
    browser: str
    sandbox: bool
    seconds: float
    allow: tuple[tuple[str, int], ...]
    deny_hosts: tuple[str, ...]
    deny_networks: tuple[str, ...]


JOB: TypeAdapter[Job] = TypeAdapter(Job)


def main() -> None:
    """Take the picture that standard input asks for."""
    job = JOB.validate_json(sys.stdin.read())
    seconds = int(job.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_FILE, _MAX_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    policy = AddressPolicy(job.allow, job.deny_hosts, job.deny_networks)
    with vetting_proxy(policy, seconds=job.seconds, max_bytes=_MAX_BYTES) as port:
        picture = _picture(job, port)
    if picture is None:
        sys.exit(NOTHING_CAME)
    sys.stdout.buffer.write(picture)


def _picture(job: Job, port: int) -> bytes | None:
    """Load the page and return what a reader sees of its top; None where no page came."""
    from playwright.sync_api import Error, sync_playwright
    from playwright.sync_api import TimeoutError as NeverEndedError

    end = time.monotonic() + job.seconds

    def left() -> float:
        return max(1.0, (end - time.monotonic()) * 1_000)  # milliseconds

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=Path(job.browser),
            chromium_sandbox=job.sandbox,
            proxy={"server": f"http://127.0.0.1:{port}", "bypass": "<-loopback>"},
            args=list(_ARGUMENTS),
            timeout=left(),
        )
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            accept_downloads=False,
            service_workers="block",
        )
        page = context.new_page()
        try:
            page.goto(job.url, wait_until="load", timeout=left() * 0.7)
            page.wait_for_timeout(_SETTLING * 1_000)
        except NeverEndedError:
            # A page that never ends loading is shown as far as it came.
            if page.url == "about:blank":
                return None
        except Error:
            return None
        return page.screenshot(type="png", timeout=left())
