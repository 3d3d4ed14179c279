"""Reports: said with a key, read by moderators, settled by a decision."""

import pytest

URL = "https://films.example/lighthouse"


@pytest.fixture
def waiting(api):
    def ask(**query):
        return api.get("/v1/reports", query_string=query).get_json()["reports"]

    return ask


def say(api, url=URL, says="not_bait", **more):
    return api.post("/v1/reports", json={"url": url, "says": says, **more})


def test_a_report_is_recorded_and_waits(api, waiting):
    made = say(api, comment="It is only a review.")
    assert made.status_code == 201
    report = made.get_json()
    assert report["url"] == URL
    assert report["says"] == "not_bait"
    assert report["comment"] == "It is only a review."
    assert report["by"] == "tests"
    assert waiting() == [report]


def test_a_report_changes_no_verdict(api):
    say(api, says="bait")
    answer = api.get("/v1/lookup", query_string={"url": URL}).get_json()
    assert answer["verdict"] == "unknown"
    assert answer["unknown_because"]["code"] == "not_seen"


def test_a_decision_on_the_address_settles_its_reports_until_it_is_revoked(api, waiting, world):
    say(api)
    say(api, url="https://other.example/")
    world.pass_time(seconds=1)
    body = {"url": URL, "ruling": "unsure", "scope": "page"}
    decision = api.post("/v1/decisions", json=body).get_json()
    assert [report["url"] for report in waiting()] == ["https://other.example/"]
    api.delete(f"/v1/decisions/{decision['id']}")
    assert len(waiting()) == 2


def test_a_report_that_comes_after_a_decision_waits_again(api, waiting, world):
    api.post("/v1/decisions", json={"url": URL, "ruling": "bait", "scope": "page"})
    world.pass_time(seconds=1)
    say(api)
    assert len(waiting()) == 1


def test_reports_are_listed_oldest_first_from_where_the_last_page_ended(api, waiting):
    ids = [say(api).get_json()["id"] for _ in range(3)]
    assert [report["id"] for report in waiting()] == ids
    assert [report["id"] for report in waiting(after=ids[0])] == ids[1:]


def test_a_key_with_report_alone_may_say_but_not_read(client, make_key):
    headers = make_key("report")
    body = {"url": URL, "says": "bait"}
    assert client.post("/v1/reports", json=body, headers=headers).status_code == 201
    assert client.get("/v1/reports", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"url": URL},
        {"url": URL, "says": "unsure"},
        {"url": URL, "says": "bait", "comment": "x" * 2_001},
        {"url": URL, "says": "bait", "comment": "\0"},
        {"url": "ftp://a.example/", "says": "bait"},
    ],
)
def test_a_report_that_cannot_be_used_is_a_problem(api, body):
    assert api.post("/v1/reports", json=body).status_code == 400


@pytest.mark.parametrize("after", ["x", "-1", str(2**63), "1.5"])
def test_a_list_that_begins_nowhere_is_a_problem(api, after):
    assert api.get("/v1/reports", query_string={"after": after}).status_code == 400
