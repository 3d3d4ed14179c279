"""Kept pages in the store: each content once, named by its SHA-256, gone with its last owner."""

import hashlib
import json
import zlib
from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, select

from model.page import Page
from model.url import canonicalize_url
from model.verdict import ModelId, Verdict
from service.finding import Finding, Reading
from service.snapshots import pack_page
from service.store.audit import Actor
from service.store.decisions import decided_pages, record_decision
from service.store.kept import forget_pages, judged_otherwise
from service.store.tables import DECISIONS, SNAPSHOTS, VERDICTS
from service.store.verdicts import newest_reading, save_finding

A, B = "https://a.example/", "https://b.example/"
PAGE = Page.from_html("<p>The same words, wherever they stand: für alle.</p>", A)
OTHER = Page.from_html("<p>Other words.</p>", A)
NEW = ModelId("2", "def")


@pytest.fixture
def save(db, now):
    """Save a finding about a URL with its page."""

    def one(url, page, at=now):
        verdict = Verdict("clean", 0.25, ModelId("1", "abc"))
        finding = Finding(verdict, url, (), None, at, at + timedelta(hours=1))
        reading = Reading("title", "text", (), (), url=url, snapshot=page and pack_page(page))
        with db.write() as connection:
            save_finding(connection, url, finding, reading)

    return one


def kept(db):
    """Read the snapshots, and hold each to its name."""
    with db.read() as connection:
        rows = connection.execute(select(SNAPSHOTS)).all()
    for row in rows:
        assert hashlib.sha256(zlib.decompress(row.content)).hexdigest() == row.digest
    return {row.digest for row in rows}


def test_one_page_at_many_addresses_is_kept_once_and_comes_back_at_each(db, save, now):
    save(A, PAGE)
    save(B, PAGE)
    assert kept(db) == {pack_page(PAGE).digest}
    found = {one.canonical: one.page for one in judged_otherwise(db, NEW, now)}
    assert found == {url: Page.from_html(PAGE.body.decode(), url) for url in (A, B)}


def test_plain_text_and_markup_of_the_same_characters_are_two_pages(db, save, now):
    save(A, Page.from_text("a < b", A))
    save(B, Page.from_html("a < b", B))
    assert len(kept(db)) == 2
    types = {one.canonical: one.page.media_type for one in judged_otherwise(db, NEW, now)}
    assert types == {A: "text/plain", B: "text/html"}


def test_a_page_is_dropped_with_the_last_verdict_that_names_it(db, save):
    save(A, PAGE)
    save(B, PAGE)
    save(A, OTHER)
    assert kept(db) == {pack_page(PAGE).digest, pack_page(OTHER).digest}
    save(B, OTHER)
    assert kept(db) == {pack_page(OTHER).digest}


def test_the_same_page_seen_again_at_the_same_address_stays(db, save):
    save(A, PAGE)
    save(A, PAGE)
    assert kept(db) == {pack_page(PAGE).digest}


def test_the_page_of_a_ruling_outlives_its_verdicts(db, save, now):
    save(A, PAGE)
    record_decision(db, canonicalize_url(A), "bait", "page", None, Actor("ada", now))
    assert forget_pages(db, now + timedelta(days=1)) == 1
    assert kept(db) == {pack_page(PAGE).digest}
    ((_, page, newest),) = decided_pages(db)
    assert (page, newest) == (Page.from_html(PAGE.body.decode(), A), True)


def test_old_pages_are_dropped_and_young_ones_stay(db, save, now):
    save(A, PAGE, now - timedelta(days=2))
    save(B, OTHER)
    assert forget_pages(db, now - timedelta(days=1)) == 1
    assert kept(db) == {pack_page(OTHER).digest}
    assert newest_reading(db, A) is None
    assert newest_reading(db, B) is not None


def test_nothing_of_a_page_is_kept_where_saving_it_fails(db, now):
    finding = Finding(Verdict("clean", 0.2, NEW), A, (), None, now, now)
    reading = Reading("title", "text", (), (), snapshot=pack_page(PAGE))
    with pytest.raises(ZeroDivisionError), db.write() as connection:
        save_finding(connection, A, finding, reading)
        raise ZeroDivisionError
    assert kept(db) == set()


def test_pages_that_stood_in_readings_are_moved_out_of_them(empty, opened, now):
    db, config = opened(empty), Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.set_main_option("path_separator", "os")
    line = json.dumps({"id": "x", "url": "https://a.example/end", "html": PAGE.body.decode()})
    blob = zlib.compress(
        json.dumps({"title": "t", "text": "x", "links": [], "hidden": []}).encode()
    )
    told = {"title": "t", "text": "x", "links": [], "hidden": [], "saved": line}
    with db.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        tables = MetaData()
        tables.reflect(connection)
        at = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        row = {"canonical": A, "verdict": "clean", "checked_at": at, "expires_at": at}
        row |= {"finding": "{}", "reading": zlib.compress(json.dumps(told).encode())}
        connection.execute(tables.tables["verdicts"].insert().values(row))
        connection.execute(tables.tables["verdicts"].insert().values(row | {"reading": blob}))
        ruled = {"url": A, "scope": "page", "expression": A, "ruling": "bait", "by": "ada"}
        ruled |= {"at": at, "reading": row["reading"]}
        connection.execute(tables.tables["decisions"].insert().values(ruled))
    db.upgrade()
    digest = pack_page(PAGE).digest
    assert kept(db) == {digest}
    with db.read() as connection:
        query = select(VERDICTS.c.snapshot).order_by(VERDICTS.c.id)
        assert list(connection.execute(query).scalars()) == [digest, None]
        assert list(connection.execute(select(DECISIONS.c.snapshot)).scalars()) == [digest]
    ((_, page, _),) = decided_pages(db)
    assert page == Page.from_html(PAGE.body.decode(), "https://a.example/end")
