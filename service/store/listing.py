"""Keeping the prefix list current: it follows decisions and verdicts whenever somebody asks.

    new and revoked decisions -> their expressions  \
    new verdicts              -> their addresses     -> rows of LISTED -> PREFIX_CHANGES
    verdicts that ran out     -> their addresses    /

Nobody who rules or scans waits for this: the tables say how far the list has followed, and who
asks for it goes the rest of the way first. Standing decisions are followed before any verdict.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, tuple_, update

from model.url import expression_hash, url_expressions
from service.clock import Now
from service.rulings import Decision
from service.store.database import Database
from service.store.prefix_tables import FOLLOWED, LISTED, PREFIX_CHANGES
from service.store.standing import DECISION_COLUMNS, standing_on
from service.store.tables import DECISIONS, VERDICTS, VERSIONS
from service.store.verdicts import chunks

# How many changes are remembered: who has not asked for so long gets the whole list.
MOST_CHANGES = 100_000

_AT_ONCE = 1_000  # decisions or verdicts of one transaction
_SHOWN = ("subject", "scope", "hash", "prefix", "place", "ruling", "decision_id", "expires_at")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of LISTED, without its id."""

    subject: str
    scope: str
    hash: bytes
    prefix: int | None
    place: str
    ruling: str | None = None
    decision_id: int | None = None
    expires_at: datetime | None = None


def place_of(expression: str) -> str:
    """Name the corner of the web that an expression lies in: the last two labels of its host.

    Whatever covers an address, or could, lies in the same one.
    """
    return ".".join(expression.partition("/")[0].rsplit(".", 2)[-2:])


def follow(
    db: Database,
    now: Now,
    seconds: float,
    remembered: int = MOST_CHANGES,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Bring the list up to date, in small transactions.

    Decisions are followed to the last one; verdicts for so many ``seconds`` of ``clock``, and what
    is left then for the next time. ``remembered`` is how many changes are kept. Raises
    StoreUnavailableError.
    """
    until = clock() + seconds
    while _is_behind(db, now()):
        with db.write() as connection:
            rulings = _follow_decisions(connection, now())
            if not rulings:
                _follow_verdicts(connection, now())
            _forget_changes(connection, remembered)
        if not rulings and clock() > until:
            return


def _is_behind(db: Database, now: datetime) -> bool:
    with db.read() as connection:
        followed = _numbers(connection)
        newest = connection.execute(select(func.max(VERDICTS.c.id))).scalar() or 0
        ended = connection.execute(_ended(now).limit(1)).scalar()
    return (
        followed["decisions"] != followed["followed_rulings"]
        or newest > followed["followed_verdict"]
        or ended is not None
    )


def _numbers(connection: Connection) -> dict[str, int]:
    """Read the counters of changes, and by ``followed_`` how far the list has followed."""
    followed = {f"followed_{name}": number for name, number in connection.execute(select(FOLLOWED))}
    return followed | {row.name: row.number for row in connection.execute(select(VERSIONS))}


def _ended(now: datetime) -> Select[str]:
    return select(LISTED.c.subject).where(LISTED.c.expires_at <= now)


def _followed(connection: Connection, name: str, number: int) -> None:
    connection.execute(update(FOLLOWED).where(FOLLOWED.c.name == name).values(number=number))


# --- decisions


def _follow_decisions(connection: Connection, now: datetime) -> bool:
    """Follow some decisions; False where there are none to follow."""
    numbers = _numbers(connection)
    if numbers["decisions"] == numbers["followed_rulings"]:
        return False
    new = connection.execute(
        select(DECISIONS.c.id, DECISIONS.c.scope, DECISIONS.c.expression)
        .where(DECISIONS.c.id > numbers["followed_decision"])
        .order_by(DECISIONS.c.id)
        .limit(_AT_ONCE)
    ).all()
    revoked = connection.execute(
        select(LISTED.c.scope, LISTED.c.subject)
        .join(DECISIONS, DECISIONS.c.id == LISTED.c.decision_id)
        .where(DECISIONS.c.revoked_at.is_not(None))
        .limit(_AT_ONCE)
    ).all()
    changed = {(row.scope, row.expression) for row in new} | {tuple(row) for row in revoked}
    _rule(connection, changed)
    _relist(connection, _covered(connection, changed), now)
    if new:
        _followed(connection, "decision", new[-1].id)
    if len(new) < _AT_ONCE and len(revoked) < _AT_ONCE:
        _followed(connection, "rulings", numbers["decisions"])
    return True


def _rule(connection: Connection, changed: set[tuple[str, str]]) -> None:
    """Write the decision that now stands on each of these (scope, expression) pairs."""
    newest: dict[tuple[str, str], Decision] = {}
    for some in chunks(sorted({expression for _, expression in changed})):
        rows = connection.execute(
            select(*DECISION_COLUMNS)
            .where(DECISIONS.c.expression.in_(some), DECISIONS.c.revoked_at.is_(None))
            .order_by(DECISIONS.c.at, DECISIONS.c.id)
        )
        newest.update({(row.scope, row.expression): Decision(*row) for row in rows})
    _replace(connection, changed, [_of_decision(newest[key]) for key in changed if key in newest])


def _of_decision(decision: Decision) -> _Entry:
    name = expression_hash(decision.expression)
    # A campaign's content is no address: the addresses that show it are listed instead.
    listed = decision.ruling == "bait" and decision.scope != "campaign"
    return _Entry(
        decision.expression,
        decision.scope,
        name,
        int.from_bytes(name[:4]) if listed else None,
        "" if decision.scope == "campaign" else place_of(decision.expression),
        decision.ruling,
        decision.id,
    )


def _covered(connection: Connection, changed: Iterable[tuple[str, str]]) -> set[str]:
    """Find the addresses on which other decisions may count now."""
    found: set[str] = set()
    for scope, expression in changed:
        if scope == "campaign":
            query = select(VERDICTS.c.canonical).where(VERDICTS.c.fingerprint == expression)
            found.update(connection.execute(query.distinct()).scalars())
            continue
        query = select(LISTED.c.subject).where(LISTED.c.scope == "")
        if scope == "page":
            query = query.where(LISTED.c.hash == expression_hash(expression))
        else:
            query = query.where(LISTED.c.place == place_of(expression))
        subjects = connection.execute(query).scalars()
        found.update(subject for subject in subjects if expression in url_expressions(subject))
    return found


# --- verdicts


def _follow_verdicts(connection: Connection, now: datetime) -> None:
    """Follow some verdicts that are new, and some that ran out."""
    last = _numbers(connection)["followed_verdict"]
    new = connection.execute(
        select(VERDICTS.c.id, VERDICTS.c.canonical)
        .where(VERDICTS.c.id > last)
        .order_by(VERDICTS.c.id)
        .limit(_AT_ONCE)
    ).all()
    ended = connection.execute(_ended(now).limit(_AT_ONCE)).scalars().all()
    _relist(connection, {row.canonical for row in new} | set(ended), now)
    if new:
        _followed(connection, "verdict", new[-1].id)


def _relist(connection: Connection, canonicals: set[str], now: datetime) -> None:
    """Write for each address whether its verdict, or a campaign, puts it on the list."""
    for some in chunks(sorted(canonicals)):
        verdicts = _newest_verdicts(connection, some)
        decisions = standing_on(connection, some)
        entries = [
            entry
            for canonical in some
            if (entry := _of_address(canonical, verdicts, decisions.get(canonical), now))
        ]
        _replace(connection, {("", canonical) for canonical in some}, entries)


def _newest_verdicts(
    connection: Connection, canonicals: Sequence[str]
) -> dict[str, tuple[str, datetime]]:
    newest = (
        select(func.max(VERDICTS.c.id))
        .where(VERDICTS.c.canonical.in_(canonicals))
        .group_by(VERDICTS.c.canonical)
    )
    rows = connection.execute(
        select(*VERDICTS.c["canonical", "verdict", "expires_at"]).where(VERDICTS.c.id.in_(newest))
    )
    return {row.canonical: (row.verdict, row.expires_at) for row in rows}


def _of_address(
    canonical: str,
    verdicts: dict[str, tuple[str, datetime]],
    decision: Decision | None,
    now: datetime,
) -> _Entry | None:
    verdict, expires_at = verdicts.get(canonical, ("unknown", now))
    by_campaign = decision is not None and decision.scope == "campaign"
    is_bait = verdict == "bait" and expires_at > now
    if not by_campaign and not is_bait:
        return None
    ruling = None if decision is None else decision.ruling
    listed = (by_campaign and ruling == "bait") or (is_bait and ruling in {None, "unsure"})
    exact = url_expressions(canonical)[0]
    name = expression_hash(exact)
    return _Entry(
        canonical,
        "",
        name,
        int.from_bytes(name[:4]) if listed else None,
        place_of(exact),
        expires_at=None if by_campaign else expires_at,
    )


# --- rows and changes


def _replace(connection: Connection, keys: set[tuple[str, str]], entries: Sequence[_Entry]) -> None:
    """Make the rows of these (scope, subject) pairs exactly these entries, and note what moved."""
    wanted = {(entry.scope, entry.subject): entry for entry in entries}
    standing = {(row.scope, row.subject): row for row in _rows(connection, keys)}
    same = {key for key, row in standing.items() if key in wanted and _is(row, wanted[key])}
    gone = [row for key, row in standing.items() if key not in same]
    come = [entry for key, entry in wanted.items() if key not in same]
    touched = {row.prefix for row in gone} | {entry.prefix for entry in come}
    touched.discard(None)
    before = _listed_among(connection, touched)
    if gone:
        for some in _slices([row.id for row in gone]):
            connection.execute(delete(LISTED).where(LISTED.c.id.in_(some)))
    if come:
        connection.execute(
            insert(LISTED), [{name: getattr(entry, name) for name in _SHOWN} for entry in come]
        )
    after = _listed_among(connection, touched)
    changes = [{"prefix": prefix, "added": prefix in after} for prefix in sorted(before ^ after)]
    if changes:
        connection.execute(insert(PREFIX_CHANGES), changes)


def _rows(connection: Connection, keys: set[tuple[str, str]]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for some in _slices(sorted(keys)):
        pairs = tuple_(LISTED.c.scope, LISTED.c.subject).in_(some)
        found += connection.execute(select(LISTED).where(pairs)).all()
    return found


def _is(row: Row[Any], entry: _Entry) -> bool:
    return all(getattr(row, name) == getattr(entry, name) for name in _SHOWN)


def _listed_among(connection: Connection, prefixes: set[int | None]) -> set[int]:
    found: set[int] = set()
    for some in _slices(sorted(prefix for prefix in prefixes if prefix is not None)):
        found.update(
            connection.execute(
                select(LISTED.c.prefix).where(LISTED.c.prefix.in_(some)).distinct()
            ).scalars()
        )
    return found


def _slices(values: Sequence[_T]) -> Iterable[Sequence[_T]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _forget_changes(connection: Connection, remembered: int) -> None:
    newest = connection.execute(select(func.max(PREFIX_CHANGES.c.id))).scalar() or 0
    old = PREFIX_CHANGES.c.id <= newest - remembered
    connection.execute(delete(PREFIX_CHANGES).where(old))
