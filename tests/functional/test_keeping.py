"""Kept pages are judged again by a new model, and forgotten when they are old."""

import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial

import pytest
from example_pages import BAIT

from model.verdict import ModelId
from service.keeping import Keeper
from service.labels import export_labels
from service.scan import Service
from service.store.database import Database
from service.store.verdicts import newest_findings, newest_reading

URL = "https://a.example/"
NEW = ModelId("test-2", "fedcba987654")


@pytest.fixture
def check(api, world):
    world.pages[URL] = BAIT

    def ask(**more):
        return api.post("/v1/check", json={"url": URL, "wait": 20, **more}).get_json()

    return ask


@pytest.fixture
def keeper(settings, world, db):
    """A keeper in a world where a new model went live that finds everything clean."""
    fetched = len(world.fetched)
    steps = world.steps(settings)

    def judge(page):
        finding, reading = steps.judge(page)
        clean = replace(finding.verdict, verdict="clean", score=0.25, model=NEW, evidence=())
        return replace(finding, verdict=clean), reading

    yield Keeper(Service(db, replace(steps, judge=judge, model=lambda: NEW), settings))
    assert len(world.fetched) <= fetched + 1


def test_a_fresh_verdict_is_made_anew_from_the_kept_page(check, keeper, api, world, db):
    first = check()
    world.pass_time(minutes=1)
    keeper.look()
    told = api.get("/v1/lookup", query_string={"url": URL}).get_json()
    assert (first["verdict"], told["verdict"]) == ("bait", "clean")
    assert told["model"] == {"version": "test-2", "digest": "fedcba987654"}
    assert (told["checked_at"], told["expires_at"]) == (first["checked_at"], first["expires_at"])
    assert newest_reading(db, URL) is not None
    assert keeper.judge_again(NEW) == 0


def test_an_expired_verdict_is_left_to_the_next_scan(check, keeper, world):
    check()
    world.pass_time(days=8)
    assert keeper.judge_again(NEW) == 0


def test_a_decision_counts_over_what_was_judged_again(check, keeper, api):
    check()
    api.post("/v1/decisions", json={"url": URL, "ruling": "bait", "scope": "page"})
    keeper.look()
    told = api.get("/v1/lookup", query_string={"url": URL}).get_json()
    assert (told["verdict"], told["score"], told["source"]) == ("bait", 0.25, "decision")


def test_old_pages_are_forgotten_but_not_their_verdicts_nor_what_was_ruled_on(
    check, keeper, api, world, db
):
    check()
    api.post("/v1/decisions", json={"url": URL, "ruling": "bait", "scope": "page"})
    world.pass_time(days=29)
    keeper.forget()
    assert newest_reading(db, URL) is not None
    world.pass_time(days=2)
    keeper.forget()
    assert newest_reading(db, URL) is None
    with db.read() as connection:
        assert newest_findings(connection, [URL])
    (label,) = export_labels(db)
    assert label.label == "bait"


@pytest.fixture
def keepers(settings, world):
    """Keepers as of several processes, and how often each of them looked."""
    looked = Counter()

    def model(name):
        looked[name] += 1
        return NEW

    with ExitStack() as stack:
        made = {}
        for name in "abc":
            db = stack.enter_context(closing(Database(settings.database)))
            steps = replace(world.steps(settings), model=partial(model, name))
            made[name] = Keeper(Service(db, steps, settings), look_every=0.02)
        yield made, looked
        for keeper in made.values():
            keeper.stop()


def until(true):
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_of_many_processes_one_looks_after_the_pages_and_then_another(keepers, db):
    keepers, looked = keepers
    for keeper in keepers.values():
        keeper.start()
    until(lambda: looked.total() >= 5)
    (first,) = looked
    keepers[first].stop()
    until(lambda: len(looked) == 2)
