"""POST /v1/decisions and DELETE /v1/decisions/{id}: a moderator's word over the machine's."""

import pytest

PAGE = "https://blog.films.example/user/one/post.html?id=7"
BAIT = "<p>It is a good film. To see it, press the button below, for nothing at all.</p>"


@pytest.fixture
def decide(api):
    def send(url, ruling, scope="page", **more):
        body = {"url": url, "ruling": ruling, "scope": scope, **more}
        return api.post("/v1/decisions", json=body)

    return send


@pytest.fixture
def look(api):
    return lambda url: api.get("/v1/lookup", query_string={"url": url}).get_json()


def test_a_decision_replaces_the_verdict_and_leaves_the_score(api, world, decide, look):
    world.pages[PAGE] = BAIT
    api.post("/v1/check", json={"url": PAGE})
    made = decide(PAGE, "not_bait", note="The author's own shop.")
    assert made.status_code == 201
    verdict = look(PAGE)
    assert (verdict["verdict"], verdict["source"]) == ("clean", "decision")
    assert verdict["score"] == 0.9375
    assert verdict["decision"]["ruling"] == "not_bait"
    assert verdict["decision"]["by"] == "tests"
    assert verdict["decision"]["note"] == "The author's own shop."
    assert verdict["decision"]["at"].endswith("Z")


def test_a_decision_answers_a_check_without_a_fetch(api, world, decide):
    decide(PAGE, "bait")
    verdict = api.post("/v1/check", json={"url": PAGE}).get_json()
    assert (verdict["verdict"], verdict["source"], verdict["score"]) == ("bait", "decision", None)
    assert world.fetched == []


def test_a_decision_stands_over_a_fresh_scan(api, world, decide):
    world.pages[PAGE] = BAIT
    decide(PAGE, "not_bait")
    verdict = api.post("/v1/check", json={"url": PAGE, "fresh": True}).get_json()
    assert (verdict["verdict"], verdict["score"]) == ("clean", 0.9375)
    assert world.fetched == [PAGE]


def test_unsure_leaves_the_machines_verdict_and_is_told(api, world, decide):
    world.pages[PAGE] = BAIT
    decide(PAGE, "unsure")
    verdict = api.post("/v1/check", json={"url": PAGE}).get_json()
    assert (verdict["verdict"], verdict["source"]) == ("bait", "scan")
    assert verdict["decision"]["ruling"] == "unsure"


def test_a_revoked_decision_counts_no_more(api, decide, look):
    made = decide(PAGE, "bait").get_json()["id"]
    assert api.delete(f"/v1/decisions/{made}").status_code == 204
    assert look(PAGE)["unknown_because"]["code"] == "not_seen"
    assert api.delete(f"/v1/decisions/{made}").status_code == 404


@pytest.mark.parametrize("decision_id", ["0", "9" * 18, "9" * 5000, "x", "-1", "1.5", "١"])
def test_revoking_what_is_no_decision_is_not_found(api, decision_id):
    assert api.delete(f"/v1/decisions/{decision_id}").status_code == 404


COVERED = {
    "page": [PAGE, f"{PAGE}#part", PAGE.replace("https", "http")],
    "prefix": [
        PAGE,
        "https://blog.films.example/user/one/",
        "https://blog.films.example/user/one/more/deep",
    ],
    "host": [PAGE, "https://blog.films.example/", "https://a.blog.films.example/x?y"],
}
NOT_COVERED = {
    "page": ["https://blog.films.example/user/one/post.html", f"{PAGE}8", f"{PAGE}&x"],
    "prefix": ["https://blog.films.example/user/two/", "https://blog.films.example/user/one"],
    "host": ["https://films.example/user/one/post.html?id=7", "https://other.example/"],
}


@pytest.mark.parametrize(("scope", "url"), [(s, u) for s, urls in COVERED.items() for u in urls])
def test_a_scope_covers(decide, look, scope, url):
    decide(PAGE, "bait", scope)
    assert look(url)["verdict"] == "bait"


@pytest.mark.parametrize(
    ("scope", "url"), [(s, u) for s, urls in NOT_COVERED.items() for u in urls]
)
def test_a_scope_does_not_cover(decide, look, scope, url):
    decide(PAGE, "bait", scope)
    assert look(url)["verdict"] == "unknown"


def test_a_decision_on_a_front_page_does_not_cover_the_host(decide, look):
    decide("https://films.example/", "bait", "page")
    assert look("https://films.example/")["verdict"] == "bait"
    assert look("https://films.example/other")["verdict"] == "unknown"


def test_the_narrowest_scope_wins_whatever_came_first(world, decide, look):
    decide(PAGE, "not_bait", "page")
    world.pass_time(minutes=1)
    decide(PAGE, "bait", "prefix")
    world.pass_time(minutes=1)
    decide(PAGE, "bait", "host")
    assert look(PAGE)["verdict"] == "clean"
    assert look("https://blog.films.example/user/one/x")["decision"]["ruling"] == "bait"


def test_in_one_scope_the_newest_wins(world, decide, look):
    decide(PAGE, "bait")
    world.pass_time(seconds=1)
    decide(PAGE, "not_bait")
    assert look(PAGE)["verdict"] == "clean"


def test_of_two_decisions_in_one_moment_the_later_one_wins(decide, look):
    decide(PAGE, "bait")
    decide(PAGE, "not_bait")
    assert look(PAGE)["verdict"] == "clean"


def test_a_prefix_deeper_than_look_ups_reach_is_refused(decide):
    answer = decide("https://films.example/a/b/c/d/e.html", "bait", "prefix")
    assert answer.status_code == 400
    assert "folders deep" in answer.get_json()["detail"]


def test_a_campaign_covers_every_page_with_the_same_words(api, world, decide, look):
    copy, other = "https://copy.example/2", "https://films.example/honest"
    world.pages[PAGE] = BAIT
    world.pages[copy] = f"<h1>{BAIT.upper()}</h1><p>2026!"
    world.pages[other] = "<p>Words that no campaign has, though there are quite a few of them.</p>"
    for url in (PAGE, copy, other):
        api.post("/v1/check", json={"url": url})
    assert decide(PAGE, "not_bait", "campaign").status_code == 201
    assert look(PAGE)["verdict"] == "clean"
    assert look(copy)["verdict"] == "clean"
    assert look(other)["decision"] is None


def test_a_campaign_lets_go_of_a_page_whose_words_change(api, world, decide, look):
    world.pages[PAGE] = BAIT
    api.post("/v1/check", json={"url": PAGE})
    decide(PAGE, "not_bait", "campaign")
    world.pages[PAGE] = BAIT.replace("good", "splendid")
    api.post("/v1/check", json={"url": PAGE, "fresh": True})
    assert look(PAGE)["verdict"] == "bait"


def test_a_campaign_keeps_a_page_that_is_away_for_a_moment(api, world, decide, look):
    world.pages[PAGE] = BAIT
    api.post("/v1/check", json={"url": PAGE})
    decide(PAGE, "bait", "campaign")
    del world.pages[PAGE]
    api.post("/v1/check", json={"url": PAGE, "fresh": True})
    assert look(PAGE)["verdict"] == "bait"


def test_a_campaign_on_a_page_never_checked_says_to_check_it_first(decide):
    answer = decide(PAGE, "bait", "campaign")
    assert answer.status_code == 409
    assert "check the address first" in answer.get_json()["detail"]


def test_a_decision_counts_in_another_process_that_asks_for_the_first_time(settings, world, decide):
    from service.scan import Service, look_up
    from service.store.database import Database

    elsewhere = Service(Database(settings.database), world.steps(settings), settings)
    decide(PAGE, "bait")
    (answer,) = look_up(elsewhere, [PAGE])
    assert answer.decision.ruling == "bait"
    elsewhere.db.close()
