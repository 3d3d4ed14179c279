"""The desk as a person meets it: sign in, paste a text, read the verdict and its evidence."""

from __future__ import annotations

import pytest
from desk import EXAMPLE, judge, open_forms, sign_in
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

BAIT = EXAMPLE.read_text()
HONEST = BAIT.partition("Watch the full movie")[0]

# Runs in every page before its own content, outside the page's content rules.
WATCH_RULES = """
window.brokenRules = [];
document.addEventListener("securitypolicyviolation", event =>
    window.brokenRules.push(event.effectiveDirective + " " + event.blockedURI));
"""


@pytest.fixture(params=[True, False], ids=["scripts on", "scripts off"])
def any_tab(request, browser, desk):
    with browser.new_context(java_script_enabled=request.param) as context:
        page = context.new_page()
        sign_in(page, desk)
        yield page


@pytest.fixture
def tab(browser, desk):
    with browser.new_context() as context:
        context.add_init_script(WATCH_RULES)
        yield context.new_page()


def test_bait_is_named_in_words_and_its_evidence_is_marked_in_the_text(any_tab):
    judge(any_tab, BAIT)
    expect(any_tab.get_by_role("heading", level=1)).to_have_text("This page is bait.")
    marks = any_tab.locator("mark")
    expect(marks.first).to_be_visible()
    assert "partner site" in " ".join(marks.all_inner_texts())
    quotes = any_tab.get_by_role("region", name="Evidence").locator("q").all_inner_texts()
    assert [words(mark) for mark in marks.all_inner_texts()] == [words(quote) for quote in quotes]
    expect(any_tab.get_by_role("region", name="Why").get_by_role("listitem").first).to_be_visible()


def words(shown: str) -> list[str]:
    return shown.split()


def test_the_same_article_without_its_bait_is_clean(any_tab):
    judge(any_tab, HONEST)
    expect(any_tab.get_by_role("heading", level=1)).to_have_text("Nothing here points to bait.")
    expect(any_tab.locator("mark")).to_have_count(0)


def test_a_private_address_is_refused_in_words(any_tab):
    open_forms(any_tab)
    any_tab.get_by_label("Address of the page").fill("http://127.0.0.1/")
    any_tab.get_by_role("button", name="Check the address").click()
    expect(any_tab.get_by_role("heading", level=1)).to_have_text("This page could not be judged.")
    expect(any_tab.get_by_role("main")).to_contain_text("must not be fetched")


def test_no_page_breaks_the_content_rules_or_asks_another_host(tab, desk):
    answers, complaints = [], []
    tab.on("response", lambda response: answers.append((response.status, response.url)))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    broken = []

    def look():
        tab.wait_for_load_state("networkidle")
        broken.extend(tab.evaluate("window.brokenRules"))

    tab.goto(desk.address)
    look()
    sign_in(tab, desk)
    look()
    judge(tab, BAIT)
    look()
    assert (broken, complaints) == ([], [])
    assert [url for _, url in answers if not url.startswith(f"{desk.address}/")] == []
    assert [answer for answer in answers if answer[0] >= 400] == []


def test_the_content_rules_refuse_a_script_that_got_into_a_page(tab, desk):
    tab.goto(desk.address)
    tab.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'taken over'";
        document.body.append(script);
    }""")
    assert tab.title() == "Sign in · baitwatch"
    assert tab.evaluate("window.brokenRules") == ["script-src-elem inline"]


def test_markup_in_a_text_is_shown_and_not_run(tab, desk):
    sign_in(tab, desk)
    hostile = (
        """Words <img src=x onerror="document.title='taken over'"> </textarea><script>1</script>"""
    )
    judge(tab, hostile)
    expect(tab.get_by_role("main")).to_contain_text(hostile)
    assert tab.evaluate("window.brokenRules") == []
    assert "taken over" not in tab.title()


def test_evidence_leads_to_its_mark(tab, desk):
    sign_in(tab, desk)
    judge(tab, BAIT)
    tab.get_by_role("link", name="Show in the text").first.click()
    expect(tab.locator("mark:target")).to_be_in_viewport()


def test_the_whole_way_can_be_gone_by_keyboard(tab, desk):
    sign_in(tab, desk)
    open_forms(tab)
    tab.get_by_label("Or a text, or a page's HTML source").focus()
    tab.keyboard.insert_text(HONEST)
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Judge the text")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Nothing here points to bait.")


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_scrolls_sideways(tab, desk, width):
    tab.set_viewport_size({"width": width, "height": 700})
    sign_in(tab, desk)
    judge(tab, BAIT + "\nhttps://out.example/" + "x" * 300)
    expect(tab.locator("mark").first).to_be_visible()
    tab.wait_for_load_state("load")  # a page has its words before it has its styles
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= width
