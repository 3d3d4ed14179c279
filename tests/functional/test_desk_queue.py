"""The queue: what waits, in which order, for whom; filters, search, claims, saved views."""

import html
import re

import pytest
from at_desk import seat

from model.url import canonicalize_url
from service.store.audit import Actor
from service.store.cases import case_of_page
from service.store.reports import record_report

EVIL = "<script>alert(1)</script>"


def article(title, words):
    """Write a page of which every run of words is its own."""
    more = " ".join(f"{word}{n}" for n in range(20) for word in words.split())
    return f"<html lang=en><title>{title}</title><p>{words}. {more}"


@pytest.fixture
def ann(app, db):
    return seat(app, db, "moderator", "ann")


@pytest.fixture
def bob(app, db):
    return seat(app, db, "moderator", "bob")


@pytest.fixture
def report(api, world):
    """Have pages judged, then reported; return the number of each one's case."""

    def made(pages, says="bait", times=1):
        world.pages.update(pages)
        for url in pages:
            assert api.post("/v1/check", json={"url": url}).status_code == 200
            for _ in range(times):
                assert api.post("/v1/reports", json={"url": url, "says": says}).status_code == 201

    return made


def titles(page):
    """List the cases that a page of the queue shows, in order."""
    found = re.findall(r'data-key="open">([^<]*)</a>', page)
    return [html.unescape(title) for title in found]


def test_reported_pages_wait_in_the_queue_the_most_urgent_first(ann, report):
    report({"https://calm.example/": article("Calm", "A quiet walk")}, says="not_bait")
    report({"https://urgent.example/": article("Urgent", "A loud parade")}, times=3)
    assert titles(ann.get("/queue")) == ["Urgent", "Calm"]


def test_nothing_waits_in_an_empty_queue_and_it_says_so(ann):
    page = ann.get("/queue")
    assert titles(page) == []
    assert "Nothing waits." in page


def test_near_copies_are_one_case(ann, report):
    report(
        {
            "https://one.example/": article("Film", "The keeper walks along the shore"),
            "https://two.example/": article("Film", "The keeper walks along the shore"),
        }
    )
    page = ann.get("/queue")
    assert titles(page) == ["Film"]
    assert '<td data-name="Pages">2</td>' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=walk", []),
        ("q=quiet+calm", ["Quiet"]),
        ("q=LOUD.example", ["Loud"]),
        ("q=nothing", []),
        ("q=%25", []),
        ("verdict=clean", ["Quiet"]),
        ("verdict=bait", ["Loud"]),
        ("lure=streaming", ["Loud"]),
        ("lure=download", []),
        ("host=example", ["Loud", "Quiet"]),
        ("host=loud.example", ["Loud"]),
        ("host=oud.example", []),
        ("lang=en", ["Loud", "Quiet"]),
        ("lang=de", []),
        ("age=hour", ["Loud", "Quiet"]),
        ("age=older", []),
        ("reporter=tests", ["Loud", "Quiet"]),
        ("reporter=nobody", []),
        ("held=nobody", ["Loud", "Quiet"]),
        ("held=me", []),
        ("held=others", []),
        ("disagrees=1", ["Quiet"]),
        ("second=1", []),
        ("state=closed", []),
        ("band=soon", ["Loud", "Quiet"]),
        ("verdict=%3Cscript%3E&band=x&age=x&held=x&after=x", ["Loud", "Quiet"]),
        ("q=%00&host=%00", ["Loud", "Quiet"]),
        ("reporter=%ED%A0%80", []),
    ],
)
def test_filters_leave_only_what_is_asked_for(ann, report, query, found):
    report(
        {
            "https://loud.example/": article("Loud", "To see it press the button"),
            "https://quiet.example/calm": article("Quiet", "A calm stroll"),
        }
    )
    assert sorted(titles(ann.get(f"/queue?{query}"))) == found


def test_age_counts_from_when_a_case_was_opened(ann, report, world):
    report({"https://a.example/": article("Old", "A quiet walk")})
    world.pass_time(days=6)
    ann.sign_in()
    assert titles(ann.get("/queue?age=week")) == ["Old"]
    assert titles(ann.get("/queue?age=day")) == []
    world.pass_time(days=2)
    ann.sign_in()
    assert titles(ann.get("/queue?age=older")) == ["Old"]


def test_a_long_queue_is_shown_page_by_page_without_gaps_or_doubles(ann, db, world):
    for number in range(120):
        url = canonicalize_url(f"https://n{number}.example/")
        record_report(db, url, "bait", None, Actor("tests", world.now))
    seen, path, pages = [], "/queue", 0
    while path:
        page = ann.get(path)
        pages += 1
        seen += re.findall(r'<div class="address">(n\d+)\[', page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        path = html.unescape(following[1]) if following else None
    assert seen == [f"n{number}" for number in range(120)]
    assert pages == 3


def test_counts_are_given_by_band_for_the_open_queue_to_ask_again(ann, report):
    report({"https://a.example/": article("Calm", "A quiet walk")}, says="not_bait")
    fragment = ann.get("/queue/counts")
    assert re.findall(r"<a [^>]*>(\w+) <strong>(\d+)</strong>", fragment) == [
        ("Now", "0"),
        ("Soon", "0"),
        ("Later", "1"),
    ]
    assert 'hx-get="/queue/counts"' in ann.get("/queue")


def test_what_an_open_page_asks_by_itself_keeps_no_session_alive(ann, world):
    for path in ("/queue/counts", "/submissions/1/progress"):
        assert "Set-Cookie" not in ann.ask(path).headers
    assert "Set-Cookie" in ann.ask("/queue").headers


def case_number(db, url):
    with db.read() as connection:
        return case_of_page(connection, url)


def test_two_people_do_not_work_on_one_case(ann, bob, report, db, world):
    report({"https://a.example/": article("Film", "A quiet walk")})
    number = case_number(db, "https://a.example/")
    assert ann.post(f"/cases/{number}/claim").location == f"/cases/{number}"
    assert "ann" in bob.get("/queue?held=others")
    bob.post(f"/cases/{number}/claim")
    assert "Somebody else works on this case" in bob.get("/queue")
    assert titles(ann.get("/queue?held=me")) == ["Film"]
    world.pass_time(minutes=16)
    assert titles(ann.get("/queue?held=nobody")) == ["Film"]
    bob.post(f"/cases/{number}/claim")
    assert titles(bob.get("/queue?held=me")) == ["Film"]
    bob.post(f"/cases/{number}/release")
    assert titles(ann.get("/queue?held=nobody")) == ["Film"]


def test_the_next_free_case_of_the_filters_is_taken(ann, bob, report, db):
    report({"https://a.example/": article("First", "A quiet walk")}, times=3)
    report({"https://b.example/": article("Second", "A loud parade")})
    first = case_number(db, "https://a.example/")
    second = case_number(db, "https://b.example/")
    assert ann.post("/queue/next", host="b.example").location == f"/cases/{second}?host=b.example"
    assert bob.post("/queue/next").location == f"/cases/{first}"
    # What one holds oneself comes again, so that it is not lost.
    assert bob.post("/queue/next").location == f"/cases/{first}"


def test_a_view_is_saved_shown_replaced_and_forgotten_by_its_owner_alone(ann, bob):
    ann.post("/queue/views", name=f"Mine {EVIL}", verdict="bait", host="a.example", junk="x")
    page = ann.get("/queue")
    assert EVIL not in page
    assert 'href="/queue?verdict=bait&amp;host=a.example"' in page
    ann.post("/queue/views", name=f"Mine {EVIL}", verdict="clean")
    page = ann.get("/queue")
    assert 'href="/queue?verdict=clean"' in page
    assert "verdict=bait&amp;host" not in page
    gone = re.search(r'action="(/queue/views/\d+/delete)"', page)[1]
    assert "/delete" not in bob.get("/queue")
    assert bob.post(gone).status_code == 404
    assert ann.post(gone).status_code == 303
    assert "/delete" not in ann.get("/queue")


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "\0"])
def test_a_view_without_a_usable_name_is_refused(ann, name):
    assert ann.post("/queue/views", name=name, verdict="bait").status_code == 400


def test_decided_cases_are_listed_apart(ann, api, report):
    report({"https://a.example/": article("Film", "A quiet walk")})
    ruling = {"url": "https://a.example/", "ruling": "bait", "scope": "page"}
    assert api.post("/v1/decisions", json=ruling).status_code == 201
    assert titles(ann.get("/queue")) == []
    page = ann.get("/queue?state=closed")
    assert titles(page) == ["Film"]
    assert "Ruled bait" in page


def test_what_strangers_wrote_is_shown_as_text_and_no_address_is_a_link(ann, report):
    url = canonicalize_url(f"https://evil.example/{EVIL}").href
    report({url: article(f"&lt;b&gt;{html.escape(EVIL)}", "A walk")})
    page = ann.get(f"/queue?q={EVIL}&host={EVIL}&reporter={EVIL}")
    assert EVIL not in page
    page = ann.get("/queue")
    assert titles(page) == [f"<b>{EVIL}"]
    assert EVIL not in page
    assert "https://evil.example" not in page
    assert "evil[.]example" in page


@pytest.mark.parametrize("number", ["0", "2147483647", "99999999999999999999"])
@pytest.mark.parametrize("act", ["claim", "release"])
def test_a_case_that_is_not_there_breaks_nothing(ann, number, act):
    assert ann.post(f"/cases/{number}/{act}").status_code in {303, 404}
