"""The queue as the database gives it: filters, order, places, counts, saved views."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from model.url import canonicalize_url
from service.errors import InvalidRequestError, NotFoundError
from service.store.accounts import create_account
from service.store.audit import Actor
from service.store.batches import Sent, submit_batch
from service.store.case_page import CasePage
from service.store.case_tables import CASES
from service.store.cases import claim_case, close_case
from service.store.decisions import record_decision
from service.store.joining import open_or_join_case
from service.store.queue import (
    Filters,
    Place,
    Viewer,
    case_before,
    count_waiting,
    languages_waiting,
    newest_decision,
    queue_page,
)
from service.store.reports import record_report
from service.store.views import MOST_VIEWS, delete_view, save_view, views_of
from service.urgency import BANDS


@pytest.fixture
def open_cases(db, now):
    """Open a case for each page and set its band; return their ids."""

    def opened(*pages, band=2, at=now):
        ids = []
        with db.write() as connection:
            for page in pages:
                case_id = open_or_join_case(connection, page, at, asked=1)
                row = update(CASES).where(CASES.c.id == case_id)
                connection.execute(row.values(band=band))
                ids.append(case_id)
        return ids

    return opened


def page_of(url, verdict="unknown", **more):
    return CasePage(canonicalize_url(url), verdict, **more)


@pytest.fixture
def found(db, now):
    def asked(name="ann", at=now, **filters):
        with db.read() as connection:
            page = queue_page(connection, Filters(**filters), Viewer(name, at), 100)
        return [case.id for case in page.cases]

    return asked


def test_the_most_urgent_come_first_and_of_those_the_oldest(open_cases, found):
    later = open_cases(page_of("https://a.example/"), page_of("https://b.example/"), band=2)
    soon = open_cases(page_of("https://c.example/"), band=1)
    first = open_cases(page_of("https://d.example/"), page_of("https://e.example/"), band=0)
    assert found() == first + soon + later


def walk(db, now, filters, most):
    viewer, place = Viewer("ann", now), None
    while True:
        with db.read() as connection:
            page = queue_page(connection, filters, viewer, most, place)
        yield page
        place = page.next
        if place is None:
            return


@pytest.mark.parametrize("closed", [False, True])
def test_pages_follow_each_other_without_gaps_and_know_what_was_before(db, now, open_cases, closed):
    every = []
    for band in (0, 1, 2):
        every += open_cases(*(page_of(f"https://n{n}.example/{band}") for n in range(7)), band=band)
    if closed:
        with db.write() as connection:
            for case_id in every:
                close_case(connection, case_id, "bait", now)
        every.reverse()
    filters = Filters(closed=closed)
    pages = list(walk(db, now, filters, most=4))
    cases = [case for page in pages for case in page.cases]
    assert [case.id for case in cases] == every
    assert [len(page.cases) for page in pages] == [4, 4, 4, 4, 4, 1]
    with db.read() as connection:
        before = [
            case_before(connection, filters, Viewer("ann", now), Place(case.band, case.id))
            for case in cases
        ]
    assert before == [None, *every[:-1]]


def test_a_word_is_found_in_title_host_and_address_in_any_script_and_case(open_cases, found):
    (a, b) = open_cases(
        page_of("https://films.example/Watch_100%25", title="ÜBER den Fluss"),
        page_of("https://bücher.example/", title="Книга"),
    )
    assert found(words="über") == [a]
    assert found(words="FLUSS über") == [a]
    assert found(words="watch_100%25") == [a]
    assert found(words="bücher") == found(words="xn--bcher-kva") == found(words="книга") == [b]
    assert found(words="example") == [a, b]
    assert found(words="über книга") == []


@pytest.mark.parametrize("word", ["%", "_", "\\", "'", '"', ";--", "%%"])
def test_no_sign_of_a_search_is_a_command(open_cases, found, word):
    open_cases(page_of("https://a.example/", title="plain"))
    assert found(words=word) == []


def test_a_host_is_found_with_all_below_it_and_nothing_beside_it(open_cases, found):
    a, b, _ = open_cases(
        page_of("https://site.example/"),
        page_of("https://m.site.example/"),
        page_of("https://othersite.example/"),
    )
    assert found(host="site.example") == [a, b]
    assert found(host="SITE.example") == [a, b]
    assert found(host="%.example") == []


def test_a_reporter_is_who_reported_or_submitted(db, now, open_cases, found):
    record_report(db, canonicalize_url("https://a.example/"), "bait", None, Actor("key", now))
    (a,) = found()
    assert found(reporter="key") == [a]
    (b,) = open_cases(page_of("https://b.example/"))
    url = "https://b.example/"
    submit_batch(db, [Sent(url, canonicalize_url(url))], None, Actor("bob", now))
    assert found(reporter="bob") == [b]
    assert found(reporter="nobody") == []


def test_who_works_on_a_case_is_asked_for_until_the_claim_runs_out(db, now, open_cases, found):
    a, b, c = open_cases(*(page_of(f"https://{name}.example/") for name in "abc"))
    term = timedelta(minutes=15)
    claim_case(db, a, Actor("ann", now), term)
    claim_case(db, b, Actor("bob", now), term)
    assert (found(held="me"), found(held="others"), found(held="nobody")) == ([a], [b], [c])
    assert found(held="nobody", at=now + 2 * term) == [a, b, c]
    assert found(held="me", at=now + 2 * term) == []


def test_ages_are_told_by_when_a_case_was_opened(now, open_cases, found):
    (old,) = open_cases(page_of("https://a.example/"), at=now - timedelta(days=8))
    (days,) = open_cases(page_of("https://b.example/"), at=now - timedelta(days=2))
    (new,) = open_cases(page_of("https://c.example/"), at=now - timedelta(minutes=5))
    assert found(age="hour") == [new]
    assert found(age="day") == [new]
    assert found(age="week") == [days, new]
    assert found(age="older") == [old]


def test_waiting_cases_are_counted_by_band_and_listed_by_language(db, now, open_cases):
    ids = open_cases(page_of("https://a.example/", lang="de"), page_of("https://b.example/"))
    open_cases(page_of("https://c.example/", lang="en"), band=0)
    with db.write() as connection:
        close_case(connection, ids[1], "bait", now)
    with db.read() as connection:
        assert count_waiting(connection) == {"now": 1, "soon": 0, "later": 1}
        assert languages_waiting(connection) == ["de", "en"]
    assert set(BANDS) == {"now", "soon", "later"}


def test_the_newest_decision_is_what_a_viewer_knows_of(db, now):
    with db.read() as connection:
        assert newest_decision(connection) == 0
    url = canonicalize_url("https://a.example/")
    made = record_decision(db, url, "bait", "page", None, Actor("ann", now))
    with db.read() as connection:
        assert newest_decision(connection) == made.id


@pytest.fixture
def accounts(db, now):
    with db.write() as connection:
        for name in ("ann", "bob"):
            create_account(connection, name, "hash", "moderator", Actor("tests", now))
    return 1, 2


def test_a_view_belongs_to_one_account_and_replaces_the_one_of_its_name(db, accounts):
    ann, bob = accounts
    save_view(db, ann, "mine", "verdict=bait")
    save_view(db, bob, "mine", "verdict=clean")
    save_view(db, ann, "mine", "verdict=unknown")
    (view,) = views_of(db, ann)
    assert (view.name, view.query) == ("mine", "verdict=unknown")
    with pytest.raises(NotFoundError):
        delete_view(db, bob, view.id)
    delete_view(db, ann, view.id)
    assert views_of(db, ann) == []
    assert len(views_of(db, bob)) == 1


def test_views_are_limited_in_number_and_size(db, accounts):
    ann, _ = accounts
    for number in range(MOST_VIEWS):
        save_view(db, ann, f"view {number}", "")
    with pytest.raises(InvalidRequestError, match="most"):
        save_view(db, ann, "one more", "")
    save_view(db, ann, "view 7", "verdict=bait")
    for name, query in (("", ""), ("x" * 65, ""), ("long", "x" * 2_001)):
        with pytest.raises(InvalidRequestError):
            save_view(db, ann, name, query)
    assert len(views_of(db, ann)) == MOST_VIEWS
