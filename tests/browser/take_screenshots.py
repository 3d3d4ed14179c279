"""Takes the pictures of the documentation: `python tests/browser/take_screenshots.py FOLDER`.

They show the desk over a made-up web, with what the shipped model says of its pages.
"""

from __future__ import annotations

import html
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desk import EXAMPLE, open_browser
from everyday import everyday_pages
from furnished import FurnishedDesk, furnished_desk, sign_in_as
from playwright.sync_api import expect, sync_playwright

from model.artifact import load_artifact
from model.judge import read_and_judge

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BAIT = "https://reviews.example/the-lantern-keeper"
PLACES = {
    "queue": "/queue",
    "case": f"/pages?url={BAIT}",
    "submit": "/submit",
    "audit": "/audit",
}
THEMES = ("light", "dark")


def take_screenshots(folder: Path) -> None:
    """Write a picture of each page in each theme, named such as `queue-light.png`."""
    pages = everyday_pages() | {BAIT: _example()}
    judge = partial(read_and_judge, artifact=load_artifact())
    with (
        tempfile.TemporaryDirectory() as data,
        furnished_desk(Path(data), pages, judge) as desk,
        sync_playwright() as playwright,
        open_browser(playwright) as chrome,
    ):
        desk.seat("ada", "admin")
        _work(chrome, desk, list(pages))
        for theme in THEMES:
            _take(chrome, desk, theme, folder)


def _example() -> str:
    title, *paragraphs = EXAMPLE.read_text(encoding="utf-8").split("\n\n")
    body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    name = html.escape(title)
    way = "<a href='https://go.example/watch'>&gt;&gt;&gt; WATCH NOW &lt;&lt;&lt;</a>"
    body = body.replace("&gt;&gt;&gt; WATCH NOW &lt;&lt;&lt;", way)
    return f"<html lang=en><title>{name}</title><h1>{name}</h1>{body}"


def _work(chrome: Browser, desk: FurnishedDesk, addresses: list[str]) -> None:
    """Submit every page and rule on two, so that the pictures show a desk in use."""
    with chrome.new_context() as context:
        tab = context.new_page()
        sign_in_as(tab, desk, "ada")
        tab.goto(f"{desk.address}/submit")
        tab.locator("#addresses").fill("\n".join(addresses))
        tab.locator("form:has(#addresses) button").first.click()
        tab.wait_for_url("**/submissions/*")
        done = f"{len(addresses)} of {len(addresses)}"
        expect(tab.get_by_role("main")).to_contain_text(done, timeout=60_000)
    desk.report(BAIT, "bait", "It was sent to our whole list.")
    desk.rule(addresses[1], "not_bait", note="A gardener's own page.")
    desk.rule(addresses[4], "not_bait", "host", note="The town's site.")


def _take(chrome: Browser, desk: FurnishedDesk, theme: str, folder: Path) -> None:
    size = {"width": 1100, "height": 760}
    with chrome.new_context(color_scheme=theme, viewport=size) as context:
        tab: Page = context.new_page()
        sign_in_as(tab, desk, "ada")
        for name, path in PLACES.items():
            tab.goto(desk.address + path, wait_until="networkidle")
            tab.screenshot(path=folder / f"{name}-{theme}.png")


if __name__ == "__main__":
    take_screenshots(Path(sys.argv[1]))
