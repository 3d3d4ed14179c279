"""Batches: what is submitted is stored at once, scanned once, counted, and comes into cases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from model.url import canonicalize_url
from model.verdict import ModelId, Verdict
from service.errors import NotFoundError
from service.finding import Finding
from service.store.audit import Actor
from service.store.batches import (
    Sent,
    batch_by_id,
    batch_items,
    newest_batches,
    read_progress,
    submit_batch,
)
from service.store.cases import case_by_id, case_of_page
from service.store.claims import claim_oldest, finish_scan
from service.store.decisions import record_decision
from service.store.tables import SCANS

TERM = timedelta(minutes=1)
ONE, TWO = "https://one.example/", "https://two.example/"


def sent(*urls):
    return [Sent(url, canonicalize_url(url)) for url in urls]


def finish_one(db, now, verdict="clean"):
    """Run the scan that waits longest; return its address."""
    lease = f"1-{now}-{verdict}"
    scan = claim_oldest(db, lease, lambda: now, TERM)
    judged = Verdict(verdict, 0.5, ModelId("test-1", "0123456789ab"))
    finding = Finding(judged, None, (), None, now, now + timedelta(days=1))
    assert finish_scan(db, scan, lease, finding, None)
    return scan.canonical


def progress(db, batch):
    with db.read() as connection:
        found = read_progress(connection, batch.id)
        return found.total, found.done, found.refused, found.ended


def items(db, batch, **more):
    with db.read() as connection:
        return batch_items(connection, batch.id, **{"most": 100, **more})


def test_a_batch_is_kept_as_it_was_sent_with_its_note(db, now):
    bad = Sent("nonsense", None, "That is no address.")
    batch = submit_batch(db, [*sent(ONE), bad, *sent(TWO)], "look at these", Actor("ann", now))
    with db.read() as connection:
        assert batch_by_id(connection, batch.id) == batch
        assert newest_batches(connection, "ann", 5) == [batch]
        assert newest_batches(connection, "bob", 5) == []
    assert (batch.by, batch.at, batch.note) == ("ann", now, "look at these")
    assert [(item.text, item.state, item.error) for item in items(db, batch)] == [
        (ONE, "waiting", None),
        ("nonsense", "refused", "That is no address."),
        (TWO, "waiting", None),
    ]
    assert [item.text for item in items(db, batch, most=1, after=0)] == ["nonsense"]


def test_a_batch_that_is_not_there_is_not_found(db):
    with db.read() as connection, pytest.raises(NotFoundError):
        batch_by_id(connection, 1)


def test_progress_counts_what_is_done_as_it_comes_in(db, now):
    bad = Sent("nonsense", None, "That is no address.")
    batch = submit_batch(db, [*sent(ONE, TWO), bad], None, Actor("ann", now))
    assert progress(db, batch) == (3, 0, 1, False)
    finish_one(db, now)
    assert progress(db, batch) == (3, 1, 1, False)
    finish_one(db, now + TERM)
    assert progress(db, batch) == (3, 2, 1, True)


def test_every_submitted_page_comes_into_a_case_whatever_the_machine_says(db, now):
    batch = submit_batch(db, sent(ONE), None, Actor("ann", now))
    assert items(db, batch)[0].case_id is None
    finish_one(db, now)
    (item,) = items(db, batch)
    with db.read() as connection:
        case = case_by_id(connection, item.case_id)
    assert (case.verdict, case.reach, case.pages) == ("clean", 1, 1)


def test_the_same_page_in_several_batches_is_scanned_once_and_counted_for_each(db, now):
    for name in ("ann", "bob"):
        submit_batch(db, sent(ONE), None, Actor(name, now))
    with db.read() as connection:
        assert connection.execute(select(func.count()).select_from(SCANS)).scalar() == 1
    finish_one(db, now)
    with db.read() as connection:
        assert case_by_id(connection, case_of_page(connection, ONE)).reach == 2


def test_a_page_that_is_known_already_is_not_scanned_and_comes_into_its_case_at_once(db, now):
    submit_batch(db, sent(ONE), None, Actor("ann", now))
    finish_one(db, now)
    batch = submit_batch(db, sent(ONE), None, Actor("bob", now + TERM))
    assert progress(db, batch) == (1, 1, 0, True)
    with db.read() as connection:
        assert case_by_id(connection, items(db, batch)[0].case_id).reach == 2


def test_a_page_that_is_ruled_needs_no_case(db, now):
    record_decision(db, canonicalize_url(ONE), "bait", "host", None, Actor("ann", now))
    batch = submit_batch(db, sent(ONE), None, Actor("bob", now))
    (item,) = items(db, batch)
    assert (item.state, item.case_id) == ("done", None)


def test_a_great_batch_is_stored_in_order(db, now):
    urls = [f"https://a.example/{number}" for number in range(500)]
    batch = submit_batch(db, sent(*urls), None, Actor("ann", now))
    assert [item.text for item in items(db, batch, most=1_000)] == urls
    assert progress(db, batch) == (500, 0, 0, False)
