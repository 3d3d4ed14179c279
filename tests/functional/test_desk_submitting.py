"""Submitting at the desk: pasted, uploaded, by bookmark; progress as it comes in; files to keep."""

import csv
import html
import io
import json
import re
import time

import pytest
from at_desk import seat

ARTICLE = "<title>Quiet</title><p>The keeper walks along the shore every evening of the winter."
BAIT = "<title>Loud</title><p>To see the whole film for nothing, press the button at the end."
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def pages(world):
    """Six pages that can be fetched."""
    made = {f"https://n{n}.example/page": (BAIT if n % 2 else ARTICLE) for n in range(6)}
    world.pages.update(made)
    return list(made)


@pytest.fixture
def ann(app, db):
    return seat(app, db, "reporter", "ann")


@pytest.fixture
def mod(app, db):
    return seat(app, db, "moderator", "mod")


def submit(visitor, text, **more):
    answer = visitor.post("/submit", addresses=text, **more)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert re.fullmatch(r"/submissions/\d+", answer.location)
    return answer.location


def told(page):
    """List what a page of a submission says of each address."""
    row = r'class="address">\s*(.*?)\s*</th>.*?<span class="tone-(\w+)">'
    rows = re.findall(row, page, re.DOTALL)
    return [(html.unescape(re.sub("<[^>]*>", "", address)), tone) for address, tone in rows]


def finished(visitor, path, patience=60):
    """Look at a submission, as a browser that renews it would, until all is done."""
    until = time.monotonic() + patience
    while 'http-equiv="refresh"' in (page := visitor.get(path)):
        assert time.monotonic() < until, page
        time.sleep(0.05)
    return page


def test_pasted_addresses_are_checked_and_each_is_told(ann, pages):
    path = submit(ann, "\n".join(pages), note=f"from a mail {EVIL}")
    page = finished(ann, path)
    assert "6 of 6 are done." in page
    assert told(page) == [
        (f"hxxps://n{n}[.]example/page", "bait" if n % 2 else "clean") for n in range(6)
    ]
    assert EVIL not in page
    assert html.escape(EVIL) in page


def test_progress_is_shown_as_results_come_in_without_scripts_and_with(ann, pages, world):
    world.gate.clear()
    path = submit(ann, "\n".join(pages))
    page = ann.get(path)
    assert "0 of 6 are done." in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'hx-get="{path}/progress"' in page
    assert f'hx-get="{path}/progress"' in ann.get(f"{path}/progress")
    world.gate.set()
    page = finished(ann, path)
    assert "hx-get" not in page
    assert "6 of 6 are done." in ann.get(f"{path}/progress")


def test_a_bad_line_is_said_and_stops_nothing(ann, pages):
    path = submit(ann, f"{pages[0]}\nnot-an-address.example/{EVIL}\n{pages[1]}")
    page = finished(ann, path)
    assert "3 of 3 are done." in page
    assert "1 is not an address." in page
    assert [tone for _, tone in told(page)] == ["clean", "unknown", "bait"]
    assert "The address has no scheme" in page
    assert EVIL not in page


def test_a_whole_message_may_be_pasted(ann, pages):
    path = submit(ann, f"Hello,\nlook at {pages[0]}, and (at) hxxps://n1[.]example/page!\nBye")
    assert len(told(finished(ann, path))) == 2


def test_an_address_that_cannot_be_fetched_says_why(ann):
    page = finished(ann, submit(ann, "https://away.example/"))
    assert "The host name could not be resolved." in page


def upload(visitor, content, name="list.csv"):
    return visitor.post("/submit", file=(io.BytesIO(content), name))


def test_a_table_is_read_by_the_name_of_its_column(ann, pages):
    lines = [f"{n},{url}" for n, url in enumerate(pages)]
    answer = upload(ann, "\n".join(["id,URL", *lines]).encode(), name=f"{EVIL}.csv")
    page = finished(ann, answer.location)
    assert len(told(page)) == 6
    assert EVIL not in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no address in this"),
        ("only words here", "no address in this"),
        ("\n".join(f"https://a.example/{n}" for n in range(501)), "At most 500"),
        ("x" * 1_000_001, "characters"),
    ],
)
def test_what_cannot_be_submitted_is_said_in_the_form_with_what_was_typed(ann, text, said):
    answer = ann.post("/submit", addresses=text, note="keep me")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert said in html.unescape(page)
    assert 'value="keep me"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("content", [b"name\nx", b"\xff\xfe\x00", b'url\n"' + b"x" * 200_000])
def test_a_file_that_is_no_table_of_addresses_is_said(ann, content):
    assert upload(ann, content).status_code == 400


@pytest.mark.parametrize("text", ["https://a.example/\0", "\x0b\x0c", "https://\ud800.example/x"])
def test_no_pasted_signs_break_the_desk(ann, text):
    sent = text.encode("utf-8", "surrogatepass")
    assert ann.post("/submit", addresses=sent, note="a\0b").status_code in {303, 400}


def test_a_bookmark_only_fills_in_the_form(ann, db, world):
    page = ann.get(f"/submit?url=https://a.example/{EVIL}")
    assert f"https://a.example/{html.escape(EVIL)}</textarea>" in page
    assert EVIL not in page
    assert world.fetched == []
    page = html.unescape(ann.get("/bookmarklet"))
    assert "javascript:location.href='http://localhost/submit?url='" in page
    assert 'href="javascript:' not in page


def test_one_account_submits_only_so_much_a_minute(app, db, world):
    ann, bob = seat(app, db, "reporter", "ann"), seat(app, db, "reporter", "bob")
    lines = [f"https://{n}.invalid/" for n in range(500)]
    codes = [ann.post("/submit", addresses="\n".join(lines)).status_code for _ in range(5)]
    assert codes == [303] * 4 + [429]
    assert bob.post("/submit", addresses=lines[0]).status_code == 303
    world.pass_time(minutes=2)
    assert ann.post("/submit", addresses=lines[0]).status_code == 303


def test_a_reporter_sees_their_own_submissions_and_a_moderator_all(app, db, ann, mod, pages):
    path = submit(ann, pages[0])
    finished(ann, path)
    bob = seat(app, db, "reporter", "bob")
    number = path.rpartition("/")[2]
    for other in (path, f"{path}/progress", f"/export{path}.csv"):
        assert bob.ask(other).status_code == 404
        assert mod.ask(other).status_code == 200
    assert f'href="{path}"' in ann.get("/submit")
    assert f'href="{path}"' not in bob.get("/submit")
    assert "/cases/" not in ann.get(path)
    assert "/cases/" in mod.get(path)
    assert f"Submission {number}" in mod.get(path)


def test_a_long_submission_is_shown_page_by_page(ann):
    path = submit(ann, "\n".join(f"bad{n}.example/x" for n in range(250)))
    seen = []
    while path:
        page = ann.get(path)
        seen += [address for address, _ in told(page)]
        following = re.search(r'rel="next" href="([^"]*)"', page)
        path = html.unescape(following[1]) if following else None
    assert seen == [f"bad{n}.example/x" for n in range(250)]


@pytest.mark.parametrize("after", ["-1", "x", "99999999999999999999", "\u0663"])
def test_a_strange_place_in_a_submission_is_its_start(ann, after):
    path = submit(ann, "bad.example/x")
    assert told(ann.ask(f"{path}?after={after}").get_data(as_text=True))


def test_a_submission_that_is_not_there_is_not_found(ann):
    assert ann.ask("/submissions/7").status_code == 404


def read_csv(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def test_what_became_of_a_submission_comes_out_as_csv_and_goes_in_again(ann, api, pages):
    path = submit(ann, f"{pages[0]}\n{pages[1]}\n=cmd.example/x")
    finished(ann, path)
    api.post("/v1/decisions", json={"url": pages[0], "ruling": "bait", "scope": "page"})
    answer = ann.ask(f"/export{path}.csv")
    rows = read_csv(answer)
    assert [
        (row["canonical_url"], row["verdict"], row["ruling"], row["state"]) for row in rows
    ] == [
        (pages[0], "clean", "bait", "done"),
        (pages[1], "bait", "", "done"),
        ("", "", "", "refused"),
    ]
    assert rows[2]["url"] == "'=cmd.example/x"
    again = upload(ann, answer.get_data())
    assert again.status_code == 303


def test_the_queue_comes_out_as_csv_as_it_is_filtered(mod, api, world, pages):
    world.pages["https://eq.example/"] = "<title>=HYPERLINK(1)</title><p>A page about a bridge."
    for url in [*pages, "https://eq.example/"]:
        api.post("/v1/check", json={"url": url})
        api.post("/v1/reports", json={"url": url, "says": "not_bait"})
    rows = read_csv(mod.ask("/export/queue.csv"))
    assert {row["url"] for row in rows} == {*pages, "https://eq.example/"}
    (row,) = read_csv(mod.ask("/export/queue.csv?host=eq.example"))
    assert (row["title"], row["verdict"], row["reports"]) == ("'=HYPERLINK(1)", "clean", "1")


def test_rulings_come_out_as_labelled_pages_for_a_lead(app, db, api, pages):
    lead = seat(app, db, "lead")
    api.post("/v1/check", json={"url": pages[1]})
    api.post("/v1/decisions", json={"url": pages[1], "ruling": "bait", "scope": "page"})
    answer = lead.ask("/export/labels.jsonl")
    (label,) = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert (label["label"], label["url"]) == ("bait", pages[1])
    assert "press the button" in label["html"]


def test_submissions_and_exports_are_in_the_audit_log(ann, mod, pages):
    path = submit(ann, pages[0])
    mod.ask(f"/export{path}.csv")
    mod.ask("/export/queue.csv")
    log = mod.get("/audit")
    for word in ("submit", "export", "queue"):
        assert word in log


def test_submitted_pages_wait_in_the_queue_once_they_are_checked(ann, mod, pages):
    finished(ann, submit(ann, "\n".join(pages)))
    page = mod.get("/queue?reporter=ann")
    # Pages of one text make one case, named after the one that was checked first.
    assert re.search(r"n[024]\[\.\]example", page)
    assert re.search(r"n[135]\[\.\]example", page)
    assert "Loud" in page
