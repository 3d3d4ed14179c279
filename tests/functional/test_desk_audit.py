"""The desk's keys page and its log: made once, shown once, found by everything."""

import csv
import io
import re

import pytest
from at_desk import seat

from service.store.audit import Actor, record_action
from service.store.keys import every_key

URL = "https://films.example/lighthouse"


@pytest.fixture
def admin(app, db):
    return seat(app, db, "admin", "ada")


def test_a_key_is_shown_once_and_works(app, admin, db):
    made = admin.post("/keys", name="a program", scope=["lookup", "check"])
    key = re.search(r'id="key">([^<]+)<', made.get_data(as_text=True))[1]
    listed = admin.get("/keys")
    assert key not in listed
    assert "check, lookup" in listed
    client = app.test_client()
    headers = {"Authorization": f"Bearer {key}"}
    assert client.post("/v1/check", json={"url": URL}, headers=headers).status_code == 200
    assert client.get("/v1/reports", headers=headers).status_code == 403
    prefix = every_key(db)[0].prefix
    assert admin.post(f"/keys/{prefix}/revoke").status_code == 303
    assert "revoked" in admin.get("/keys")
    assert client.post("/v1/check", json={"url": URL}, headers=headers).status_code == 401


@pytest.mark.parametrize(
    "form",
    [
        {"name": "a", "scope": []},
        {"name": "a", "scope": ["check", "everything"]},
        {"name": "", "scope": ["check"]},
        {"name": "x" * 65, "scope": ["check"]},
    ],
)
def test_a_key_without_a_name_or_a_scope_is_not_made(admin, db, form):
    answer = admin.post("/keys", **form)
    assert answer.status_code == 400
    assert every_key(db) == []


def test_a_key_that_is_not_there_cannot_be_revoked(admin):
    assert admin.post("/keys/abc/revoke").status_code == 404


# --- the log


def rule(api, url=URL, ruling="bait", **more):
    decision = {"url": url, "ruling": ruling, "scope": "page", **more}
    return api.post("/v1/decisions", json=decision).get_json()["id"]


def rows(admin, **asked):
    answer = admin.client.get("/audit.csv", query_string=asked)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def actions(admin, **asked):
    return [row["action"] for row in rows(admin, **asked)]


def test_what_was_done_is_in_the_log_newest_first(admin, api, db):
    number = rule(api, note="a doorway")
    api.delete(f"/v1/decisions/{number}")
    page = admin.get("/audit")
    assert page.index("took a ruling back") < page.index('<td data-name="Did what">ruled</td>')
    assert "hxxps://films[.]example/lighthouse" in page
    assert "a doorway" in page
    assert actions(admin)[:2] == ["revoke_decision", "record_decision"]
    assert rows(admin)[1]["address"] == URL


def test_the_log_is_filtered_by_person_host_actions_and_days(admin, api, world):
    rule(api)
    rule(api, "https://b.films.example/x")
    world.pass_time(days=1)
    admin.sign_in()
    rule(api, ruling="not_bait")
    assert actions(admin, host="films.example") == ["record_decision"] * 2
    assert actions(admin, host=" Films.Example. ", until="2026-03-01") == ["record_decision"]
    assert actions(admin, by="ada") == ["sign_in", "sign_in"]
    assert actions(admin, since="2026-03-02") == ["record_decision", "sign_in"]
    assert set(actions(admin, action=["sign_in", "create_key"])) == {"sign_in", "create_key"}
    assert actions(admin, by="nobody") == []


@pytest.mark.parametrize(
    "asked", ["since=x&until=2026-13-01", "before=x", "before=-1", "before=" + "9" * 40, "action="]
)
def test_a_filter_that_makes_no_sense_filters_nothing(admin, asked):
    assert admin.get(f"/audit?{asked}").count("signed in") >= 1


def test_a_filter_with_no_match_says_so(admin):
    assert "Nothing in the log is like this" in admin.get("/audit?host=none.example")


def test_a_long_log_comes_in_pages_that_follow_each_other(admin, db, world):
    with db.write() as connection:
        for number in range(120):
            record_action(connection, Actor("loop", world.now), "promote_model", f"v{number}!")
    seen, path = [], "/audit?action=promote_model"
    while path:
        page = admin.get(path)
        seen += re.findall(r"v(\d+)!", page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        path = older and older[1].replace("&amp;", "&")
    assert seen == [str(number) for number in reversed(range(120))]
    assert len(actions(admin, action="promote_model")) == 120


def test_no_cell_of_the_csv_is_a_formula(admin, api):
    rule(api, note="=1+1")
    assert rows(admin, action="record_decision")[0]["note"] == "'=1+1"


def test_the_rulings_of_each_person_are_counted(admin, api):
    number = rule(api)
    rule(api, "https://other.example/")
    api.delete(f"/v1/decisions/{number}")
    page = admin.get("/audit")
    counted = re.search(r">tests</th><td>(\d+)</td><td>(\d+)</td>", page)
    assert counted, page
    assert counted.groups() == ("2", "1")
    assert re.search(r'data-days=\'\[.*\["2026-03-01", ?2\]\]\'', page)


def test_one_sees_where_a_ruling_can_be_undone(app, api, db, admin):
    number = rule(api)
    assert f'action="/undo/{number}"' in admin.get("/audit")
    other = seat(app, db, "moderator")
    assert f'action="/undo/{number}"' not in other.get("/audit")


def test_a_claim_leads_to_its_case_and_a_submission_has_its_number(admin, api, world):
    world.pages[URL] = "<p>Then press the button.</p>"
    admin.post("/submit", addresses=URL)
    api.post("/v1/check", json={"url": URL})
    admin.post("/cases/1/claim")
    page = admin.get("/audit")
    assert '<a href="/cases/1">Case 1</a>' in page
    assert "Submission 1" in page
    assert actions(admin, host="films.example")[0] == "claim_case"
