"""Takes the picture of the README: `python tests/browser/take_screenshot.py PICTURE`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from desk import EXAMPLE, judge, open_browser, serve, sign_in
from playwright.sync_api import expect


def take_screenshot(picture: Path) -> None:
    """Judge the example at the desk of a fresh instance and write what a moderator sees."""
    with tempfile.TemporaryDirectory() as data, serve(Path(data)) as desk, open_browser() as chrome:
        page = chrome.new_page(viewport={"width": 760, "height": 600})
        sign_in(page, desk)
        judge(page, EXAMPLE.read_text(encoding="utf-8"))
        expect(page.locator("mark").first).to_be_visible()
        page.screenshot(path=picture, full_page=True)


if __name__ == "__main__":
    take_screenshot(Path(sys.argv[1]))
