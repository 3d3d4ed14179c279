"""The desk for everybody: axe finds nothing in either theme, nothing scrolls sideways at 360 px."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from everyday import everyday_desk
from furnished import PASSWORD, sign_in_as
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (rules) => {
    const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
    return found.violations.map(one => one.id + ": " + one.nodes.map(node =>
        node.target.join(" ") + " " + (node.any[0] ?? node.all[0] ?? node.none[0])?.message
    ).slice(0, 3).join(" | "));
}"""


@pytest.fixture(scope="module")
def desk(browser, tmp_path_factory):
    with everyday_desk(tmp_path_factory.mktemp("everyday")) as desk:
        yield desk


@pytest.fixture(scope="module")
def session(browser, desk):
    """What a signed-in browser holds, so that not every test has to sign in."""
    with browser.new_context() as context:
        sign_in_as(context.new_page(), desk, "ada")
        yield context.storage_state()


@pytest.fixture(params=["light", "dark"])
def themed(request, browser, desk, session):
    """A tab in a theme, which the system asks for."""
    with browser.new_context(storage_state=session, color_scheme=request.param) as context:
        yield context.new_page()


def submitted(tab, desk):
    tab.goto(f"{desk.address}/submit")
    lines = "https://films.example/0/article\nhttps://nowhere.example/\nnot an address.x y"
    tab.locator("#addresses").fill(lines)
    tab.locator("form:has(#addresses) button").first.click()
    tab.wait_for_url("**/submissions/*")


def first_case(tab, desk):
    tab.goto(f"{desk.address}/queue")
    tab.locator('main a[href^="/cases/"]').first.click()
    tab.wait_for_url("**/cases/*")


def judged(tab, desk):
    tab.goto(f"{desk.address}/submit")
    tab.locator("#content").fill("Some words of an honest letter.")
    tab.locator("form:has(#content) button").first.click()
    expect(tab.get_by_role("heading", level=1)).to_be_visible()


def new_key(tab, desk):
    tab.goto(f"{desk.address}/keys")
    tab.get_by_label("Name").fill("a program")
    tab.locator("#scope-check").check()
    tab.get_by_role("button", name="Make the key").click()
    expect(tab.locator("#key")).to_be_visible()


def invited(tab, desk):
    tab.goto(f"{desk.address}/people")
    tab.locator("tr", has_text="otto").get_by_role("button", name="New password link").click()
    expect(tab.locator("#link")).to_be_visible()


def welcomed(tab, desk):
    invited(tab, desk)
    tab.goto(tab.locator("#link").inner_text())


def refused(tab, desk):
    tab.goto(f"{desk.address}/account")
    tab.locator("#current").fill("not it")
    for name in ("#password", "#again"):
        tab.locator(name).fill("another long enough word")
    tab.get_by_role("button", name="Change the password").click()
    expect(tab.get_by_role("alert")).to_be_visible()


def told(tab, desk):
    tab.goto(f"{desk.address}/account")
    tab.get_by_role("button", name="Keep these keys").click()
    expect(tab.locator(".message")).to_be_visible()


def signing_in(tab, desk):
    tab.context.clear_cookies()
    tab.goto(f"{desk.address}/sign-in")


def opened(path):
    def open_it(tab, desk):
        tab.goto(desk.address + path)

    return open_it


PAGES = {
    "sign in": signing_in,
    "queue": opened("/queue"),
    "queue without a match": opened("/queue?text=nothing+at+all"),
    "case": first_case,
    "page": opened("/pages?url=https://walks.example/2/article"),
    "page never seen": opened("/pages?url=https://never.example/"),
    "submit": opened("/submit"),
    "submission": submitted,
    "bookmarklet": opened("/bookmarklet"),
    "judged text": judged,
    "audit": opened("/audit?action=record_decision"),
    "audit without a match": opened("/audit?host=none.example"),
    "people": opened("/people"),
    "people with a link": invited,
    "welcome": welcomed,
    "keys": opened("/keys"),
    "keys with a new one": new_key,
    "account": opened("/account"),
    "account with an error": refused,
    "account with a message": told,
    "go": opened("/go?url=https://go0.example/now"),
    "error": opened("/nothing"),
}


def arrive(name, tab, desk):
    """A page has its words before it has its styles, and is judged with them."""
    PAGES[name](tab, desk)
    tab.wait_for_load_state("load")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(themed, desk, name):
    arrive(name, themed, desk)
    themed.evaluate(AXE)
    assert themed.evaluate(RUN_AXE, RULES) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_counts_before_the_systems(browser, desk, theme):
    against = {"light": "dark", "dark": "light"}[theme]
    with browser.new_context(color_scheme=against) as context:
        tab = context.new_page()
        sign_in_as(tab, desk, "lin")
        tab.goto(f"{desk.address}/account")
        tab.get_by_label({"light": "Light", "dark": "Dark"}[theme]).check()
        with tab.expect_navigation():
            tab.get_by_role("button", name="Keep", exact=True).click()
        ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness = sum(map(int, re.findall(r"\d+", ground)[:3])) / 3
        assert (brightness > 128) == (theme == "light")
        tab.evaluate(AXE)
        assert tab.evaluate(RUN_AXE, RULES) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_at_360_px(browser, desk, session, name):
    with browser.new_context(
        storage_state=session, viewport={"width": 360, "height": 740}
    ) as context:
        tab = context.new_page()
        arrive(name, tab, desk)
        assert tab.evaluate("document.scrollingElement.scrollWidth") <= 360


@pytest.mark.parametrize("name", ["queue", "case", "submit", "audit", "people", "keys", "account"])
def test_the_focus_is_seen_on_everything_that_takes_it(themed, desk, name):
    arrive(name, themed, desk)
    places = []
    for _ in range(25):
        themed.keyboard.press("Tab")
        place, seen = themed.evaluate("""() => {
            const style = getComputedStyle(document.activeElement);
            const wide = parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none";
            return [document.activeElement.outerHTML.slice(0, 120), wide];
        }""")
        if place.startswith("<body"):
            break
        assert seen, place
        places.append(place)
    assert "skip" in places[0]
    assert len(places) > 8


@pytest.mark.parametrize("name", ["queue", "case", "submit", "audit", "people", "keys", "account"])
def test_nothing_that_is_pressed_is_smaller_than_24_px(themed, desk, name):
    arrive(name, themed, desk)
    small = themed.evaluate("""() => [...document.querySelectorAll(
        "button, input:not([type=hidden]), select, summary, nav a, a.btn")]
        .filter(element => element.checkVisibility())
        .map(element => [element.outerHTML.slice(0, 100), element.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
        .map(([text, box]) => text + " " + box.width + "x" + box.height)""")
    assert small == []


def test_nothing_moves_for_those_who_asked_for_that(browser, desk, session):
    with browser.new_context(storage_state=session, reduced_motion="reduce") as context:
        tab = context.new_page()
        tab.goto(f"{desk.address}/account")
        moving = tab.evaluate("""() => [...document.querySelectorAll("*")].filter(element => {
            const style = getComputedStyle(element);
            return parseFloat(style.transitionDuration) || style.animationName !== "none";
        }).length""")
        assert moving == 0


def test_the_main_things_work_where_no_script_runs(browser, desk):
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        sign_in_as(tab, desk, "grace")
        submitted(tab, desk)
        expect(tab.get_by_role("main")).to_contain_text("films[.]example")
        tab.goto(f"{desk.address}/account")
        tab.get_by_label("Language").select_option("de")
        tab.get_by_role("button", name="Keep", exact=True).click()
        expect(tab.locator("html")).to_have_attribute("lang", "de")
        assert PASSWORD not in tab.content()
