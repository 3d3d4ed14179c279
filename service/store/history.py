"""What went before: earlier verdicts and rulings on a page, reports, and what its host did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from model.url import url_expressions
from model.verdict import VerdictName
from service.rulings import Decision
from service.store.case_tables import CASE_PAGES
from service.store.reports import Report
from service.store.standing import DECISION_COLUMNS
from service.store.tables import DECISIONS, REPORTS, VERDICTS
from service.store.verdicts import newest_fingerprints


@dataclass(frozen=True, slots=True)
class PastVerdict:
    """What the machine said of a page at some time."""

    verdict: VerdictName
    at: datetime


@dataclass(frozen=True, slots=True)
class PastRuling:
    """A ruling that covers, or covered, a page; revoked ones say by whom and when."""

    decision: Decision
    revoked_by: str | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class HostHistory:
    """How many of a host's pages are in cases, by verdict, and how often it was ruled on."""

    pages: dict[VerdictName, int]
    rulings: dict[str, int]


def past_verdicts(connection: Connection, canonical: str, most: int) -> list[PastVerdict]:
    """List what the machine said of a page, newest first."""
    query = select(VERDICTS.c.verdict, VERDICTS.c.checked_at).where(
        VERDICTS.c.canonical == canonical
    )
    rows = connection.execute(query.order_by(VERDICTS.c.id.desc()).limit(most))
    return [PastVerdict(*row) for row in rows]


def past_rulings(connection: Connection, canonical: str, most: int) -> list[PastRuling]:
    """List the rulings that cover a page, or did before they were revoked, newest first."""
    exact, *wider = url_expressions(canonical)
    wider += newest_fingerprints(connection, [canonical]).values()
    covers = or_(
        DECISIONS.c.expression == exact,
        DECISIONS.c.expression.in_(wider) & (DECISIONS.c.scope != "page"),
    )
    query = select(*DECISION_COLUMNS, DECISIONS.c.revoked_by, DECISIONS.c.revoked_at)
    rows = connection.execute(query.where(covers).order_by(DECISIONS.c.id.desc()).limit(most))
    return [PastRuling(Decision(*row[:-2]), *row[-2:]) for row in rows]


def reports_on(connection: Connection, canonicals: Sequence[str], most: int) -> list[Report]:
    """List what people said of these pages, newest first."""
    query = select(*REPORTS.c["id", "url", "says", "comment", "by", "at"])
    query = query.where(REPORTS.c.url.in_(canonicals)).order_by(REPORTS.c.id.desc())
    return [Report(*row) for row in connection.execute(query.limit(most))]


def host_history(connection: Connection, host: str) -> HostHistory:
    """Count what is known of a host; names below it stand for themselves."""
    pages = select(CASE_PAGES.c.verdict, func.count()).where(CASE_PAGES.c.host == host)
    of_host = DECISIONS.c.expression.startswith(f"{host}/", autoescape=True)
    rulings = select(DECISIONS.c.ruling, func.count()).where(
        of_host, DECISIONS.c.revoked_at.is_(None)
    )
    return HostHistory(
        {row[0]: row[1] for row in connection.execute(pages.group_by(CASE_PAGES.c.verdict))},
        {row[0]: row[1] for row in connection.execute(rulings.group_by(DECISIONS.c.ruling))},
    )
