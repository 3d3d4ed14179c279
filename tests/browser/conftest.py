"""One served instance and one browser for all browser tests of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from desk import CHROMIUM, PATIENCE, Desk, in_ci, open_browser, serve
from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One driver a process: a second one refuses to start beside it."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if CHROMIUM is None and not in_ci():
        pytest.skip("there is no chromium on the PATH")
    assert CHROMIUM, "there is no chromium on the PATH, and in CI no browser test may be skipped"
    with open_browser(playwright) as browser:
        yield browser


@pytest.fixture(scope="session")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serve(tmp_path_factory.mktemp("desk")) as desk:
        yield desk
