"""Joining: which case a page comes into when something about it is news.

A page is in one case at most. Of each campaign (pages of nearly the same content) one case is open
at most, but for those that were put back by undoing a ruling.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, insert, select, update

from model.verdict import VerdictName
from service.politeness import site_of_url
from service.store.campaigns import campaign_of, found_campaign
from service.store.case_page import CasePage
from service.store.case_tables import CASE_PAGES, CASES
from service.store.cases import Case, case_by_id, case_of_page
from service.store.tables import REPORTS
from service.urgency import BANDS, Signals, band_of

# A case shows the strongest that was said of any of its pages.
_STRONGEST: tuple[VerdictName, ...] = ("clean", "unknown", "suspicious", "bait")
# What a report says where the machine said the opposite.
_OPPOSITE: dict[VerdictName, str] = {"bait": "not_bait", "clean": "bait"}


def open_or_join_case(
    connection: Connection, page: CasePage, now: datetime, *, asked: int = 0, reports: int = 0
) -> int:
    """Put a page into a case, opening one where none fits, and return the case's id.

    ``asked`` and ``reports`` are how often somebody asked about the page, and reported it, this
    time. A page whose case was closed opens it again, with counts of its own.
    """
    case = _case_of(connection, page)
    if case is None:
        case_id = _case_for(connection, page, now)
        _add_page(connection, case_id, page, now)
    else:
        case_id = _case_again(connection, case, page, now)
        _renew_page(connection, case_id, page)
    _weigh(connection, case_by_id(connection, case_id), page, now, asked, reports)
    return case_id


def renew_open_case(connection: Connection, page: CasePage, now: datetime) -> bool:
    """Bring the open case of a page up to what a new finding says; False where it has none."""
    case = _case_of(connection, page)
    if case is None or case.closed_at is not None:
        return False
    open_or_join_case(connection, page, now)
    return True


def _case_of(connection: Connection, page: CasePage) -> Case | None:
    case_id = case_of_page(connection, page.url.href)
    return None if case_id is None else case_by_id(connection, case_id)


def _case_again(connection: Connection, case: Case, page: CasePage, now: datetime) -> int:
    """Return the case for a page that is in one: open, and of the page's campaign."""
    if case.closed_at is not None:
        other = _open_case(connection, case.campaign)
        if other is None:
            _open_anew(connection, case.id, now)
            return case.id
        _move_page(connection, case.id, other)
        return other
    if case.fingerprint is not None or page.fingerprint is None:
        return case.id
    return _learn_content(connection, case, page, now)


def _learn_content(connection: Connection, case: Case, page: CasePage, now: datetime) -> int:
    """Say what a case is about, now that its page was seen, unless another is about the same."""
    campaign = campaign_of(connection, page)
    other = None if campaign is None else _open_case(connection, campaign)
    if other is not None and other != case.id:
        _move_page(connection, case.id, other)
        _fold(connection, case, other, now)
        return other
    values = _content(page) | {"campaign": campaign or case.id}
    connection.execute(update(CASES).where(CASES.c.id == case.id).values(**values))
    if campaign is None and page.sketch is not None:
        found_campaign(connection, case.id, page.sketch)
    return case.id


def _case_for(connection: Connection, page: CasePage, now: datetime) -> int:
    """Return the open case of a page's campaign, or a new one."""
    campaign = campaign_of(connection, page)
    if campaign is not None:
        case_id = _open_case(connection, campaign)
        if case_id is not None:
            return case_id
    return _new_case(connection, page, campaign, now)


def _open_case(connection: Connection, campaign: int) -> int | None:
    query = select(CASES.c.id).where(CASES.c.campaign == campaign, CASES.c.closed_at.is_(None))
    found: int | None = connection.execute(query.order_by(CASES.c.id).limit(1)).scalar()
    return found


def _new_case(connection: Connection, page: CasePage, campaign: int | None, now: datetime) -> int:
    made = connection.execute(
        insert(CASES)
        .values(
            opened_at=now,
            touched_at=now,
            band=len(BANDS) - 1,
            verdict=page.verdict,
            host=page.url.host,
            site=site_of_url(page.url),
            campaign=campaign or 0,
            pages=0,
            reach=0,
            reports=0,
            disagrees=False,
            second_opinion=False,
            **_content(page),
        )
        .returning(CASES.c.id)
    )
    case_id: int = made.scalar_one()
    if campaign is None:
        connection.execute(update(CASES).where(CASES.c.id == case_id).values(campaign=case_id))
        if page.sketch is not None:
            found_campaign(connection, case_id, page.sketch)
    return case_id


def _add_page(connection: Connection, case_id: int, page: CasePage, now: datetime) -> None:
    connection.execute(
        insert(CASE_PAGES).values(
            case_id=case_id,
            canonical=page.url.href,
            host=page.url.host,
            words=page.words,
            verdict=page.verdict,
            added_at=now,
        )
    )
    connection.execute(update(CASES).where(CASES.c.id == case_id).values(pages=CASES.c.pages + 1))


def _renew_page(connection: Connection, case_id: int, page: CasePage) -> None:
    values: dict[str, Any] = {"verdict": page.verdict, "case_id": case_id}
    if page.title:
        values["words"] = page.words
    same = CASE_PAGES.c.canonical == page.url.href
    connection.execute(update(CASE_PAGES).where(same).values(**values))


def _content(page: CasePage) -> dict[str, Any]:
    return {
        "lure": page.lure,
        "lang": page.lang,
        "title": page.title,
        "fingerprint": page.fingerprint,
        "sketch": None if page.sketch is None else page.sketch.numbers,
    }


def _open_anew(connection: Connection, case_id: int, now: datetime) -> None:
    connection.execute(
        update(CASES)
        .where(CASES.c.id == case_id)
        .values(
            opened_at=now,
            closed_at=None,
            ruling=None,
            reach=0,
            reports=0,
            disagrees=False,
            second_opinion=False,
        )
    )


def _move_page(connection: Connection, source: int, target: int) -> None:
    """Count a page where it goes; ``_renew_page`` puts it there."""
    for case_id, step in ((source, -1), (target, 1)):
        counted = update(CASES).where(CASES.c.id == case_id).values(pages=CASES.c.pages + step)
        connection.execute(counted)


def _fold(connection: Connection, case: Case, other: int, now: datetime) -> None:
    """Close a case that has no page left, and have another count what was asked and reported."""
    connection.execute(update(CASES).where(CASES.c.id == case.id).values(closed_at=now))
    connection.execute(
        update(CASES)
        .where(CASES.c.id == other)
        .values(reach=CASES.c.reach + case.reach, reports=CASES.c.reports + case.reports)
    )


def _weigh(
    connection: Connection, case: Case, page: CasePage, now: datetime, asked: int, reports: int
) -> None:
    """Count what came in, and say anew how soon somebody should look."""
    alone = case.pages == 1
    verdict = page.verdict if alone else max(case.verdict, page.verdict, key=_STRONGEST.index)
    contradicted = _contradicted(connection, case, page)
    signals = Signals(
        verdict,
        case.reach + asked,
        case.reports + reports,
        contradicted if alone else contradicted or case.disagrees,
        case.second_opinion,
    )
    connection.execute(
        update(CASES)
        .where(CASES.c.id == case.id)
        .values(
            touched_at=max(case.touched_at, now),
            verdict=signals.verdict,
            lure=page.lure if alone else case.lure or page.lure,
            reach=signals.reach,
            reports=signals.reports,
            disagrees=signals.disagrees,
            band=BANDS.index(band_of(signals)),
        )
    )


def _contradicted(connection: Connection, case: Case, page: CasePage) -> bool:
    """Say whether a report since the case was opened says otherwise than the machine."""
    opposite = _OPPOSITE.get(page.verdict)
    if opposite is None:
        return False
    query = select(
        exists().where(
            REPORTS.c.url == page.url.href,
            REPORTS.c.says == opposite,
            REPORTS.c.at >= case.opened_at,
        )
    )
    return bool(connection.execute(query).scalar())
