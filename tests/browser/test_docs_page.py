"""The API's documentation page in a real browser: it loads whole, from the service alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_page_loads_under_its_own_rules_and_asks_nobody_else(browser, desk):
    with browser.new_context() as context:
        tab = context.new_page()
        asked, complaints = [], []
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.goto(f"{desk.address}/v1/docs")
        expect(tab.get_by_role("heading", level=1)).to_have_text("HTTP API")
        tab.get_by_role("link", name="POST /v1/check", exact=True).click()
        expect(tab.get_by_role("heading", name="POST /v1/check", exact=True)).to_be_in_viewport()
        assert complaints == []
        assert all(url.startswith(desk.address) for url in asked)
