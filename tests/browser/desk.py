"""A real instance and a real browser: `baitwatch serve` as a process, the system's Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

BAITWATCH = Path(sysconfig.get_path("scripts"), "baitwatch")
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "review-with-bait.txt"
CHROMIUM = shutil.which("chromium")
PATIENCE = 120_000  # milliseconds: a busy machine takes its time


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the desk is, and what its first start printed."""

    address: str
    password: str
    key: str


@contextmanager
def serve(data: Path) -> Iterator[Desk]:
    """Run the service over an empty data folder until the block ends.

    Raises RuntimeError with what it logged where it does not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = data / "log"
    command = [str(BAITWATCH), "serve", "--data", str(data), "--port", str(port)]
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            printed = {}
            for line in process.stdout or ():
                name, _, value = line.partition(":")
                printed[name.strip()] = value.strip()
                if "API key" in printed:
                    break
            else:
                raise RuntimeError(f"the service did not start: {log.read_text()}")
            yield Desk(f"http://127.0.0.1:{port}", printed["password"], printed["API key"])
        finally:
            process.terminate()


@contextmanager
def open_browser(playwright: Playwright) -> Iterator[Browser]:
    """Start the system's Chromium without a window."""
    arguments = ["--disable-gpu", "--no-first-run", "--disable-background-networking"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield browser
    browser.close()


def sign_in(page: Page, desk: Desk) -> None:
    """Open the desk and sign in with what the first start printed."""
    page.goto(desk.address)
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(desk.password)
    page.get_by_role("button", name="Sign in").click()


def open_forms(page: Page) -> None:
    """Go to the page where addresses and texts are sent."""
    page.get_by_role("link", name="Submit", exact=True).click()


def judge(page: Page, text: str) -> None:
    """Paste a text into its form and send it."""
    open_forms(page)
    page.get_by_label("Or a text, or a page's HTML source").fill(text)
    page.get_by_role("button", name="Judge the text").click()


def in_ci() -> bool:
    """Say whether nothing may be skipped."""
    return os.environ.get("CI") == "true"
