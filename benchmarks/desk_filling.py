"""A database as the desk has it after 100,000 submissions, filled without fetching anything.

Like a real one it is uneven: one campaign has a twentieth of all pages, one host a thirtieth, most
cases have one page.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table, func, insert, select

from model.url import URL, canonicalize_url
from model.verdict import Evidence, ModelId, Reason, Verdict, VerdictName
from service.finding import Finding, Reading, dump_finding, dump_reading
from service.passwords import Passwords
from service.sketch import Sketch
from service.store.accounts import create_account
from service.store.audit import Actor
from service.store.case_page import CasePage
from service.store.case_tables import BATCH_ITEMS, BATCHES, CASE_BANDS, CASE_PAGES, CASES
from service.store.database import Database
from service.store.tables import DECISIONS, REPORTS, SCANS, VERDICTS

NAME, PASSWORD = "bench", "a long enough word"
MODEL = ModelId("bench-1", "0123456789ab")
_AT_ONCE = 2_000
_A_BATCH = 500
_WORDS = (
    "harbour lantern keeper winter story island bridge letter garden window silver thunder copper "
    "meadow castle engine pocket ladder candle ribbon market orchard velvet marble feather anchor"
).split()
_VERDICTS: tuple[VerdictName, ...] = ("suspicious", "suspicious", "bait", "clean", "unknown")


@dataclass(frozen=True)
class Filled:
    """What the database holds, for whoever asks about it."""

    cases: int
    open_cases: int
    pages: int
    largest_case: int


@dataclass(frozen=True)
class _Page:
    number: int
    case: int
    url: URL
    title: str
    verdict: VerdictName
    lang: str
    at: datetime


def fill(db: Database, submissions: int, now: datetime) -> Filled:
    """Put so many submissions into an empty database."""
    chance = random.Random(1)
    pages = list(_pages(submissions, now, chance))
    cases: dict[int, list[_Page]] = {}
    for page in pages:
        cases.setdefault(page.case, []).append(page)
    closed = {number for number in cases if number % 3 == 0 and number > 3}
    hashed = Passwords().hash(PASSWORD)
    with db.write() as connection:
        create_account(connection, NAME, hashed, "lead", Actor("bench", now))
    _insert(db, VERDICTS, (_verdict(page) for page in pages))
    _insert(db, SCANS, (_scan(page) for page in pages))
    _insert(db, CASES, (_case(n, some, n in closed) for n, some in cases.items()))
    _insert(db, CASE_PAGES, (_case_page(page) for page in pages))
    _insert(db, CASE_BANDS, _bands(cases))
    _insert(db, BATCHES, _batches(submissions, now))
    _insert(db, BATCH_ITEMS, (_item(page) for page in pages))
    _insert(db, REPORTS, (_report(page) for page in pages[::20]))
    _insert(db, DECISIONS, (_decision(page) for n in closed for page in cases[n]))
    _count_on(db, (VERDICTS, CASES, CASE_PAGES, BATCHES))
    return Filled(len(cases), len(cases) - len(closed), len(pages), max(map(len, cases.values())))


def _insert(db: Database, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        with db.write() as connection:
            connection.execute(insert(table), some)


def _count_on(db: Database, tables: Iterable[Table]) -> None:
    """Have PostgreSQL number new rows after those that came with their numbers."""
    with db.write() as connection:
        if connection.dialect.name != "postgresql":
            return
        for table in tables:
            last = select(func.max(table.c.id)).scalar_subquery()
            place = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(place, last)))


def _pages(count: int, now: datetime, chance: random.Random) -> Iterator[_Page]:
    for number in range(1, count + 1):
        if number <= count // 20:
            case = 1
        elif number <= count // 10:
            case = 2 + number % 20
        else:
            case = 22 + int((number - count // 10) / 1.5)
        host = "busy.example" if number % 30 == 0 else f"{number % 20_000}.{number % 97}.example"
        path = "/".join(chance.choices(_WORDS, k=3))
        yield _Page(
            number,
            case,
            canonicalize_url(f"https://{host}/{path}/{number}"),
            " ".join(chance.choices(_WORDS, k=6)),
            chance.choice(_VERDICTS),
            chance.choice(("en", "de", "es", "")),
            now - timedelta(minutes=chance.randrange(60 * 24 * 60)),
        )


def _verdict(page: _Page) -> dict[str, Any]:
    text = f"{page.title}. " * 20
    seen = page.verdict != "unknown"
    judged = Verdict(
        page.verdict,
        0.5 if seen else None,
        MODEL,
        "streaming" if page.verdict == "bait" else None,
        (Reason("promise", "It promises something for nothing.", 2.5),) * 5,
        (Evidence("text", text[:20], start=0, end=20),),
    )
    fingerprint = f"{page.case:064x}" if seen else None
    until = page.at + timedelta(days=7)
    finding = Finding(judged, page.url.href, (), fingerprint, page.at, until)
    return {
        "id": page.number,
        "canonical": page.url.href,
        "verdict": page.verdict,
        "finding": dump_finding(finding),
        "fingerprint": fingerprint,
        "reading": dump_reading(Reading(page.title, text, (), (), page.lang)) if seen else None,
        "checked_at": page.at,
        "expires_at": until,
    }


def _scan(page: _Page) -> dict[str, Any]:
    return {
        "id": f"{page.number:032x}",
        "url": page.url.href,
        "canonical": page.url.href,
        "site": page.url.host,
        "state": "done",
        "tries": 1,
        "created_at": page.at,
        "done_at": page.at,
        "verdict_id": page.number,
    }


def _sketch(number: int) -> Sketch:
    return Sketch(random.Random(number).randbytes(400))


def _case(number: int, pages: list[_Page], is_closed: bool) -> dict[str, Any]:
    first = pages[0]
    opened = min(page.at for page in pages)
    return {
        "id": number,
        "opened_at": opened,
        "touched_at": max(page.at for page in pages),
        "closed_at": opened + timedelta(days=1) if is_closed else None,
        "band": number % 3,
        "verdict": first.verdict,
        "lure": "streaming" if first.verdict == "bait" else None,
        "lang": first.lang,
        "host": first.url.host,
        "site": first.url.host,
        "title": first.title,
        "fingerprint": f"{number:064x}",
        "sketch": _sketch(number).numbers,
        "campaign": number,
        "pages": len(pages),
        "reach": len(pages),
        "reports": number % 5,
        "disagrees": number % 7 == 0,
        "second_opinion": number % 50 == 0,
        "ruling": "bait" if is_closed else None,
    }


def _case_page(page: _Page) -> dict[str, Any]:
    return {
        "id": page.number,
        "case_id": page.case,
        "canonical": page.url.href,
        "host": page.url.host,
        "words": CasePage(page.url, page.verdict, title=page.title).words,
        "verdict": page.verdict,
        "added_at": page.at,
    }


def _bands(cases: Iterable[int]) -> Iterator[dict[str, Any]]:
    for number in cases:
        for digest in _sketch(number).bands:
            yield {"digest": digest, "case_id": number}


def _batches(submissions: int, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range((submissions - 1) // _A_BATCH + 1):
        yield {"id": number + 1, "by": f"person {number % 40}", "at": now}


def _item(page: _Page) -> dict[str, Any]:
    batch, position = divmod(page.number - 1, _A_BATCH)
    return {
        "batch_id": batch + 1,
        "position": position,
        "url": page.url.href,
        "canonical": page.url.href,
        "scan_id": f"{page.number:032x}",
    }


def _report(page: _Page) -> dict[str, Any]:
    return {"url": page.url.href, "says": "bait", "by": f"person {page.number % 40}", "at": page.at}


def _decision(page: _Page) -> dict[str, Any]:
    return {
        "url": page.url.href,
        "scope": "page",
        "expression": page.url.href.partition("://")[2],
        "ruling": "bait",
        "by": "somebody",
        "at": page.at + timedelta(days=1),
        "case_id": page.case,
    }
