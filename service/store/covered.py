"""Which known addresses a decision covers: those that were checked, and those of cases."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, func, or_, select, union

from model.url import url_expressions
from service.rulings import Scope
from service.store.case_tables import CASE_PAGES
from service.store.tables import VERDICTS
from service.store.verdicts import newest_fingerprints

# Beyond these nobody counts what an act covers: it is "more than so many".
MOST_COVERED = 2_000


def covered_addresses(connection: Connection, scope: Scope, expression: str) -> list[str]:
    """List the known canonical addresses that a decision of a wider scope than page covers.

    ``expression`` is what it is kept under. At most one more than ``MOST_COVERED``, in order.
    """
    found = (
        _with_content(connection, expression)
        if scope == "campaign"
        else _matching(connection, expression)
    )
    return sorted(address for address, _ in zip(found, range(MOST_COVERED + 1), strict=False))


def _matching(connection: Connection, expression: str) -> Iterator[str]:
    host = expression.partition("/")[0]
    checked = select(VERDICTS.c.canonical).where(_names_host(VERDICTS.c.canonical, host))
    of_cases = select(CASE_PAGES.c.canonical).where(_names_host(CASE_PAGES.c.canonical, host))
    for canonical in connection.execute(union(checked, of_cases)).scalars():
        if expression in url_expressions(canonical):
            yield canonical


def _names_host(column: ColumnElement[str], host: str) -> ColumnElement[bool]:
    """Find the addresses that may be of a host or below it: an index alone answers this."""
    return or_(
        *(
            column.contains(f"{before}{host}{after}", autoescape=True)
            for before in ("/", ".")
            for after in ("/", ":")
        )
    )


def _with_content(connection: Connection, fingerprint: str) -> Iterator[str]:
    """Yield the addresses whose newest scan that saw content saw this."""
    query = select(func.distinct(VERDICTS.c.canonical)).where(VERDICTS.c.fingerprint == fingerprint)
    seen = list(connection.execute(query.limit(MOST_COVERED + 1)).scalars())
    newest = newest_fingerprints(connection, seen)
    return (canonical for canonical in seen if newest[canonical] == fingerprint)
