"""Cases: what opens one, which page joins which, what is counted, who works on it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from model.page import Page
from model.url import canonicalize_url
from model.verdict import ModelId, Verdict
from service.errors import NotFoundError
from service.finding import Finding, Reading, content_fingerprint
from service.sketch import sketch_of
from service.store.audit import Actor
from service.store.case_page import CasePage, scanned_page
from service.store.case_tables import CASE_BANDS, CASE_PAGES
from service.store.cases import (
    ask_second_opinion,
    case_by_id,
    case_of_page,
    claim_case,
    close_case,
    pages_of_case,
    pages_of_cases,
    release_case,
    reopen_case,
    similar_cases,
)
from service.store.claims import claim_oldest, finish_scan
from service.store.decisions import record_decision
from service.store.joining import open_or_join_case
from service.store.kept import Kept, save_rejudged
from service.store.reports import record_report
from service.store.scans import Wanted, submit_scans
from service.store.tables import AUDIT, VERDICTS
from service.store.verdicts import finding_by_id

MODEL = ModelId("test-1", "0123456789ab")
TERM = timedelta(minutes=1)
FILM = " ".join(
    f"The {name} keeper walks along the shore for the {number}th evening and says nothing."
    for number, name in enumerate(
        "lighthouse harbour museum forest railway night island garden tower bridge".split(), 1
    )
)
COPY = FILM.replace("museum", "theatre")
OTHER = " ".join(
    f"Recipe number {n} wants salt, {n} onions and patience all day." for n in range(20)
)
FILMS = ("a.example/1", "b.example/2", "c.example/3")
ANN, BOB = "ann", "bob"


def seen(url, text=FILM, verdict="suspicious", **more):
    return CasePage(
        canonicalize_url(url),
        verdict,
        title=more.pop("title", "The Lighthouse"),
        fingerprint=content_fingerprint(text),
        sketch=sketch_of(text),
        **more,
    )


@pytest.fixture
def join(db, now):
    """Put pages into cases, one after the other, and return the cases' ids."""

    def put(*pages, at=now, **counts):
        with db.write() as connection:
            return [open_or_join_case(connection, page, at, **counts) for page in pages]

    return put


@pytest.fixture
def read(db):
    def one(case_id):
        with db.read() as connection:
            return case_by_id(connection, case_id)

    return one


def scanned(db, now, url, text=FILM, verdict="suspicious", unchanged=False):
    """Scan a page, as a worker would."""
    wanted = Wanted(url, canonicalize_url(url), fresh=True)
    submit_scans(db, [wanted], now)
    lease = f"1-{url}-{now}"
    scan = claim_oldest(db, lease, lambda: now, TERM)
    judged = Verdict(verdict, 0.5, MODEL, "streaming")
    finding = Finding(
        judged, scan.canonical, (), content_fingerprint(text), now, now + timedelta(days=1)
    )
    reading = None if unchanged else Reading("The Lighthouse", text, (), (), language="en")
    assert finish_scan(db, scan, lease, finding, reading)


def case_of(db, url):
    with db.read() as connection:
        case_id = case_of_page(connection, url)
        return None if case_id is None else case_by_id(connection, case_id)


def test_pages_of_the_same_and_of_nearly_the_same_content_are_one_case(join, read, db):
    first, same, near, other = join(
        seen("https://a.example/1"),
        seen("https://b.example/2"),
        seen("https://c.example/3", COPY),
        seen("https://d.example/4", OTHER, title="Recipes"),
    )
    assert first == same == near != other
    case = read(first)
    assert (case.pages, case.title, case.host) == (3, "The Lighthouse", "a.example")
    with db.read() as connection:
        pages = pages_of_case(connection, first, most=2)
        assert [page.host for page in pages] == ["a.example", "b.example"]
        (last,) = pages_of_case(connection, first, most=2, after=pages[-1].id)
        assert last.canonical == "https://c.example/3"
        assert pages_of_cases(connection, [first, other]) == {
            first: [
                (f"https://{n}", "suspicious")
                for n in ("a.example/1", "b.example/2", "c.example/3")
            ],
            other: [("https://d.example/4", "suspicious")],
        }


def test_pages_without_content_are_a_case_each(join):
    one, other = join(
        CasePage(canonicalize_url("https://a.example/"), "unknown"),
        CasePage(canonicalize_url("https://b.example/"), "unknown"),
    )
    assert one != other


def test_a_page_is_in_one_case_and_is_counted_every_time_it_is_asked_about(join, read):
    page = seen("https://a.example/")
    (first,) = join(page, asked=2)
    (again,) = join(page, asked=1, reports=3)
    assert first == again
    case = read(first)
    assert (case.pages, case.reach, case.reports) == (1, 3, 3)
    assert case.band == "now"


def test_a_page_that_nobody_had_seen_joins_the_others_of_its_content_once_it_is_seen(
    join, read, db
):
    url = "https://b.example/"
    unseen = CasePage(canonicalize_url(url), "unknown")
    film, alone = join(seen("https://a.example/"), unseen, asked=1, reports=1)
    assert film != alone
    (joined,) = join(seen(url))
    assert joined == film
    case = read(film)
    assert (case.pages, case.reach, case.reports) == (2, 2, 2)
    assert read(alone).pages == 0
    assert read(alone).closed_at is not None


def test_a_page_that_nobody_had_seen_says_what_its_case_is_about_once_it_is_seen(join, read):
    (unseen,) = join(CasePage(canonicalize_url("https://a.example/"), "unknown"))
    (known,) = join(seen("https://a.example/", lang="en", lure="streaming"))
    (copy,) = join(seen("https://b.example/", COPY))
    assert unseen == known == copy
    case = read(known)
    assert (case.title, case.lang, case.lure) == ("The Lighthouse", "en", "streaming")


def test_a_case_shows_the_strongest_verdict_of_its_pages(join, read):
    case_id, *_ = join(
        seen("https://a.example/", verdict="suspicious"),
        seen("https://b.example/", verdict="bait"),
        seen("https://c.example/", verdict="clean"),
    )
    assert read(case_id).verdict == "bait"


def test_a_case_of_one_page_shows_its_newest_verdict(join, read):
    (case_id,) = join(seen("https://a.example/"))
    join(seen("https://a.example/", verdict="clean"))
    assert read(case_id).verdict == "clean"


def test_news_of_a_decided_page_opens_its_case_again_with_counts_of_its_own(join, read, db, now):
    (case_id,) = join(seen("https://a.example/"), asked=5, reports=5)
    later = now + timedelta(hours=1)
    with db.write() as connection:
        close_case(connection, case_id, "bait", now)
    assert (read(case_id).closed_at, read(case_id).ruling) == (now, "bait")
    (again,) = join(seen("https://a.example/"), at=later, asked=1)
    case = read(again)
    assert again == case_id
    assert (case.closed_at, case.ruling, case.opened_at) == (None, None, later)
    assert (case.reach, case.reports) == (1, 0)


def test_a_new_page_of_a_decided_campaign_opens_a_new_case_that_names_the_old(join, read, db, now):
    (old,) = join(seen("https://a.example/"))
    with db.write() as connection:
        close_case(connection, old, "bait", now)
    (new,) = join(seen("https://b.example/", COPY))
    assert new != old
    with db.read() as connection:
        assert [case.id for case in similar_cases(connection, read(new), 10)] == [old]
    (third,) = join(seen("https://c.example/"))
    assert third == new


def test_a_decided_page_joins_the_open_case_of_its_campaign(join, read, db, now):
    (old,) = join(seen("https://a.example/"))
    with db.write() as connection:
        close_case(connection, old, "bait", now)
    (new,) = join(seen("https://b.example/"))
    (moved,) = join(seen("https://a.example/"))
    assert moved == new
    assert (read(old).pages, read(new).pages) == (0, 2)


def test_undoing_a_ruling_puts_the_case_back_as_it_was(join, read, db, now):
    (case_id,) = join(seen("https://a.example/"), asked=4, reports=2)
    before = read(case_id)
    with db.write() as connection:
        close_case(connection, case_id, "bait", now)
        reopen_case(connection, case_id, now)
    assert read(case_id) == before


def test_a_campaign_is_kept_once_however_many_cases_it_has(join, db, now):
    for number in range(5):
        (case_id,) = join(seen(f"https://{number}.example/"))
        with db.write() as connection:
            close_case(connection, case_id, "bait", now)
    with db.read() as connection:
        kept = connection.execute(select(CASE_BANDS.c.case_id).distinct()).scalars().all()
    assert len(kept) == 1


def test_whoever_was_unsure_brings_a_case_forward_and_gives_it_back(join, read, db, now):
    (case_id,) = join(seen("https://a.example/"), reports=1)
    assert claim_case(db, case_id, Actor(ANN, now), TERM)
    with db.write() as connection:
        ask_second_opinion(connection, case_id, now)
    case = read(case_id)
    assert (case.second_opinion, case.band, case.holder(now)) == (True, "now", None)
    with db.write() as connection:
        ask_second_opinion(connection, case_id, now, wanted=False)
    assert (read(case_id).second_opinion, read(case_id).band) == (False, "soon")


def test_a_case_is_kept_for_one_until_the_claim_runs_out(join, read, db, now):
    (case_id,) = join(seen("https://a.example/"))
    assert claim_case(db, case_id, Actor(ANN, now), TERM)
    assert not claim_case(db, case_id, Actor(BOB, now), TERM)
    assert claim_case(db, case_id, Actor(ANN, now + TERM / 2), TERM)
    assert read(case_id).holder(now + TERM) == ANN
    assert read(case_id).holder(now + 2 * TERM) is None
    assert claim_case(db, case_id, Actor(BOB, now + 2 * TERM), TERM)


def test_only_its_holder_gives_a_case_back(join, read, db, now):
    (case_id,) = join(seen("https://a.example/"))
    claim_case(db, case_id, Actor(ANN, now), TERM)
    assert not release_case(db, case_id, Actor(BOB, now))
    assert release_case(db, case_id, Actor(ANN, now))
    assert claim_case(db, case_id, Actor(BOB, now), TERM)
    with db.read() as connection:
        log = connection.execute(select(AUDIT.c.by, AUDIT.c.action).order_by(AUDIT.c.id)).all()
    assert log == [(ANN, "claim_case"), (ANN, "release_case"), (BOB, "claim_case")]


def test_a_closed_case_and_one_that_is_not_there_cannot_be_claimed(join, db, now):
    (case_id,) = join(seen("https://a.example/"))
    with db.write() as connection:
        close_case(connection, case_id, "bait", now)
    assert not claim_case(db, case_id, Actor(ANN, now), TERM)
    with pytest.raises(NotFoundError):
        claim_case(db, case_id + 1, Actor(ANN, now), TERM)


@pytest.mark.parametrize(("verdict", "opens"), [("suspicious", 1), ("bait", 0), ("clean", 0)])
def test_a_scan_opens_a_case_where_the_machine_doubts(db, now, verdict, opens):
    scanned(db, now, "https://a.example/", verdict=verdict)
    with db.read() as connection:
        assert connection.execute(select(func.count()).select_from(CASE_PAGES)).scalar() == opens


def test_what_a_scan_saw_stands_in_its_case(db, now):
    scanned(db, now, "https://a.example/")
    case = case_of(db, "https://a.example/")
    assert (case.title, case.lang, case.lure, case.band) == (
        "The Lighthouse",
        "en",
        "streaming",
        "soon",
    )
    assert (case.pages, case.reach, case.site) == (1, 1, "a.example")


def test_a_scan_that_found_a_page_as_it_was_says_what_it_is_about_all_the_same(db, now, join):
    url = "https://a.example/"
    scanned(db, now, url, verdict="bait")
    (film,) = join(seen("https://b.example/", COPY))
    scanned(db, now + TERM, url, unchanged=True)
    case = case_of(db, url)
    assert (case.id, case.pages) == (film, 2)
    scanned(db, now + TERM, "https://c.example/", OTHER, verdict="bait")
    scanned(db, now + 2 * TERM, "https://c.example/", OTHER, unchanged=True)
    other = case_of(db, "https://c.example/")
    assert (other.title, other.lang) == ("The Lighthouse", "en")


def test_a_scan_of_a_page_that_is_ruled_opens_no_case(db, now):
    url = canonicalize_url("https://a.example/")
    record_decision(db, url, "not_bait", "host", None, Actor(ANN, now))
    scanned(db, now, url.href)
    assert case_of(db, url.href) is None


def test_a_report_opens_a_case_and_says_that_it_disagrees(db, now):
    scanned(db, now, "https://a.example/", verdict="clean")
    url = canonicalize_url("https://a.example/")
    record_report(db, url, "bait", "look", Actor("key", now))
    case = case_of(db, url.href)
    assert (case.verdict, case.reports, case.disagrees) == ("clean", 1, True)
    scanned(db, now + TERM, "https://a.example/", verdict="bait")
    case = case_of(db, url.href)
    assert (case.verdict, case.reports, case.disagrees) == ("bait", 1, False)


def test_a_report_that_agrees_is_no_disagreement(db, now):
    scanned(db, now, "https://a.example/", verdict="bait")
    url = canonicalize_url("https://a.example/")
    record_report(db, url, "bait", None, Actor("key", now))
    assert not case_of(db, url.href).disagrees


def test_a_report_on_a_page_that_nobody_saw_opens_a_case(db, now):
    record_report(db, canonicalize_url("https://a.example/"), "bait", None, Actor("key", now))
    case = case_of(db, "https://a.example/")
    assert (case.verdict, case.fingerprint, case.reports) == ("unknown", None, 1)


@pytest.mark.parametrize(("says", "opens"), [("bait", False), ("not_bait", True)])
def test_a_report_on_a_ruled_page_counts_only_where_it_says_otherwise(db, now, says, opens):
    url = canonicalize_url("https://a.example/")
    record_decision(db, url, "bait", "page", None, Actor(ANN, now))
    record_report(db, url, says, None, Actor("key", now + TERM))
    assert (case_of(db, url.href) is not None) == opens


def test_a_page_that_another_model_judges_otherwise_says_so_in_its_case(db, now):
    url = "https://a.example/"
    scanned(db, now, url)
    before = case_of(db, url)
    with db.read() as connection:
        verdict_id = connection.execute(select(func.max(VERDICTS.c.id))).scalar()
        finding = finding_by_id(connection, verdict_id)
    again = replace(finding, verdict=replace(finding.verdict, verdict="bait"))
    assert save_rejudged(db, Kept(verdict_id, url, finding, Page.from_text(FILM, url)), again)
    assert (before.verdict, case_of(db, url).verdict) == ("suspicious", "bait")


def test_hostile_titles_are_kept_whole_on_every_database(db, now, join, read):
    finding = Finding(Verdict("bait", 0.9, MODEL), None, (), "f" * 64, now, now)
    reading = Reading("a\0b\ud800<script>" + "x" * 1_000, "text", (), ())
    page = scanned_page(canonicalize_url("https://a.example/"), finding, reading)
    (case_id,) = join(page)
    assert read(case_id).title == page.title
    assert page.title.startswith("ab?<script>")
    assert len(page.title) == 300
