"""GET and POST /v1/lookup, POST /v1/judge: answers without a fetch."""

import pytest

URL = "https://films.example/lighthouse"
BAIT = "<p>It is a good film. To see it, press the button below, for nothing at all.</p>"


def test_what_was_never_checked_is_not_seen_and_not_fetched(api, world):
    world.pages[URL] = BAIT
    verdict = api.get("/v1/lookup", query_string={"url": URL}).get_json()
    assert verdict["verdict"] == "unknown"
    assert verdict["unknown_because"]["code"] == "not_seen"
    assert verdict["source"] == "none"
    assert world.fetched == []


def test_what_was_checked_is_known_until_it_expires(api, world):
    world.pages[URL] = BAIT
    api.post("/v1/check", json={"url": URL})
    known = api.get("/v1/lookup", query_string={"url": URL}).get_json()
    assert (known["verdict"], known["source"]) == ("bait", "cache")
    world.pass_time(days=8)
    expired = api.get("/v1/lookup", query_string={"url": URL}).get_json()
    assert expired["unknown_because"]["code"] == "not_seen"


def test_five_hundred_links_of_a_page_are_answered_in_order(api, world):
    world.pages[URL] = BAIT
    api.post("/v1/check", json={"url": URL})
    urls = [f"https://films.example/{n}" for n in range(498)] + ["mailto:a@b.example", URL]
    results = api.post("/v1/lookup", json={"urls": urls}).get_json()["results"]
    assert [r["url"] for r in results] == urls
    assert [r["verdict"] for r in results[-2:]] == ["unknown", "bait"]
    assert results[-2]["unknown_because"]["code"] == "refused_url"
    assert len(world.fetched) == 1


@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_page_that_the_caller_sends_is_judged_and_not_kept(api, kind):
    sent = {kind: BAIT, "url": URL}
    verdict = api.post("/v1/judge", json=sent).get_json()
    assert (verdict["verdict"], verdict["source"], verdict["url"]) == ("bait", "caller", URL)
    looked = api.get("/v1/lookup", query_string={"url": URL}).get_json()
    assert looked["unknown_because"]["code"] == "not_seen"


def test_a_sent_page_needs_no_address(api):
    verdict = api.post("/v1/judge", json={"text": "Nothing but honest words."}).get_json()
    assert verdict["url"] is None
    assert verdict["verdict"] == "clean"


@pytest.mark.parametrize("sent", [{}, {"html": "a", "text": "b"}, {"url": URL}])
def test_exactly_one_of_html_and_text_is_asked_for(api, sent):
    answer = api.post("/v1/judge", json=sent)
    assert answer.status_code == 400
    assert "exactly one" in answer.get_json()["detail"]
