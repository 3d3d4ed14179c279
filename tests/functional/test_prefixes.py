"""The prefix list: what is on it, how it changes, and what stands behind a prefix."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.url import expression_hash, url_expressions
from service.app import create_app
from service.prefixes import HEAD
from service.rice import decode_sorted, encode_sorted
from service.settings import Settings
from service.store.database import Database
from service.store.listing import follow

SITE = "https://films.example"
URL = f"{SITE}/lighthouse"
BAIT = "<p>It is a good film. To see it, press the button below, for nothing at all.</p>"


def prefix_of(expression):
    return int.from_bytes(expression_hash(expression)[:4])


class Follower:
    """A client that keeps the list as its answers say."""

    def __init__(self, api):
        self.api = api
        self.prefixes = np.zeros(0, np.uint32)
        self.version = None

    def sync(self):
        query = {} if self.version is None else {"since": self.version}
        answer = self.api.get("/v1/prefixes", query_string=query)
        assert answer.status_code == 200, answer.data
        magic, whole, version, count, digest = HEAD.unpack_from(answer.data)
        assert magic == b"BWP1"
        rest = answer.data[HEAD.size :]
        gone, used = decode_sorted(rest)
        come, _ = decode_sorted(rest[used:])
        kept = np.zeros(0, np.uint32) if whole else np.setdiff1d(self.prefixes, gone)
        self.prefixes = np.union1d(kept, come).astype(np.uint32)
        self.version = version
        assert len(self.prefixes) == count
        assert hashlib.sha256(self.prefixes.astype(">u4").tobytes()).digest() == digest
        return bool(whole), set(gone.tolist()), set(come.tolist())

    def has(self, expression):
        return prefix_of(expression) in self.prefixes.tolist()


@pytest.fixture
def follower(api):
    return Follower(api)


def rule(api, url, ruling="bait", scope="page"):
    made = api.post("/v1/decisions", json={"url": url, "ruling": ruling, "scope": scope})
    assert made.status_code == 201, made.data
    return made.get_json()["id"]


def check(api, world, url, text=BAIT):
    world.pages[url] = text
    return api.post("/v1/check", json={"url": url, "fresh": True}).get_json()["verdict"]


def find(api, *expressions):
    asked = [expression_hash(expression)[:4].hex() for expression in expressions]
    found = api.post("/v1/prefixes/find", json={"prefixes": asked})
    assert found.status_code == 200, found.data
    return found.get_json()["matches"]


def told(api, follower, url):
    """Judge an address as a client does, that knows only the list and what is behind a prefix."""
    follower.sync()
    expressions = url_expressions(url)
    listed = [expression for expression in expressions if follower.has(expression)]
    if not listed:
        return None
    by_hash = {expression_hash(expression).hex(): expression for expression in expressions}
    covering = []
    for match in find(api, *listed):
        expression = by_hash.get(match["hash"])
        exact = match["scope"] in {"page", "campaign"}
        if expression is None or (exact and expression != expressions[0]):
            continue
        host, _, path = expression.partition("/")
        scope = ["campaign", "host", "prefix", "page"].index(match["scope"])
        rank = (match["kind"] == "decision", scope, path.count("/"), host.count("."))
        covering.append((rank, match["verdict"]))
    for _, verdict in sorted(covering, key=lambda found: found[0], reverse=True):
        if verdict is None:
            machine = [v for rank, v in covering if not rank[0]]
            return machine[0] if machine else None
        return verdict
    return None


def test_an_empty_list_has_a_version_and_a_digest(follower):
    assert follower.sync() == (True, set(), set())
    assert follower.version == 0


def test_a_ruling_is_on_the_list_with_the_next_answer_and_gone_when_it_is_revoked(api, follower):
    follower.sync()
    decision = rule(api, URL)
    whole, _, come = follower.sync()
    assert (whole, come) == (False, {prefix_of("films.example/lighthouse")})
    (match,) = find(api, "films.example/lighthouse")
    assert (match["kind"], match["scope"], match["verdict"]) == ("decision", "page", "bait")
    assert match["hash"] == expression_hash("films.example/lighthouse").hex()
    api.delete(f"/v1/decisions/{decision}")
    assert follower.sync() == (False, come, set())
    assert find(api, "films.example/lighthouse") == []


def test_a_bait_verdict_is_listed_until_it_runs_out(api, follower, world):
    assert check(api, world, URL) == "bait"
    follower.sync()
    (match,) = find(api, "films.example/lighthouse")
    assert (match["kind"], match["verdict"], match["score"]) == ("verdict", "bait", 0.9375)
    world.pass_time(days=8)
    follower.sync()
    assert follower.prefixes.tolist() == []
    assert find(api, "films.example/lighthouse") == []


def test_a_page_that_became_honest_leaves_the_list(api, follower, world):
    check(api, world, URL)
    follower.sync()
    check(api, world, URL, "<p>An honest page about a film.</p>")
    _, gone, _ = follower.sync()
    assert gone == {prefix_of("films.example/lighthouse")}


def test_what_is_not_bait_is_neither_listed_nor_told(api, follower, world):
    check(api, world, URL, "<p>An honest page about a film.</p>")
    rule(api, f"{SITE}/other", "not_bait")
    rule(api, f"{SITE}/third", "unsure")
    follower.sync()
    assert follower.prefixes.tolist() == []
    assert find(api, "films.example/other", "films.example/third") == []


def test_a_ruling_against_a_host_takes_its_pages_off_and_gives_them_back(api, follower, world):
    check(api, world, URL)
    check(api, world, "https://sub.films.example/x")
    follower.sync()
    decision = rule(api, SITE, "not_bait", "host")
    _, gone, _ = follower.sync()
    assert len(gone) == 2
    api.delete(f"/v1/decisions/{decision}")
    _, _, come = follower.sync()
    assert come == gone


def test_a_campaign_lists_every_page_of_its_content(api, follower, world):
    honest = "<p>An honest page about a film, in so many words that it is known again.</p>"
    check(api, world, URL, honest)
    check(api, world, "https://copy.example/", honest)
    decision = rule(api, URL, "bait", "campaign")
    follower.sync()
    assert follower.has("films.example/lighthouse")
    assert follower.has("copy.example/")
    (match,) = find(api, "copy.example/")
    assert (match["kind"], match["scope"]) == ("decision", "campaign")
    check(api, world, "https://later.example/", honest)
    follower.sync()
    assert follower.has("later.example/")
    api.delete(f"/v1/decisions/{decision}")
    follower.sync()
    assert follower.prefixes.tolist() == []


def test_two_rulings_behind_one_prefix_leave_it_when_both_are_gone(api, follower):
    first, second = rule(api, URL), rule(api, URL)
    follower.sync()
    api.delete(f"/v1/decisions/{second}")
    assert follower.sync() == (False, set(), set())
    api.delete(f"/v1/decisions/{first}")
    follower.sync()
    assert follower.prefixes.tolist() == []


@pytest.mark.parametrize("seed", range(12))
def test_the_list_and_the_lookup_never_disagree_about_bait(api, follower, world, seed):
    hosts = ["films.example", "sub.films.example", "a.sub.films.example"]
    paths = ["/", "/a/", "/a/b/", "/a/x", "/a/b/y?q=1"]
    draw = np.random.default_rng(seed)
    for host in hosts[: seed % 3]:
        check(api, world, f"https://{host}{paths[draw.integers(5)]}")
    for _ in range(6):
        url = f"https://{hosts[draw.integers(3)]}{paths[draw.integers(5)]}"
        ruling = ["bait", "bait", "not_bait", "unsure"][draw.integers(4)]
        rule(api, url, ruling, ["page", "prefix", "host"][draw.integers(3)])
    for host in hosts:
        for path in paths:
            url = f"https://{host}{path}"
            looked = api.get("/v1/lookup", query_string={"url": url}).get_json()["verdict"]
            assert (told(api, follower, url) == "bait") == (looked == "bait"), url


def test_an_answer_with_the_etag_of_before_is_304_until_something_changes(api):
    first = api.get("/v1/prefixes")
    etag = first.headers["ETag"]
    again = api.get("/v1/prefixes", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    rule(api, URL)
    changed = api.get("/v1/prefixes", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["Cache-Control"] == "private, no-cache"


def test_a_version_that_never_was_gets_the_whole_list(api, follower):
    rule(api, URL)
    follower.sync()
    follower.version = 10**12
    whole, _, come = follower.sync()
    assert whole
    assert come == set(follower.prefixes.tolist())


def test_changes_that_were_forgotten_are_told_as_the_whole_list(api, follower, db, world):
    rule(api, URL)
    follower.sync()
    for n in range(4):
        rule(api, f"{SITE}/{n}")
    follow(db, lambda: world.now, seconds=1, remembered=2)
    whole, _, come = follower.sync()
    assert whole
    assert len(come) == 5


def test_another_process_lists_a_ruling_at_once(api, follower, settings, world):
    other = Database(settings.database)
    app = create_app(settings, steps=world.steps(settings), db=other, clock=world.seconds)
    elsewhere = Follower(app.test_client())
    elsewhere.api.environ_base["HTTP_AUTHORIZATION"] = api.environ_base["HTTP_AUTHORIZATION"]
    elsewhere.sync()
    rule(api, URL)
    _, _, come = elsewhere.sync()
    assert come == {prefix_of("films.example/lighthouse")}
    other.close()


@pytest.mark.parametrize(
    "sent",
    [
        {"prefixes": []},
        {"prefixes": ["0"]},
        {"prefixes": ["ABCDEF01"]},
        {"prefixes": ["00000000\n"]},
        {"prefixes": [1]},
        {"prefixes": ["00000000"] * 1_001},
        {"urls": [URL]},
    ],
)
def test_what_is_no_list_of_prefixes_is_refused(api, sent):
    assert api.post("/v1/prefixes/find", json=sent).status_code == 400


def test_the_list_needs_a_key_that_may_look_up(client, make_key):
    assert client.get("/v1/prefixes").status_code == 401
    wrong = make_key("report")
    assert client.get("/v1/prefixes", headers=wrong).status_code == 403
    assert client.get("/v1/prefixes", headers=make_key("lookup")).status_code == 200


def test_every_prefix_costs_a_look_up(settings, world, db, make_key):
    strict = Settings(**settings.model_dump() | {"limit_lookups": 5})
    client = create_app(strict, steps=world.steps(strict), db=db).test_client()
    asked = {"prefixes": ["00000000", "00000001", "00000002"]}
    headers = make_key("lookup")
    assert client.post("/v1/prefixes/find", json=asked, headers=headers).status_code == 200
    assert client.post("/v1/prefixes/find", json=asked, headers=headers).status_code == 429


@given(st.sets(st.integers(0, 2**32 - 1), max_size=200))
def test_sorted_numbers_survive_their_coding(numbers):
    given_ones = np.array(sorted(numbers), np.uint32)
    section = encode_sorted(given_ones)
    back, used = decode_sorted(section + b"after")
    assert back.tolist() == given_ones.tolist()
    assert used == len(section)
