"""What a form of the desk asks to have ruled: read strictly, for one case, one page or many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from sqlalchemy import Connection

from model.url import canonicalize_url
from service.desk.language import gettext
from service.errors import InvalidRequestError, NotFoundError
from service.rulings import REASONS, Act, Ruling, Scope
from service.store.case_page import storable
from service.store.deciding import pages_of_cases

SCOPES: tuple[Scope, ...] = get_args(Scope)
RULINGS: tuple[Ruling, ...] = get_args(Ruling)
LONGEST_NOTE = 2_000


def asked_scope(text: str) -> Scope:
    """Read a scope. Raises InvalidRequestError."""
    for scope in SCOPES:
        if scope == text:
            return scope
    raise InvalidRequestError("A ruling has a scope: page, prefix, host or campaign.")


def asked_act(form: Mapping[str, str]) -> Act:
    """Read what is to be ruled, and why. Raises InvalidRequestError."""
    ruling = next((known for known in RULINGS if known == form.get("ruling")), None)
    if ruling is None:
        raise InvalidRequestError("A ruling is bait, not_bait or unsure.")
    note = storable(form.get("note", "")).strip()
    if len(note) > LONGEST_NOTE:
        raise InvalidRequestError(
            gettext("A note has at most %(most)s characters.", most=LONGEST_NOTE)
        )
    reason = form.get("reason") or None
    if reason is not None and reason not in REASONS[ruling]:
        raise InvalidRequestError("The reason belongs to another ruling: choose one that fits.")
    scope = asked_scope(form.get("scope", "page"))
    return Act(ruling, scope, note or None, reason)


def asked_pages(connection: Connection, form: Mapping[str, str], scope: Scope) -> tuple[str, ...]:
    """List the canonical addresses that are ruled: of the case, or the one that is named.

    A folder's or host's ruling is made on the page that was looked at. Raises NotFoundError,
    InvalidUrl.
    """
    case_id = number(form, "case")
    shown = canonicalize_url(form["url"]).href if form.get("url") else None
    if case_id is None:
        if shown is None:
            raise InvalidRequestError("Name a case or an address.")
        return (shown,)
    pages = pages_of_cases(connection, [case_id])
    if not pages:
        raise NotFoundError("There is no case with this number, or it has no pages any more.")
    if scope in {"prefix", "host"}:
        return (shown if shown in pages else pages[0],)
    return tuple(pages)


def number(form: Mapping[str, str], name: str) -> int | None:
    """Read a number that the database can hold; None where there is none."""
    text = form.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
