"""Submitting as a person meets it: results come in by themselves, with scripts and without."""

from __future__ import annotations

import pytest
from desk import open_forms, sign_in
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ADDRESSES = "http://127.0.0.1/\nnot-an-address.example/x\nhttp://10.0.0.1/\nhttp://192.168.0.1/page"


@pytest.fixture(params=[True, False], ids=["scripts on", "scripts off"])
def tab(request, browser, desk):
    with browser.new_context(java_script_enabled=request.param) as context:
        page = context.new_page()
        sign_in(page, desk)
        yield page


def test_results_come_in_by_themselves_and_the_pages_wait_in_the_queue(tab):
    open_forms(tab)
    tab.get_by_label("Addresses, or a message that holds some").fill(ADDRESSES)
    tab.get_by_role("button", name="Submit", exact=True).click()
    expect(tab.get_by_text("4 of 4 are done.")).to_be_visible()
    expect(tab.get_by_role("row").filter(has_text="10[.]0[.]0[.]1")).to_contain_text("Not judged")
    expect(tab.get_by_role("row").filter(has_text="not-an-address")).to_contain_text("no scheme")
    tab.get_by_role("link", name="Queue", exact=True).click()
    expect(tab.get_by_role("row").filter(has_text="192[.]168[.]0[.]1").first).to_be_visible()


def test_a_bookmark_fills_the_form_and_sends_nothing(tab, desk):
    tab.goto(f"{desk.address}/submit?url=https%3A%2F%2Ffilms.example%2Fx%3Fa%3D1")
    field = tab.get_by_label("Addresses, or a message that holds some")
    expect(field).to_have_value("https://films.example/x?a=1")


def test_the_queue_counts_by_itself_where_scripts_run(browser, desk):
    with browser.new_context() as context:
        looking, sending = context.new_page(), context.new_page()
        sign_in(looking, desk)
        later = looking.get_by_role("link", name="Later")
        before = int(later.inner_text().split()[-1])
        sending.goto(f"{desk.address}/submit?url=http%3A%2F%2F172.16.0.1%2F{before}")
        sending.get_by_role("button", name="Submit", exact=True).click()
        expect(later).to_contain_text(str(before + 1))
