"""What strangers write is text on every page of the desk: nothing of it runs or leads away."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pytest
from furnished import MODEL, PASSWORD, furnished_desk, sign_in_as
from hostile import HOSTILE

from model.document import parse_document
from model.judge import Judged
from model.page import Page
from model.url import InvalidUrl, canonicalize_url
from model.verdict import Evidence, Reason, Verdict
from service.clock import utc_now
from service.store.audit import Actor
from service.store.keys import create_key
from service.store.views import save_view

pytestmark = pytest.mark.browser

# Runs in every page before its own content, outside the page's content rules.
WATCH = """
window.acted = [];
window.ran = () => window.acted.push("ran");
for (const name of ["alert", "confirm", "prompt", "open"])
    window[name] = () => window.acted.push(name);
document.addEventListener("securitypolicyviolation", event =>
    window.acted.push(event.effectiveDirective + " " + event.blockedURI));
"""
# What the desk's own pages never have. The chart is drawn by the desk's own script.
STRANGE = """() => {
    const own = (address) => !address || new URL(address, location).origin === location.origin;
    const foreign = new Set(("iframe object embed base style svg math video audio marquee " +
        "template img").split(" "));
    const found = [];
    for (const element of document.querySelectorAll("*")) {
        if (element.closest("#chart")) continue;
        const name = element.localName;
        if (foreign.has(name)) found.push(name);
        if (name === "script" && element.textContent) found.push("inline script");
        if (name === "meta" && element.httpEquiv) found.push("meta " + element.httpEquiv);
        for (const { name: key, value } of element.attributes)
            if (/^(on|srcdoc|style$|formaction|(data-)?hx-on)/.test(key)) found.push(key);
            // The page that warns leads to where it says, and tells nobody where from.
            else if (key === "href" && location.pathname === "/go"
                && element.rel === "noreferrer noopener nofollow") continue;
            else if (/^(href|src|action|poster|data)$/.test(key) && !own(value))
                found.push(key + " " + value);
    }
    return found;
}"""


def judge(page: Page) -> Judged:
    """Doubt every page, and rest it on all that the page says."""
    document = parse_document(page)
    quote = document.text[:400]
    evidence = [Evidence("text", quote, start=0, end=len(quote))] if quote else []
    evidence += [Evidence("link", link.text, href=link.href) for link in document.links[:5]]
    evidence += [Evidence("hidden", hidden.text) for hidden in document.hidden[:5]]
    reason = Reason("promise", "It promises something for nothing.", 2.5)
    verdict = Verdict("suspicious", 0.5, MODEL, "streaming", (reason,), tuple(evidence))
    return Judged(verdict, document)


def page_with(text: str, number: int) -> str:
    safe = html.escape(text)
    # Words of its own, so that no page is a near copy of another.
    words = " ".join(
        f"word{chr(97 + number // 26)}{chr(97 + number % 26)}" + "o" * place for place in range(12)
    )
    return (
        f"<title>{safe}</title><h1>{safe}</h1><p>{words} {safe}</p>"
        f"<p><a href='https://out{number}.example/{safe}'>{safe}</a></p>"
        f"<p><a href='javascript:{safe}'>{safe}</a></p><p style='display:none'>{safe} {words}</p>"
    )


def addresses() -> dict[str, str]:
    """Give each text a page, whose address holds it too where an address can."""
    pages = {}
    for number, text in enumerate(HOSTILE):
        place = f"https://h{number}.example/"
        url = canonicalize_url(place)
        with suppress(InvalidUrl):
            url = canonicalize_url(f"{place}{text}?{text}#{text}")
        pages[url.href] = page_with(text, number)
    return pages


def printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()[:64]


@pytest.fixture(scope="module")
def desk(browser, tmp_path_factory):
    pages = addresses()
    with furnished_desk(tmp_path_factory.mktemp("hostile"), pages, judge) as desk:
        desk.seat("admin", "admin")
        actor = Actor("tests", utc_now())
        for text in dict.fromkeys(map(printable, HOSTILE)):
            desk.seat(text, "reporter")
            with desk.db.write() as connection:
                create_key(connection, text, {"check"}, actor)
        for (url, _), text in zip(pages.items(), HOSTILE, strict=True):
            desk.check(url)
            # The API takes no NUL.
            desk.report(url, "bait", text.replace("\0", ""))
            desk.rule(url, "unsure", note=text.replace("\0", ""))
        for text in HOSTILE[:20]:
            save_view(desk.db, 1, printable(text), urlencode({"text": text}))
        yield desk


@dataclass
class Watched:
    """A tab, and all that happened in it beyond showing text."""

    tab: object
    address: str
    acted: list[str] = field(default_factory=list)
    seen: str = ""

    def __post_init__(self) -> None:
        self.tab.on("dialog", lambda dialog: (self.acted.append(dialog.type), dialog.dismiss()))
        self.tab.on("console", self._console)
        self.tab.on("pageerror", lambda error: self.acted.append(str(error)))
        self.tab.on("request", self._request)

    def _console(self, message) -> None:
        # An error page is the answer to an address that is none.
        if "Failed to load resource" not in message.text:
            self.acted.append(message.text)

    def _request(self, request) -> None:
        if not request.url.startswith((self.address + "/", "data:image/svg+xml,")):
            self.acted.append(request.url)

    def look(self, path: str = "") -> str:
        """Open a path, or look at what is open, and note what acts on it and what it says."""
        if path:
            self.tab.goto(self.address + path, wait_until="load")
        at = self.tab.url.removeprefix(self.address)
        self.acted += [f"{at[:60]}: {what}" for what in self.tab.evaluate("window.acted")]
        if not at.startswith("/bookmarklet"):
            self.acted += [f"{at[:60]}: {what}" for what in self.tab.evaluate(STRANGE)]
        said = squeezed(self.tab.evaluate("document.body.innerText + document.title"))
        self.seen += said
        return said

    def follow(self, path: str) -> Iterator[str]:
        """Look at a list's pages, one after the other."""
        self.look(path)
        yield self.tab.content()
        while (more := self.tab.locator('a[rel="next"]')).count():
            more.first.click()
            self.tab.wait_for_load_state("load")
            self.look()
            yield self.tab.content()


def squeezed(text: str) -> str:
    """Leave only what every way of showing a text keeps."""
    return re.sub(r"[^!-~]", "", text)


def missing(seen: str, texts) -> list[str]:
    return [text for text in texts if squeezed(text) not in seen]


@pytest.fixture
def watched(browser, desk):
    with browser.new_context() as context:
        context.add_init_script(WATCH)
        tab = context.new_page()
        sign_in_as(tab, desk, "admin")
        yield Watched(tab, desk.address)


def test_there_are_more_than_a_hundred_texts():
    assert len(set(HOSTILE)) >= 100


def test_titles_in_the_queue_are_text(watched):
    pages = list(watched.follow("/queue"))
    assert len(pages) > 1
    assert watched.acted == []
    assert missing(watched.seen, HOSTILE) == []


def test_a_case_shows_titles_texts_links_notes_and_reports_as_text(watched, desk):
    numbers = set()
    for content in watched.follow("/queue"):
        numbers |= set(re.findall(r'href="/cases/(\d+)', content))
    assert len(numbers) > 95
    for number in sorted(numbers, key=int):
        said = watched.look(f"/cases/{number}")
        assert "word" in said
    assert watched.acted == []
    assert missing(watched.seen, HOSTILE) == []


def test_the_log_shows_names_addresses_and_notes_as_text(watched):
    assert len(list(watched.follow("/audit"))) > 2
    assert watched.acted == []
    assert missing(watched.seen, HOSTILE) == []


def test_people_and_keys_have_names_that_are_text(watched):
    for path in ("/people", "/keys"):
        said = watched.look(path)
        assert missing(said, map(printable, HOSTILE)) == [], path
    assert watched.acted == []


@pytest.mark.parametrize(
    "path",
    [
        "/queue?text=",
        "/submit?url=",
        "/audit?by=",
        "/audit?host=",
        "/pages?url=https://x.example/",
        "/go?url=https://x.example/",
        "/sign-in?next=",
        "/nothing/",
        "/scans/",
        "/welcome/",
    ],
)
def test_what_an_address_of_the_desk_says_is_text(watched, path):
    for text in HOSTILE[::5]:
        watched.look(path + quote(text, safe=""))
    assert watched.acted == []


def test_what_is_pasted_is_text(watched):
    tab = watched.tab
    watched.look("/submit")
    lines = "\n".join(f"https://x.example/{text}" for text in HOSTILE)
    tab.get_by_label(re.compile("addresses|message", re.IGNORECASE)).first.fill(lines)
    tab.locator("#note").fill(" ".join(HOSTILE)[:1_500])
    tab.locator("form:has(#addresses) button").first.click()
    tab.wait_for_url("**/submissions/*")
    watched.look()
    for text in HOSTILE[::8]:
        watched.look("/submit")
        tab.locator("#content").fill(text)
        tab.locator("form:has(#content) button").first.click()
        tab.wait_for_load_state("load")
        watched.look()
    assert watched.acted == []


@pytest.mark.parametrize("text", HOSTILE[::6], ids=str)
def test_a_files_name_and_its_cells_are_text(watched, text):
    watched.look("/submit")
    table = "url,title\n" + "\n".join(f'"https://f.example/{each}","x"' for each in HOSTILE[:40])
    file = {
        "name": f"{text[:80]}.csv".replace("/", "_").replace("\0", ""),
        "mimeType": "text/csv",
        "buffer": table.encode(),
    }
    watched.tab.locator("#file").set_input_files(file)
    watched.tab.locator("form:has(#file) button").first.click()
    watched.tab.wait_for_load_state("load")
    watched.look()
    assert watched.acted == []
    assert "f[.]example" in watched.seen


def test_a_name_that_is_hostile_can_sign_in_and_is_text_everywhere(browser, desk):
    with browser.new_context() as context:
        context.add_init_script(WATCH)
        tab = context.new_page()
        name = printable(HOSTILE[0])
        sign_in_as(tab, desk, name)
        watched = Watched(tab, desk.address)
        for path in ("/account", "/submit", "/bookmarklet"):
            assert squeezed(name) in watched.look(path)
        assert watched.acted == []
    assert PASSWORD not in watched.seen


def test_the_watch_sees_what_runs(watched):
    """Were anything to run, these tests would say so."""
    watched.look("/account")
    watched.tab.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=ran()>");
    }""")
    watched.tab.wait_for_function("() => window.acted.length > 0", polling=100)
    watched.look()
    assert watched.acted
