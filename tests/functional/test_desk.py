"""The desk: signing in, checking an address, judging a pasted text, what is shown of a page."""

import re
from html.parser import HTMLParser

import pytest

from service.store.accounts import disable_account, set_password
from service.store.audit import Actor

URL = "https://films.example/lighthouse"
BAIT = (
    "<title>The Lighthouse</title><h1>A review</h1>"
    "<p>It is a good film &amp; a long one. To see it, press the button below, for nothing.</p>"
    '<a href="https://bad.example/go">Watch</a><p style="display:none">hidden words</p>'
)
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


class Markup(HTMLParser):
    """What a browser would make of a page: its tags, links, scripts."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


def token(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))[1]


def send(client, path, **form):
    form["csrf_token"] = token(client.get("/sign-in"))
    return client.post(path, data=form)


def sign_in(client, password, name="mod", **more):
    return send(client, "/sign-in", name=name, password=password, **more)


@pytest.fixture
def desk(client, password):
    assert sign_in(client, password).status_code == 303
    return client


@pytest.mark.parametrize("path", ["/submit", "/pages?url=https://a.example/", "/scans/0"])
def test_a_stranger_is_sent_to_sign_in_and_back_afterwards(client, password, path):
    sent = client.get(path)
    assert sent.status_code == 303
    assert sent.location.startswith("/sign-in?next=")
    back = client.get(sent.location)
    wanted = re.search(r'name="next" value="([^"]*)"', back.get_data(as_text=True))[1]
    assert sign_in(client, password, next=wanted).location == path


@pytest.mark.parametrize("path", ["/check", "/judge", "/sign-out"])
def test_a_stranger_may_post_nothing(client, path):
    assert send(client, path).status_code == 303


@pytest.mark.parametrize("path", ["/check", "/judge", "/sign-out", "/sign-in"])
def test_a_post_without_its_token_is_refused(desk, path):
    answer = desk.post(path, data={"address": URL}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "CSRF" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "word"), [("mod", "wrong"), ("nobody", "a long enough word"), ("", ""), ("m\0", "\0")]
)
def test_every_failed_sign_in_reads_the_same(client, password, name, word):
    answer = sign_in(client, word, name=name)
    assert answer.status_code == 403
    assert "do not belong together" in answer.get_data(as_text=True)


def test_a_shut_account_cannot_sign_in_and_is_out_at_once(desk, client, password, db, world):
    disable_account(db, "mod", Actor("tests", world.now))
    assert desk.get("/submit").status_code == 303
    assert sign_in(client, password).status_code == 403


def test_guessing_is_slowed_down_and_forgiven_later(client, password, world):
    for _ in range(5):
        assert sign_in(client, "wrong").status_code == 403
    refused = sign_in(client, password)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 15 * 60
    assert sign_in(client, "wrong", name="other").status_code == 403
    world.pass_time(minutes=16)
    assert sign_in(client, password).status_code == 303


def test_guessing_many_names_is_slowed_down_too(client, password):
    codes = [sign_in(client, "wrong", name=f"name{n}").status_code for n in range(31)]
    assert codes == [403] * 30 + [429]


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/\tx", "x", ""],
)
def test_signing_in_never_leads_elsewhere(client, password, target):
    assert sign_in(client, password, next=target).location == "/"


def test_signing_out_ends_every_copy_of_the_session_and_no_other(app, desk, password):
    other, copy = app.test_client(), app.test_client()
    assert sign_in(other, password).status_code == 303
    copy.set_cookie("baitwatch", desk.get_cookie("baitwatch").value)
    assert copy.get("/submit").status_code == 200
    page = desk.get("/submit")
    desk.post("/sign-out", data={"csrf_token": token(page)})
    assert desk.get("/submit").status_code == 303
    assert copy.get("/submit").status_code == 303
    assert other.get("/submit").status_code == 200


def test_a_new_password_ends_sessions(desk, db, world):
    set_password(db, "mod", "hash", Actor("tests", world.now))
    assert desk.get("/submit").status_code == 303


def test_a_session_ends_when_it_is_old(desk, world):
    world.pass_time(days=6, hours=23)
    assert desk.get("/submit").status_code == 200
    world.pass_time(hours=2)
    assert desk.get("/submit").status_code == 303


def check(desk, address, **more):
    form = {"address": address, "csrf_token": token(desk.get("/submit")), **more}
    return desk.post("/check", data=form, follow_redirects=True)


def test_checking_an_address_shows_the_verdict_in_words_with_its_evidence_marked(desk, world):
    world.pages[URL] = BAIT
    text = check(desk, URL).get_data(as_text=True)
    assert "This page is bait." in text
    assert "93.8%" in text
    assert "It promises something for nothing." in text
    assert '<mark id="mark-1" tabindex="-1">press the button</mark>' in text
    assert '<a href="#mark-1">' in text
    assert "hidden words" in text


def test_no_link_of_a_page_is_a_link_at_the_desk(desk, world):
    world.pages[URL] = BAIT
    page = check(desk, URL)
    text = page.get_data(as_text=True)
    assert "hxxps://bad[.]example/go" in text
    for tag, attributes in Markup(text).tags:
        href = attributes.get("href") or ""
        assert "example" not in href or href.startswith(("/go?url=", "/queue?", "/preview?"))
        assert "example" not in (attributes.get("src") or "")
        assert tag not in {"img", "iframe"}
        assert tag != "script" or attributes["src"].startswith("/static/desk/")
        assert not any(name.startswith("on") or name == "style" for name in attributes)


@pytest.mark.parametrize("place", ["text", "title", "link", "url", "note"])
def test_what_comes_from_outside_is_never_markup(desk, api, world, place):
    made = {
        "text": f"<p>press the button {_escaped(EVIL)}</p>",
        "title": f"<title>{_escaped(EVIL)}</title><p>press the button</p>",
        "link": f"<p>press the button <a href='https://x.example/\"><script>'>{_escaped(EVIL)}</a>",
        "url": "<p>press the button</p>",
        "note": "<p>press the button</p>",
    }[place]
    url = f"{URL}?<script>" if place == "url" else URL
    note = EVIL if place == "note" else None
    decision = {"url": URL, "ruling": "unsure", "scope": "page", "note": note}
    api.post("/v1/decisions", json=decision)
    world.pages[f"{URL}?%3Cscript%3E" if place == "url" else URL] = made
    text = check(desk, url).get_data(as_text=True)
    assert "This page is bait." in text
    found = Markup(text).tags
    assert "img" not in {tag for tag, _ in found}
    assert all(attributes.get("src") for tag, attributes in found if tag == "script")


def _escaped(text):
    return text.replace("<", "&lt;")


def test_a_pasted_text_is_judged_and_shown(desk):
    form = {"content": "A line.\nThen press the button.", "csrf_token": token(desk.get("/submit"))}
    text = desk.post("/judge", data=form).get_data(as_text=True)
    assert "This page is bait." in text
    assert ">press the button</mark>" in text


def test_pasted_markup_is_read_as_a_page(desk):
    form = {"content": f" {BAIT}", "csrf_token": token(desk.get("/submit"))}
    text = desk.post("/judge", data=form).get_data(as_text=True)
    assert "The Lighthouse" in text
    assert "&lt;h1&gt;" not in text


@pytest.mark.parametrize("content", ["", "  \n ", "\0", "\ud83d\ude00", "\u202eabc"])
def test_no_pasted_text_breaks_the_desk(desk, content):
    form = {
        "content": content.encode("utf-8", "surrogatepass"),
        "csrf_token": token(desk.get("/submit")),
    }
    assert desk.post("/judge", data=form).status_code in {200, 400}


def test_an_address_that_is_none_is_said_in_the_form_and_kept_there(desk):
    answer = check(desk, 'films<">example')
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert 'role="alert"' in text
    assert "films&lt;&#34;&gt;example" in text


def test_a_page_that_cannot_be_fetched_says_why(desk):
    text = check(desk, "https://gone.example/").get_data(as_text=True)
    assert "This page could not be judged." in text
    assert "The host name could not be resolved." in text


def test_a_decision_is_shown_over_the_machines_verdict(desk, api, world):
    world.pages[URL] = BAIT
    api.post("/v1/check", json={"url": URL})
    decision = {"url": URL, "ruling": "not_bait", "scope": "page", "note": "their own site"}
    api.post("/v1/decisions", json=decision)
    text = desk.get("/pages", query_string={"url": URL}).get_data(as_text=True)
    assert "Nothing here points to bait." in text
    assert "The machine said: This page is bait." in text
    assert "their own site" in text


def test_a_scan_on_its_way_is_shown_and_leads_to_its_page(desk, api, world):
    world.pages[URL] = BAIT
    world.gate.clear()
    scan = api.post("/v1/check", json={"url": URL, "wait": 0}).get_json()["scan"]
    waiting = desk.get(f"/scans/{scan}")
    assert waiting.status_code == 200
    assert waiting.headers["Refresh"]
    world.gate.set()
    api.post("/v1/check", json={"url": URL})
    assert desk.get(f"/scans/{scan}").location.startswith("/pages?url=")


@pytest.mark.parametrize("path", ["/scans/none", "/nothing", "/pages", "/pages?url=x"])
def test_an_error_at_the_desk_is_a_page_for_people(desk, path):
    answer = desk.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code in {400, 404}
    assert answer.mimetype == "text/html"
    assert "Back to the start" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/submit", "/pages?url=https://a.example/"])
def test_a_database_that_is_away_is_said_on_a_page(desk, db, path):
    with db.write() as connection:
        connection.exec_driver_sql("ALTER TABLE accounts RENAME TO elsewhere")
    answer = desk.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert answer.mimetype == "text/html"
    assert answer.headers["Retry-After"]
