"""The queue of scans: nothing is lost, nothing is saved twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from model.url import canonicalize_url
from model.verdict import ModelId, Verdict
from service.errors import BusyError, KeyReusedError, NotFoundError
from service.finding import Finding, Reading
from service.store.audit import Actor
from service.store.claims import (
    any_scan_waits,
    claim_oldest,
    claim_scan,
    extend_leases,
    finish_scan,
    forget_announced,
    release_scans,
    requeue_scans,
    running_leases,
    take_unannounced,
)
from service.store.keys import create_key, every_key
from service.store.scans import Submission, Wanted, read_scan, submit_scans
from service.store.verdicts import newest_findings, newest_reading

URL = "https://films.example/"
TERM = timedelta(seconds=60)


def wanted(url=URL, fresh=False):
    return Wanted(url, canonicalize_url(url), fresh)


@pytest.fixture
def submit(db, now):
    def one(url=URL, submission=None, fresh=False, at=now):
        return submit_scans(db, [wanted(url, fresh)], at, submission)[0]

    return one


@pytest.fixture
def finding(now):
    verdict = Verdict("clean", 0.25, ModelId("1", "abc"))
    return Finding(verdict, URL, (), "f" * 64, now, now + timedelta(hours=1))


READING = Reading("title", "text", (), ())


def test_an_active_scan_is_joined_queued_or_running(db, submit, now):
    first = submit()
    assert submit().id == first.id
    claim_oldest(db, "1-a", lambda: now, TERM)
    joined = submit()
    assert (joined.id, joined.state) == (first.id, "running")


def test_a_done_scan_is_not_joined(db, submit, finding, now):
    first = submit()
    finish_scan(db, claim_oldest(db, "1-a", lambda: now, TERM), "1-a", finding, READING)
    assert submit() is None  # its verdict is fresh
    assert submit(fresh=True).id != first.id
    assert read_scan(db, first.id).finding == finding


def test_one_url_twice_in_a_batch_is_one_scan(db, now):
    scans = submit_scans(db, [wanted(), wanted(), wanted(f"{URL}other")], now)
    assert scans[0].id == scans[1].id != scans[2].id


def test_the_longest_waiting_is_claimed_first_and_only_once(db, submit, now):
    later = submit("https://b.example/", at=now + timedelta(seconds=1))
    earlier = submit("https://a.example/")
    claimed = [claim_oldest(db, f"1-{n}", lambda: now, TERM) for n in range(3)]
    assert [scan and scan.id for scan in claimed] == [earlier.id, later.id, None]
    assert claimed[0].tries == 1
    assert not any_scan_waits(db, now)


def test_a_lease_lasts_from_its_turn_to_write_however_long_that_was_in_coming(db, submit, now):
    submit()
    times = [now]
    with ThreadPoolExecutor(1) as pool:
        with db.write():
            claimed = pool.submit(claim_oldest, db, "1-a", lambda: times[-1], TERM)
            time.sleep(0.2)
            times.append(now + TERM)
        assert claimed.result()
    assert not any_scan_waits(db, now + TERM + TERM)


def test_a_lease_that_ran_out_is_claimed_again_and_the_first_holder_cannot_save(
    db, submit, finding, now
):
    scan = submit()
    first = claim_oldest(db, "1-a", lambda: now, TERM)
    later = now + TERM + timedelta(seconds=1)
    assert any_scan_waits(db, later)
    second = claim_oldest(db, "2-b", lambda: later, TERM)
    assert (second.id, second.tries) == (scan.id, 2)
    assert not finish_scan(db, first, "1-a", finding, READING)
    assert finish_scan(db, second, "2-b", finding, READING)
    assert not finish_scan(db, second, "2-b", finding, READING)
    assert read_scan(db, scan.id).state == "done"


def test_a_scan_is_claimed_by_its_id_while_nobody_holds_it(db, submit, finding, now):
    scan, other = submit(), submit("https://b.example/")
    assert claim_scan(db, other.id, "1-a", lambda: now, TERM).id == other.id
    assert claim_scan(db, other.id, "1-b", lambda: now, TERM) is None
    claimed = claim_scan(db, scan.id, "1-c", lambda: now, TERM)
    assert finish_scan(db, claimed, "1-c", finding, READING)
    assert claim_scan(db, scan.id, "1-d", lambda: now, TERM) is None
    assert claim_scan(db, "nobody's", "1-e", lambda: now, TERM) is None


def test_a_lease_that_is_extended_does_not_run_out(db, submit, finding, now):
    submit()
    held = claim_oldest(db, "1-a", lambda: now, TERM)
    later = now + TERM + timedelta(seconds=1)
    assert extend_leases(db, ["1-a", "1-lost"], later + TERM) == 1
    assert not any_scan_waits(db, later)
    assert any_scan_waits(db, later + TERM + timedelta(seconds=1))
    assert finish_scan(db, held, "1-a", finding, READING)
    assert extend_leases(db, ["1-a"], later) == 0


def test_each_waiting_scan_is_announced_once_until_it_waited_too_long(db, submit, now):
    later = submit("https://b.example/", at=now + timedelta(seconds=1))
    earlier = submit()
    assert take_unannounced(db, now) == [earlier.id, later.id]
    long_after = now + TERM + timedelta(seconds=1)
    assert take_unannounced(db, long_after) == []
    assert take_unannounced(db, now + TERM, TERM) == []
    assert take_unannounced(db, long_after, TERM) == [earlier.id, later.id]


def test_a_scan_whose_runner_lost_its_lease_is_announced_once_more(db, submit, now):
    scan = submit()
    take_unannounced(db, now)
    claim_scan(db, scan.id, "1-a", lambda: now, TERM)
    assert take_unannounced(db, now + TERM) == []
    lost = now + TERM + timedelta(seconds=1)
    assert take_unannounced(db, lost) == [scan.id]
    assert take_unannounced(db, lost) == []


def test_a_scan_is_announced_again_when_it_comes_back(db, submit, now):
    scan = submit()
    for again in (release_scans, requeue_scans):
        assert take_unannounced(db, now) == [scan.id]
        claim_scan(db, scan.id, "1-a", lambda: now, TERM)
        again(db, ["1-a"])
    assert take_unannounced(db, now) == [scan.id]
    forget_announced(db, [scan.id])
    assert take_unannounced(db, now) == [scan.id]


def test_a_released_scan_waits_again_without_losing_a_try(db, submit, now):
    scan = submit()
    claim_oldest(db, "1-a", lambda: now, TERM)
    assert running_leases(db) == ["1-a"]
    assert release_scans(db, ["1-a", "1-b"]) == 1
    assert read_scan(db, scan.id).state == "queued"
    assert claim_oldest(db, "1-c", lambda: now, TERM).tries == 1


def test_a_requeued_scan_keeps_its_tries(db, submit, now):
    submit()
    claim_oldest(db, "1-a", lambda: now, TERM)
    assert requeue_scans(db, ["1-a"]) == 1
    assert claim_oldest(db, "1-c", lambda: now, TERM).tries == 2


@pytest.fixture
def submission(db, now):
    with db.write() as connection:
        create_key(connection, "tests", {"check"}, Actor("tests", now))
    return Submission(every_key(db)[0].id, "key", "digest")


def test_a_repeated_submission_gives_its_scan_even_when_done(db, submit, submission, finding, now):
    scan = submit(submission=submission)
    finish_scan(db, claim_oldest(db, "1-a", lambda: now, TERM), "1-a", finding, READING)
    again = submit(submission=submission, fresh=True)
    assert (again.id, again.finding) == (scan.id, finding)


def test_a_submission_with_another_body_is_refused_and_stores_nothing(db, submit, submission, now):
    submit(submission=submission)
    other = Submission(submission.key_id, submission.idempotency_key, "another")
    with pytest.raises(KeyReusedError):
        submit("https://other.example/", submission=other)
    assert claim_oldest(db, "1-a", lambda: now, TERM).canonical == URL
    assert claim_oldest(db, "1-b", lambda: now, TERM) is None


def test_only_the_newest_finding_keeps_its_page(db, submit, finding, now):
    for n in range(2):
        submit(fresh=True)
        reading = Reading("title", f"text {n}", (), ())
        finish_scan(db, claim_oldest(db, f"1-{n}", lambda: now, TERM), f"1-{n}", finding, reading)
    assert newest_reading(db, URL).text == "text 1"
    with db.read() as connection:
        assert (
            connection.exec_driver_sql(
                "select count(*) from verdicts where reading is not null"
            ).scalar()
            == 1
        )
        assert newest_findings(connection, [URL]) == {URL: finding}


def test_a_finding_without_a_page_leaves_the_one_before_in_sight(db, submit, finding, now):
    for n, reading in enumerate((READING, None)):
        submit(fresh=True)
        finish_scan(db, claim_oldest(db, f"1-{n}", lambda: now, TERM), f"1-{n}", finding, reading)
    assert newest_reading(db, URL) == READING


def test_a_full_queue_takes_nothing_on_but_is_joined_and_remembered(db, submission, now):
    def submit(*urls, sent=None, fresh=False):
        return submit_scans(db, [wanted(url, fresh) for url in urls], now, sent, most_waiting=2)

    (first,) = submit(URL, sent=submission)
    (second,) = submit(f"{URL}2")
    with pytest.raises(BusyError):
        submit(f"{URL}3")
    assert [scan.id for scan in submit(URL, f"{URL}2")] == [first.id, second.id]
    assert submit(URL, sent=submission)[0].id == first.id
    with pytest.raises(BusyError):
        submit(URL, f"{URL}3")
    assert claim_oldest(db, "1-a", lambda: now, TERM).id in {first.id, second.id}
    assert submit(f"{URL}3")[0].state == "queued"


def test_many_urls_are_looked_up_at_once(db, submit, finding, now):
    with db.read() as connection:
        urls = [f"https://a.example/{n}" for n in range(25_000)]
        assert newest_findings(connection, urls) == {}


def test_a_scan_that_is_not_there_is_named(db):
    with pytest.raises(NotFoundError):
        read_scan(db, "x")
