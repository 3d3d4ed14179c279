"""Claims keep the pace of each site, for all who claim; on each kind of database."""

from datetime import timedelta

import pytest

from model.url import canonicalize_url
from service.politeness import UNPACED, Pace
from service.store.claims import any_scan_waits, claim_oldest, claim_scan, take_unannounced
from service.store.scans import Wanted, submit_scans

TERM = timedelta(seconds=60)
AGAIN = timedelta(seconds=600)
ONE = Pace(1, timedelta())
PAUSED = Pace(9, timedelta(seconds=5))


@pytest.fixture
def submit(db, now):
    def some(*urls):
        wanted = [Wanted(url, canonicalize_url(url)) for url in urls]
        return [scan.id for scan in submit_scans(db, wanted, now)]

    return some


def test_a_site_that_is_being_asked_is_passed_over(db, submit, now):
    ids = submit("https://x.films.example/1", "https://y.films.example/2", "https://b.example/")
    claimed = [claim_oldest(db, f"1-{n}", lambda: now, TERM, ONE) for n in range(3)]
    assert {scan and scan.id for scan in claimed} == {claimed[0].id, ids[2], None}
    assert not any_scan_waits(db, now, ONE)
    assert any_scan_waits(db, now)


def test_a_lease_that_ran_out_asks_nobody_any_more(db, submit, now):
    submit("https://films.example/1", "https://films.example/2")
    assert claim_oldest(db, "1-a", lambda: now, TERM, ONE)
    later = now + TERM + timedelta(seconds=1)
    assert claim_oldest(db, "1-b", lambda: later, TERM, ONE)
    assert claim_oldest(db, "1-c", lambda: later, TERM, ONE) is None


def test_two_starts_on_one_site_are_a_pause_apart(db, submit, now):
    submit("https://films.example/1", "https://films.example/2")
    assert claim_oldest(db, "1-a", lambda: now, TERM, PAUSED)
    assert claim_oldest(db, "1-b", lambda: now + timedelta(seconds=4), TERM, PAUSED) is None
    assert claim_oldest(db, "1-c", lambda: now + timedelta(seconds=5), TERM, PAUSED)


def test_without_a_pause_a_start_by_a_clock_that_is_ahead_keeps_nobody_back(db, submit, now):
    submit("https://films.example/1", "https://films.example/2")
    assert claim_oldest(db, "1-a", lambda: now + timedelta(seconds=1), TERM, UNPACED)
    assert any_scan_waits(db, now, UNPACED)
    assert claim_oldest(db, "1-b", lambda: now, TERM, UNPACED)


def test_one_that_was_announced_too_early_is_announced_again(db, submit, now):
    first, second = submit("https://films.example/1", "https://films.example/2")
    assert set(take_unannounced(db, now, AGAIN, PAUSED)) == {first, second}
    assert claim_scan(db, first, "1-a", lambda: now, TERM, PAUSED)
    assert claim_scan(db, second, "1-b", lambda: now, TERM, PAUSED) is None
    assert take_unannounced(db, now, AGAIN, PAUSED) == []
    later = now + timedelta(seconds=5)
    assert take_unannounced(db, later, AGAIN, PAUSED) == [second]
    assert claim_scan(db, second, "1-c", lambda: later, TERM, PAUSED)
