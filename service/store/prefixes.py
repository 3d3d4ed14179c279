"""Reading the prefix list: what is on it, how it changed, and what stands behind a prefix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select

from model.url import canonicalize_url, expression_hash, url_expressions
from model.verdict import VerdictName
from service.rulings import RULED, Scope
from service.store.known import find_known
from service.store.prefix_tables import LISTED, PREFIX_CHANGES
from service.store.verdicts import chunks

_SCOPES: tuple[Scope, ...] = ("page", "prefix", "host", "campaign")


@dataclass(frozen=True, slots=True)
class Match:
    """A full hash and what stands behind it.

    ``verdict`` is None where moderators are unsure, which leaves the machine's. ``score`` is the
    machine's where the verdict is. ``expires_at`` is None for decisions.
    """

    hash: bytes
    kind: Literal["decision", "verdict"]
    scope: Scope
    verdict: VerdictName | None
    score: float | None = None
    expires_at: datetime | None = None


def list_version(connection: Connection) -> int:
    """Return the list's version: it rises with every prefix that comes or goes."""
    return connection.execute(select(func.max(PREFIX_CHANGES.c.id))).scalar() or 0


def listed_prefixes(connection: Connection) -> list[int]:
    """Return every prefix on the list, in order, as numbers below 2**32."""
    query = select(LISTED.c.prefix).where(LISTED.c.prefix.is_not(None)).distinct()
    return sorted(connection.execute(query).scalars())


def prefix_changes(connection: Connection, version: int) -> dict[int, bool] | None:
    """Return what came (True) or went since a version; None where that is not remembered.

    A prefix that came and went, or went and came, is not in it.
    """
    oldest = connection.execute(select(func.min(PREFIX_CHANGES.c.id))).scalar()
    if oldest is None or version > list_version(connection):
        return {} if version == 0 and oldest is None else None
    if version < oldest - 1:
        return None
    query = select(PREFIX_CHANGES).where(PREFIX_CHANGES.c.id > version)
    first: dict[int, bool] = {}
    last: dict[int, bool] = {}
    for row in connection.execute(query.order_by(PREFIX_CHANGES.c.id)):
        first.setdefault(row.prefix, row.added)
        last[row.prefix] = row.added
    return {prefix: added for prefix, added in last.items() if first[prefix] == added}


def find_matches(connection: Connection, prefixes: Sequence[int], now: datetime) -> list[Match]:
    """Return what stands behind prefixes: bait, and the narrower rulings that say otherwise.

    Each is checked against decisions and verdicts as they stand now.
    """
    rows: list[Row[Any]] = []
    for some in chunks([str(prefix) for prefix in prefixes]):
        found = select(LISTED).where(LISTED.c.prefix.in_([int(prefix) for prefix in some]))
        rows += connection.execute(found.order_by(LISTED.c.id)).all()
    ruled = [row for row in rows if row.scope]
    matches = [_of_ruling(row) for row in (*ruled, *_overruling(connection, ruled))]
    matches += _of_addresses(connection, [row.subject for row in rows if not row.scope], now)
    return list(dict.fromkeys(matches))


def _of_ruling(row: Row[Any]) -> Match:
    return Match(row.hash, "decision", row.scope, RULED[row.ruling])


def _of_addresses(
    connection: Connection, canonicals: Sequence[str], now: datetime
) -> Iterator[Match]:
    for known in find_known(connection, [canonicalize_url(href) for href in canonicals]):
        name = expression_hash(url_expressions(known.url.href)[0])
        decision, finding = known.decision, known.finding
        if decision is not None and RULED[decision.ruling] is not None:
            if decision.scope == "campaign":
                yield Match(name, "decision", "campaign", RULED[decision.ruling])
        elif finding and finding.verdict.verdict == "bait" and finding.expires_at > now:
            score = finding.verdict.score
            yield Match(name, "verdict", "page", "bait", score, finding.expires_at)


def _overruling(connection: Connection, ruled: Iterable[Row[Any]]) -> Iterator[Row[Any]]:
    """Yield the decisions that say otherwise about a part of what others cover."""
    for wide in ruled:
        if wide.scope == "page":
            continue
        query = select(LISTED).where(
            LISTED.c.place == wide.place, LISTED.c.ruling.in_(["not_bait", "unsure"])
        )
        for row in connection.execute(query):
            if row.scope != "campaign" and _overrules(row, wide):
                yield row


def _overrules(row: Row[Any], wide: Row[Any]) -> bool:
    """Say whether some address is covered by both, and the first of them counts there."""
    if _narrowness(row) < _narrowness(wide):
        return False
    if row.scope == "page":
        return wide.subject in url_expressions(row.subject)
    hosts, paths = zip(_halves(row), _halves(wide), strict=True)
    return _nested(*(f".{host}" for host in hosts), turned=True) and _nested(*paths)


def _narrowness(row: Row[Any]) -> tuple[int, int, int]:
    host, path = _halves(row)
    return -_SCOPES.index(row.scope), path.count("/"), host.count(".")


def _halves(row: Row[Any]) -> tuple[str, str]:
    host, _, path = row.subject.partition("/")
    return host, path


def _nested(one: str, other: str, *, turned: bool = False) -> bool:
    if turned:
        return one.endswith(other) or other.endswith(one)
    return one.startswith(other) or other.startswith(one)
