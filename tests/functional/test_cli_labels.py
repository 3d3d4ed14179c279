"""baitwatch labels export: rulings made through the service become labelled pages."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from example_pages import BAIT

from model.document import parse_document
from model.page import Page
from model.saved import parse_saved_line
from model.url import canonicalize_url
from service.cli import main
from service.store.audit import Actor
from service.store.decisions import record_decision

FILM = "https://www.films.example/lighthouse"


def check(api, url):
    assert api.post("/v1/check", json={"url": url, "fresh": True}).status_code == 200


def rule(api, url, ruling="bait", scope="page"):
    answer = api.post("/v1/decisions", json={"url": url, "ruling": ruling, "scope": scope})
    assert answer.status_code == 201, answer.data
    return answer.get_json()["id"]


@pytest.fixture
def export(settings):
    def run(*arguments):
        words = ["labels", "export", "--data", str(settings.data), *map(str, arguments)]
        return CliRunner().invoke(main, words)

    return run


def pages(text):
    return [parse_saved_line(line) for line in text.splitlines()]


@pytest.fixture
def seen(api, world):
    world.pages[FILM] = f"<title>Lighthouse</title><p>{BAIT}</p><a href='/x'>on</a>"
    check(api, FILM)
    return api


def test_a_ruling_becomes_the_labelled_page_it_was_made_on(seen, world, export):
    decision = rule(seen, FILM)
    answer = export()
    assert answer.exit_code == 0
    (page,) = pages(answer.stdout)
    assert (page.id, page.label, page.group) == (f"decision-{decision}", "bait", "films.example")
    assert page.extra == {
        "labelled_by": "tests",
        "labelled_at": "2026-03-01T12:00:00.000Z",
        "scope": "page",
    }
    assert parse_document(page.page) == parse_document(Page.from_html(world.pages[FILM], FILM))
    assert "1 labels of 1 people" in answer.stderr


def test_a_page_that_changes_after_the_ruling_is_exported_as_it_was(seen, world, export):
    rule(seen, FILM)
    world.pages[FILM] = "<p>Nothing to see here, it was all taken away by its owner.</p>"
    check(seen, FILM)
    (page,) = pages(export().stdout)
    assert "press the button" in parse_document(page.page).text


def test_not_bait_becomes_ok_and_a_campaign_is_the_group(seen, export):
    rule(seen, FILM, "not_bait", "campaign")
    (page,) = pages(export().stdout)
    assert page.label == "ok"
    assert page.group.startswith("campaign-")


def test_what_says_nothing_of_a_page_is_left_out_and_counted(seen, world, export):
    rule(seen, FILM, "unsure")
    rule(seen, "https://never.example/", "bait", "host")
    seen.delete(f"/v1/decisions/{rule(seen, FILM, 'not_bait', 'host')}")
    answer = export()
    assert answer.stdout == ""
    assert "left out, unsure: 1" in answer.stderr
    assert "left out, no page was seen when it was made: 1" in answer.stderr


def test_the_newest_ruling_of_each_person_on_a_page_counts(seen, db, world, export):
    rule(seen, FILM, "bait")
    rule(seen, FILM, "not_bait")
    other = Actor("ada", world.now)
    record_decision(db, canonicalize_url(FILM), "bait", "page", None, other)
    answer = export()
    found = {(page.extra["labelled_by"], page.label) for page in pages(answer.stdout)}
    assert found == {("tests", "ok"), ("ada", "bait")}
    assert "replaced by a newer ruling of the same person: 1" in answer.stderr


def test_a_persons_rulings_can_be_left_out(seen, export):
    rule(seen, FILM)
    answer = export("--without", "tests")
    assert answer.stdout == ""
    assert "of people who are left out: 1" in answer.stderr


def test_more_rulings_than_are_read_at_once_all_come_in_order(seen, db, world, export):
    for number in range(120):
        actor = Actor(f"person {number}", world.now)
        record_decision(db, canonicalize_url(FILM), "bait", "page", None, actor)
    people = [page.extra["labelled_by"] for page in pages(export().stdout)]
    assert people == [f"person {number}" for number in range(120)]


def test_a_file_appears_whole_and_replaces_the_last_one(seen, export, tmp_path):
    path = tmp_path / "labels.jsonl"
    path.write_text("old\n")
    rule(seen, FILM)
    answer = export("--output", path)
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert len(pages(path.read_text())) == 1
    assert list(tmp_path.glob(".labels*")) == []
    refused = export("--output", tmp_path / "no" / "labels.jsonl")
    assert refused.exit_code == 1
    assert "cannot be written" in refused.output
