"""Deciding at the desk: one act is one or many decisions, made together and undone together.

plan_act    what an act would cover, told before it is made
decide      conflicts? second opinion? many? -> decisions of one group -> cases settled
undo        every decision of the group revoked -> cases settled again
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from model.url import URL, canonicalize_url
from service.errors import NeverScannedError, NotAllowedError, NotFoundError, ServiceError
from service.rulings import RULED, Act, Decision, Scope
from service.store.audit import Actor
from service.store.case_tables import CASE_PAGES, CASES
from service.store.covered import MOST_COVERED, covered_addresses
from service.store.database import Database
from service.store.decisions import add_decision, covered_by, take_back
from service.store.settling import settle_under
from service.store.standing import standing_on
from service.store.tables import DECISIONS

# An act that covers more known addresses than this has to be confirmed, and by a lead.
FEW = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act is on: by what its decisions are kept under, the address each is made on.

    ``covered`` lists the known addresses it reaches, at most one more than ``MOST_COVERED``.
    """

    targets: tuple[tuple[str, URL], ...]
    covered: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many known addresses it covers, as far as they are counted."""
        return min(len(self.covered), MOST_COVERED)

    @property
    def uncounted(self) -> bool:
        """Whether there are more."""
        return len(self.covered) > MOST_COVERED


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: an act on pages, and what they knew when they asked.

    ``pages`` are canonical addresses. ``seen`` is the newest decision they had been shown;
    ``confirmed`` the number of addresses they typed; ``may_rule_many`` whether they are a lead.
    """

    pages: tuple[str, ...]
    act: Act
    seen: int
    confirmed: int | None = None
    may_rule_many: bool = False


class RuledMeanwhileError(ServiceError):
    """Somebody else ruled on it since the page was shown."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"{decision.by} ruled on this meanwhile: look at it, then decide.")
        self.decision = decision


class UnconfirmedError(ServiceError):
    """The act covers many addresses, and their number was not typed."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"This rules {plan.count} addresses: type their number to confirm it.")
        self.plan = plan


class OwnOpinionError(ServiceError):
    """Who was unsure and asked for a second opinion cannot be the one to give it."""

    def __init__(self, decision: Decision) -> None:
        super().__init__("You asked for a second opinion: somebody else has to look.")
        self.decision = decision


def plan_act(connection: Connection, pages: Sequence[str], scope: Scope) -> Plan:
    """Say what an act of this scope on these canonical addresses would cover.

    Raises NeverScannedError for a campaign where no check saw the content of any page,
    InvalidRequestError for a prefix that lies too deep.
    """
    targets: dict[str, URL] = {}
    for page in pages:
        url = canonicalize_url(page)
        try:
            targets.setdefault(covered_by(connection, url, scope), url)
        except NeverScannedError:
            if page == pages[-1] and not targets:
                raise
    covered = set(pages) if scope == "page" else set()
    if scope != "page":
        for expression in targets:
            covered.update(covered_addresses(connection, scope, expression))
    return Plan(tuple(targets.items()), tuple(sorted(covered)))


def decide(db: Database, wish: Wish, actor: Actor) -> list[Decision]:
    """Make the decisions of an act; they count from the moment this returns.

    Raises RuledMeanwhileError, OwnOpinionError, UnconfirmedError and NotAllowedError, with nothing
    done; and what ``plan_act`` raises.
    """
    with db.write() as connection:
        _refuse_conflicts(connection, wish, actor)
        plan = plan_act(connection, wish.pages, wish.act.scope)
        _refuse_unconfirmed(wish, plan)
        group_id = secrets.token_hex(8)
        made = [
            add_decision(connection, url, expression, wish.act, actor, group_id)
            for expression, url in plan.targets
        ]
        made += _overrule_narrower(connection, wish, actor, group_id)
        settle_under(connection, made, actor.at)
    return made


def _refuse_conflicts(connection: Connection, wish: Wish, actor: Actor) -> None:
    standing = standing_on(connection, wish.pages).values()
    others = [d for d in standing if d.by != actor.name and d.id > wish.seen]
    if others:
        raise RuledMeanwhileError(max(others, key=lambda decision: decision.id))
    own = [d for d in standing if d.by == actor.name and d.ruling == "unsure" and d.case_id]
    if own:
        raise OwnOpinionError(own[0])


def _refuse_unconfirmed(wish: Wish, plan: Plan) -> None:
    if plan.count <= FEW:
        return
    if not wish.may_rule_many:
        raise NotAllowedError("Ruling more than %(few)s addresses at once needs a lead.", few=FEW)
    if wish.confirmed != plan.count:
        raise UnconfirmedError(plan)


def _overrule_narrower(
    connection: Connection, wish: Wish, actor: Actor, group_id: str
) -> list[Decision]:
    """Rule the act's own pages one by one where a narrower decision says something else of them.

    The narrowest scope wins: without this, a host's ruling would leave the very page it was made
    on as somebody was unsure of it.
    """
    act = replace(wish.act, scope="page")
    said = {
        page: RULED[decision.ruling]
        for page, decision in standing_on(connection, wish.pages).items()
    }
    made = []
    for page, ruled in said.items():
        if ruled != RULED[act.ruling]:
            url = canonicalize_url(page)
            expression = covered_by(connection, url, "page")
            made.append(add_decision(connection, url, expression, act, actor, group_id))
    return made


def undo(db: Database, decision_id: int, actor: Actor, *, may_undo_others: bool) -> list[Decision]:
    """Take back the act that a decision was part of, whole, and return its decisions.

    Raises NotFoundError where it does not stand any more, NotAllowedError where it is another's.
    """
    with db.write() as connection:
        row = connection.execute(
            select(DECISIONS.c.id, DECISIONS.c.by, DECISIONS.c.group_id).where(
                DECISIONS.c.id == decision_id, DECISIONS.c.revoked_at.is_(None)
            )
        ).one_or_none()
        if row is None:
            raise NotFoundError("This ruling does not stand any more.")
        if row.by != actor.name and not may_undo_others:
            raise NotAllowedError("Undoing another person's ruling needs a lead.")
        whole = [decision_id] if row.group_id is None else _of_group(connection, row.group_id)
        taken = take_back(connection, whole, actor)
        settle_under(connection, taken, actor.at)
    return taken


def _of_group(connection: Connection, group_id: str) -> list[int]:
    query = select(DECISIONS.c.id).where(
        DECISIONS.c.group_id == group_id, DECISIONS.c.revoked_at.is_(None)
    )
    return list(connection.execute(query).scalars())


def unsure_of(connection: Connection, name: str) -> frozenset[int]:
    """Return the cases that somebody left to a second opinion that nobody has given yet."""
    query = select(DECISIONS.c.case_id).where(
        DECISIONS.c.by == name, DECISIONS.c.ruling == "unsure", DECISIONS.c.revoked_at.is_(None)
    )
    waiting = query.join(CASES, CASES.c.id == DECISIONS.c.case_id).where(CASES.c.second_opinion)
    return frozenset(connection.execute(waiting).scalars())


def open_cases(connection: Connection, case_ids: Sequence[int]) -> list[int]:
    """Return those of these cases that nobody has decided yet."""
    query = select(CASES.c.id).where(CASES.c.id.in_(case_ids), CASES.c.closed_at.is_(None))
    return list(connection.execute(query.order_by(CASES.c.id)).scalars())


def pages_of_cases(connection: Connection, case_ids: Sequence[int]) -> list[str]:
    """List the canonical addresses of the pages of these cases, oldest first."""
    query = select(CASE_PAGES.c.canonical).where(CASE_PAGES.c.case_id.in_(case_ids))
    return list(connection.execute(query.order_by(CASE_PAGES.c.id)).scalars())
