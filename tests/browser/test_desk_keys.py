"""The desk by keys: what they press, when they are left alone, and how they are bound otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk import PATIENCE
from everyday import everyday_pages, judge
from furnished import FurnishedDesk, await_keys, furnished_desk, sign_in_as
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def desk_of_reports(tmp_path_factory) -> Iterator[FurnishedDesk]:
    """Serve a desk with a case for each page, since somebody says so of each."""
    pages = everyday_pages()
    with furnished_desk(tmp_path_factory.mktemp("keys"), pages, judge) as desk:
        for url in pages:
            desk.check(url)
            desk.report(url, "not_bait")
        yield desk


@pytest.fixture
def tab(request, browser, desk_of_reports):
    desk = desk_of_reports
    name = request.node.name[-40:]
    desk.seat(name, "lead")
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        sign_in_as(page, desk, name)
        expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
        await_keys(page)
        yield page


def open_first_case(tab):
    tab.keyboard.press("j")
    with tab.expect_navigation():
        tab.keyboard.press("o")
    expect(tab.get_by_role("heading", name="Your ruling")).to_be_visible()
    await_keys(tab)


def where(tab) -> str:
    return tab.url.rpartition("/")[2].partition("?")[0]


def test_keys_walk_the_queue_and_the_cases(tab):
    tab.keyboard.press("j")
    expect(tab.locator("[data-row]").nth(0).get_by_role("link")).to_be_focused()
    tab.keyboard.press("j")
    expect(tab.locator("[data-row]").nth(1).get_by_role("link")).to_be_focused()
    tab.keyboard.press("k")
    tab.keyboard.press("v")
    expect(tab.locator("[data-row]").nth(0).get_by_role("checkbox")).to_be_checked()
    open_first_case(tab)
    first = where(tab)
    for key in "jk":
        with tab.expect_navigation():
            tab.keyboard.press(key)
        await_keys(tab)
    assert where(tab) == first


def test_keys_go_from_mark_to_mark(tab):
    tab.goto(f"{tab.url}?verdict=bait")
    await_keys(tab)
    open_first_case(tab)
    marks = tab.locator("mark")
    tab.keyboard.press(".")
    expect(marks.first).to_be_focused()
    expect(marks.first).to_be_in_viewport()
    tab.keyboard.press(",")
    expect(marks.first).to_be_focused()


def test_keys_are_left_alone_while_somebody_types_or_holds_another(tab):
    open_first_case(tab)
    address = tab.url
    tab.keyboard.press("m")
    tab.keyboard.type("bnxj?")
    expect(tab.get_by_label("Note")).to_have_value("bnxj?")
    tab.get_by_role("heading", level=1).click()
    for held in ("Control", "Meta", "Alt"):
        tab.keyboard.press(f"{held}+b")
    tab.keyboard.press("r")
    expect(tab.get_by_label("Reason")).to_be_focused()
    tab.keyboard.press("b")
    assert tab.url == address
    expect(tab.get_by_role("heading", name="Your ruling")).to_be_visible()


def test_the_keys_are_shown_by_one_and_closed_by_escape(tab):
    tab.keyboard.press("?")
    shown = tab.get_by_role("dialog", name="Keys")
    expect(shown).to_contain_text("Rule: not bait")
    tab.keyboard.press("Escape")
    expect(shown).to_be_hidden()


def test_a_search_is_begun_by_a_key(tab):
    tab.keyboard.press("/")
    expect(tab.get_by_label("Title, host or address")).to_be_focused()


def test_what_a_ruling_would_cover_is_told_when_its_scope_is_chosen(tab):
    open_first_case(tab)
    tab.keyboard.press("3")
    expect(tab.locator("#preview")).to_contain_text("This covers 1 known address.")
    expect(tab.locator("#preview")).to_contain_text("hxxps://")
    expect(tab.get_by_role("radio", name="Every address of")).to_be_checked()


def test_a_key_that_is_bound_otherwise_does_what_it_is_bound_to(tab):
    for key in "ga":
        tab.keyboard.press(key)
    expect(tab.get_by_role("heading", name="Keys", exact=True).first).to_be_visible()
    await_keys(tab)
    tab.locator("#key_help").fill("+")
    tab.get_by_role("button", name="Keep these keys").click()
    expect(tab.get_by_role("status")).not_to_be_empty()
    await_keys(tab)
    tab.keyboard.press("?")
    shown = tab.get_by_role("dialog", name="Keys")
    expect(shown).to_be_hidden()
    tab.keyboard.press("+")
    expect(shown).to_be_visible()
