"""What decisions do to cases: one whose every page is ruled is closed, else it is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from model.url import url_expressions
from service.rulings import RULED, Decision
from service.store.case_tables import CASE_PAGES, CASES
from service.store.cases import ask_second_opinion, close_case, reopen_case
from service.store.covered import covered_addresses
from service.store.standing import standing_on

_AT_ONCE = 500


def settle_under(connection: Connection, decisions: Sequence[Decision], now: datetime) -> None:
    """Close or reopen the cases of the pages that new, or revoked, decisions cover."""
    cases: set[int] = set()
    by_host = defaultdict(list)
    for decision in decisions:
        if decision.scope == "campaign":
            cases.update(_cases_with_content(connection, decision.expression))
        else:
            by_host[decision.expression.partition("/")[0]].append(decision)
    for host, some in by_host.items():
        cases.update(_cases_of_host(connection, host, some))
    settle_cases(connection, sorted(cases), now)


def _cases_with_content(connection: Connection, fingerprint: str) -> Iterator[int]:
    pages = covered_addresses(connection, "campaign", fingerprint)
    query = select(CASE_PAGES.c.case_id).where(CASE_PAGES.c.canonical.in_(pages))
    return iter(connection.execute(query.distinct()).scalars())


def _cases_of_host(
    connection: Connection, host: str, decisions: Sequence[Decision]
) -> Iterator[int]:
    exact = {d.expression for d in decisions if d.scope == "page"}
    wide = {d.expression for d in decisions if d.scope != "page"}
    of_host = CASE_PAGES.c.host == host
    if wide:
        of_host |= CASE_PAGES.c.host.endswith(f".{host}", autoescape=True)
    query = select(CASE_PAGES.c.case_id, CASE_PAGES.c.canonical).where(of_host)
    for case_id, canonical in connection.execute(query):
        expressions = url_expressions(canonical)
        if expressions[0] in exact or not wide.isdisjoint(expressions):
            yield case_id


def settle_cases(connection: Connection, case_ids: Sequence[int], now: datetime) -> None:
    """Close or reopen cases by the decisions that stand on their pages at this moment."""
    for start in range(0, len(case_ids), _AT_ONCE):
        some = case_ids[start : start + _AT_ONCE]
        query = select(CASE_PAGES.c.case_id, CASE_PAGES.c.canonical, CASES.c.second_opinion)
        rows = connection.execute(query.join(CASES).where(CASES.c.id.in_(some))).all()
        decisions = standing_on(connection, [row.canonical for row in rows])
        of_cases = defaultdict(list)
        for row in rows:
            of_cases[row.case_id, row.second_opinion].append(decisions.get(row.canonical))
        for (case_id, waits_for_another), every in of_cases.items():
            _settle(connection, case_id, every, now)
            unsure = any(decision is not None and decision.ruling == "unsure" for decision in every)
            if unsure != waits_for_another:
                ask_second_opinion(connection, case_id, now, wanted=unsure)


def _settle(
    connection: Connection, case_id: int, decisions: Sequence[Decision | None], now: datetime
) -> None:
    reopen_case(connection, case_id, now)
    first = decisions[0]
    if first is not None and all(d is not None and RULED[d.ruling] for d in decisions):
        close_case(connection, case_id, first.ruling, now)
