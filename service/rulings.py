"""Moderators' decisions: what they cover, and which of several counts. Pure; the store keeps them.

A decision is kept under a Safe Browsing expression (host-suffix/path-prefix) or, for a campaign,
under the fingerprint of the page's content:

    page      links.example/a/b?c     this address
    prefix    links.example/a/        every address below this folder
    host      links.example/          every address of the host and of those below it
    campaign  (fingerprint)           every page whose newest scan saw this content

The narrowest scope wins, then the narrowest expression of that scope, then the newest decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from model.url import URL, url_expressions
from model.verdict import VerdictName
from service.errors import InvalidRequestError

Ruling = Literal["bait", "not_bait", "unsure"]
Scope = Literal["page", "prefix", "host", "campaign"]

# What verdict a ruling puts in the machine's place; None leaves the machine's.
RULED: dict[Ruling, VerdictName | None] = {"bait": "bait", "not_bait": "clean", "unsure": None}

# Why, by the codes that the store keeps: what a moderator chooses from.
REASONS: dict[Ruling, tuple[str, ...]] = {
    "bait": ("unnamed_place", "false_promise", "copied", "imitates", "other"),
    "not_bait": ("own_site", "known_place", "open_advertising", "warns", "other"),
    "unsure": ("close_call", "foreign_language", "page_gone", "other"),
}

_NARROWEST_FIRST: tuple[Scope, ...] = ("page", "prefix", "host", "campaign")
_DEEPEST = 3  # folders; deeper ones are not among a URL's expressions


@dataclass(frozen=True, slots=True)
class Decision:
    """A moderator's ruling. ``url`` is the address it was made on, ``by`` who made it.

    All of one act at the desk share a ``group_id``; ``case_id`` is the case that its page was in.
    """

    id: int
    url: str
    scope: Scope
    expression: str
    ruling: Ruling
    note: str | None
    by: str
    at: datetime
    case_id: int | None = None
    group_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody rules, of however many pages: one decision each, undone together.

    ``reason`` is one of the ruling's ``REASONS``.
    """

    ruling: Ruling
    scope: Scope
    note: str | None = None
    reason: str | None = None


def expression_of(url: URL, scope: Scope) -> str:
    """Name what a decision on this URL covers, for every scope but campaign.

    A prefix is the URL's folder: its path up to the last slash. Raises InvalidRequestError where
    the folder lies deeper than look-ups reach.
    """
    exact = url_expressions(url.href)[0]
    host, slash, path_and_query = exact.partition("/")
    if scope == "page":
        return exact
    if scope == "host":
        return host + slash
    folder = path_and_query.partition("?")[0].rpartition("/")[0]
    if folder.count("/") >= _DEEPEST:
        raise InvalidRequestError(
            f"A prefix decision reaches at most {_DEEPEST} folders deep, and this address lies "
            "deeper: decide on the page, or send the address of a folder above it."
        )
    return f"{host}/{folder}/" if folder else host + slash


def standing(decisions: Iterable[Decision], expressions: Sequence[str]) -> Decision | None:
    """Pick the decision that counts for a page; None where none of those given covers it.

    ``expressions`` are what the page answers to: its URL's expressions, the exact one first, and
    the fingerprint of its content.
    """
    covered = set(expressions)
    covering = (
        decision
        for decision in decisions
        if decision.expression in covered
        # "a.example/" is also how every page of the host answers to host decisions.
        and (decision.scope != "page" or decision.expression == expressions[0])
    )
    return max(covering, key=_rank, default=None)


def _rank(decision: Decision) -> tuple[int, int, int, datetime, int]:
    host, _, path = decision.expression.partition("/")
    return (
        -_NARROWEST_FIRST.index(decision.scope),
        path.count("/"),
        host.count("."),
        decision.at,
        decision.id,
    )
