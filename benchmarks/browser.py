"""What a real browser shows of a page: headless Chromium's innerText, scripts off, offline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab
    from playwright.sync_api import Route

_ADDRESS = "http://page.test/"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
TOKEN = re.compile(r"\w+")


class Browser(Protocol):
    """Shows one page after another."""

    def inner_text(self, body: bytes, content_type: str) -> str:
        """Return what a reader of the page sees."""


class _Chromium:
    def __init__(self, tab: Tab) -> None:
        self._tab = tab

    def inner_text(self, body: bytes, content_type: str) -> str:
        def answer(route: Route) -> None:
            if route.request.url == _ADDRESS:
                route.fulfill(status=200, headers={"content-type": content_type}, body=body)
            else:
                route.abort()

        self._tab.route("**/*", answer)
        try:
            self._tab.goto(_ADDRESS, wait_until="domcontentloaded", timeout=20_000)
            text: str = self._tab.evaluate("document.body ? document.body.innerText : ''")
        finally:
            self._tab.unroute("**/*", answer)
        return text


@contextmanager
def chromium(path: str = "/usr/bin/chromium") -> Iterator[Browser]:
    """Start Debian's Chromium with scripts off; nothing it asks for leaves the machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            context = browser.new_context(java_script_enabled=False)
            yield _Chromium(context.new_page())
        finally:
            browser.close()


def token_f1(ours: str, theirs: str) -> float:
    """Compare two texts as bags of lower-case words: 1 where they agree, 0 where none does."""
    left, right = (Counter(TOKEN.findall(text.lower())) for text in (ours, theirs))
    if not left or not right:
        return float(left == right)
    return 2 * (left & right).total() / (left.total() + right.total())
