"""Which decision counts for an address, of all that stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, select

from model.url import url_expressions
from service.rulings import Decision, standing
from service.store.tables import DECISIONS
from service.store.verdicts import chunks, newest_fingerprints

DECISION_COLUMNS = tuple(
    DECISIONS.c[
        "id",
        "url",
        "scope",
        "expression",
        "ruling",
        "note",
        "by",
        "at",
        "case_id",
        "group_id",
        "reason",
    ]
)


def standing_on(connection: Connection, canonicals: Sequence[str]) -> dict[str, Decision]:
    """Return the decision that counts for each of these addresses that has one."""
    fingerprints = newest_fingerprints(connection, canonicals)
    answers_to = {href: _expressions(href, fingerprints.get(href)) for href in canonicals}
    every = list({expression for some in answers_to.values() for expression in some})
    by_expression = defaultdict(list)
    for decision in _standing_decisions(connection, every):
        by_expression[decision.expression].append(decision)
    found = {}
    for href, expressions in answers_to.items():
        covering = [d for expression in expressions for d in by_expression[expression]]
        counting = standing(covering, expressions)
        if counting is not None:
            found[href] = counting
    return found


def _expressions(href: str, fingerprint: str | None) -> tuple[str, ...]:
    return (*url_expressions(href), *((fingerprint,) if fingerprint else ()))


def _standing_decisions(connection: Connection, expressions: Sequence[str]) -> list[Decision]:
    found: list[Decision] = []
    for some in chunks(expressions):
        rows = connection.execute(
            select(*DECISION_COLUMNS).where(
                DECISIONS.c.expression.in_(some), DECISIONS.c.revoked_at.is_(None)
            )
        )
        found.extend(Decision(*row) for row in rows)
    return found
