"""Submitting: addresses pasted, uploaded or sent by a bookmarklet, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from model.url import canonicalize_url
from service.desk.defang import defang
from service.desk.language import Said, gettext
from service.desk.pasted import MOST_ADDRESSES, addresses_in, addresses_in_table
from service.desk.roles import may, needs
from service.desk.sessions import acting, visitor
from service.desk.wording import ruling_word, verdict_word
from service.errors import InvalidRequestError, NotFoundError, TooManyRequestsError
from service.parts import parts
from service.rulings import RULED
from service.store.batches import (
    Batch,
    Item,
    Sent,
    batch_by_id,
    batch_items,
    newest_batches,
    read_progress,
    submit_batch,
)
from service.store.case_page import storable
from service.store.known import Known, find_known

_ON_A_PAGE = 100
_OWN_SHOWN = 10
LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One submitted address in words; ``tone`` names the colour of its verdict."""

    number: int
    address: str
    canonical: str
    told: str
    tone: str
    because: str
    case_id: int | None


def add_submitting(desk: Blueprint) -> None:
    """Give the desk its pages for submitting."""
    desk.add_url_rule("/submit", "submit", submit, methods=["GET", "POST"])
    desk.add_url_rule("/submissions/<int(max=2147483647):batch_id>", "submission", submission)
    desk.add_url_rule("/submissions/<int(max=2147483647):batch_id>/progress", "progress", progress)
    desk.add_url_rule("/bookmarklet", "bookmarklet", bookmarklet)


@needs("reporter")
def submit() -> Response | AnyResponse:
    """Offer the forms, filled with ``?url=`` where a bookmarklet gave one; a POST submits."""
    if request.method == "GET":
        return submit_page()
    try:
        sent = _sent()
    except InvalidRequestError as error:
        return submit_page(error, "addresses", 400)
    account = visitor().account
    _charge(account.id, len(sent))
    service = parts().service
    note = storable(request.form.get("note", "")).strip()[:LONGEST_NOTE] or None
    batch = submit_batch(service.db, sent, note, acting())
    parts().workers.wake()
    return redirect(url_for("desk.submission", batch_id=batch.id), 303)


def submit_page(error: Said = "", field: str = "", status: int = 200) -> Response:
    """Show the forms again with what was typed, and what is wrong with it."""
    filled = {
        name: request.form.get(name, "") for name in ("addresses", "note", "address", "content")
    }
    filled["addresses"] = filled["addresses"] or request.args.get("url", "")
    with parts().service.db.read() as connection:
        own = newest_batches(connection, visitor().account.name, _OWN_SHOWN)
    page = render_template(
        "desk/submit.html",
        error=error,
        field=field,
        filled=filled,
        own=own,
        most=MOST_ADDRESSES,
        longest_note=LONGEST_NOTE,
    )
    return make_response(page, status)


def _sent() -> list[Sent]:
    """Read what came: a file, where one was chosen, else what was pasted."""
    file = request.files.get("file")
    content = file.read() if file else b""
    if content:
        return addresses_in_table(content)
    return addresses_in(request.form.get("addresses", ""))


def _charge(account_id: int, cost: int) -> None:
    """Count what an account submits. Raises TooManyRequestsError."""
    most = parts().service.settings.limit_submissions
    spent = parts().counters.spend(f"submissions:{account_id}", most, min(cost, most))
    if not spent.taken:
        raise TooManyRequestsError(
            gettext(
                "One account may submit %(most)s addresses a minute. Wait %(seconds)s seconds.",
                most=most,
                seconds=spent.seconds,
            ),
            spent.seconds,
        )


@needs("reporter")
def submission(batch_id: int) -> Response:
    """Show what became of a submission's addresses so far."""
    return _submission_page("desk/submission.html", batch_id)


@needs("reporter")
def progress(batch_id: int) -> Response:
    """Show the part of that page that changes."""
    return _submission_page("desk/progress.html", batch_id)


def _submission_page(template: str, batch_id: int) -> Response:
    after = request.args.get("after", "")
    begin = int(after) if after.isascii() and after.isdecimal() and len(after) < 9 else -1
    with parts().service.db.read() as connection:
        batch = own_batch(batch_by_id(connection, batch_id))
        how_far = read_progress(connection, batch_id)
        items = batch_items(connection, batch_id, _ON_A_PAGE + 1, begin)
        rows = item_rows(items[:_ON_A_PAGE], known_of(connection, items[:_ON_A_PAGE]))
    shown = render_template(
        template,
        batch=batch,
        progress=how_far,
        rows=rows,
        after=begin,
        next=items[_ON_A_PAGE - 1].position if len(items) > _ON_A_PAGE else None,
        may_see_cases=may("moderator"),
    )
    return make_response(shown)


def own_batch(batch: Batch) -> Batch:
    """Return a batch to whoever made it, and to moderators. Raises NotFoundError to others."""
    if batch.by != visitor().account.name and not may("moderator"):
        raise NotFoundError("There is no submission with this number.")
    return batch


def known_of(connection: Connection, items: Sequence[Item]) -> dict[str, Known]:
    """Return what is known of a batch's addresses, by their canonical forms."""
    urls = [canonicalize_url(item.canonical) for item in items if item.canonical is not None]
    return {known.url.href: known for known in find_known(connection, urls)}


def item_rows(items: Sequence[Item], known: Mapping[str, Known]) -> list[ItemRow]:
    """Say of each address what became of it; a ruling counts over the machine's verdict."""
    return [_row(item, known.get(item.canonical or "")) for item in items]


def _row(item: Item, known: Known | None) -> ItemRow:
    number, address = item.position + 1, defang(item.canonical or item.text)
    if item.error is not None:
        told, tone, because = gettext("Not an address"), "unknown", item.error
    elif item.state == "waiting" or known is None or known.finding is None:
        told, tone, because = gettext("Is being checked"), "unknown", ""
    else:
        verdict, decision = known.finding.verdict, known.decision
        told, tone = verdict_word(verdict.verdict), verdict.verdict
        because = verdict.unknown_because.text if verdict.unknown_because else ""
        if decision is not None:
            told, tone = ruling_word(decision.ruling), RULED[decision.ruling] or tone
    return ItemRow(number, address, item.canonical or "", told, tone, because, item.case_id)


@needs("reporter")
def bookmarklet() -> Response:
    """Show the bookmark that submits whatever page a browser shows."""
    address = url_for("desk.submit", _external=True)
    code = f"javascript:location.href='{address}?url='+encodeURIComponent(location.href)"
    return make_response(render_template("desk/bookmarklet.html", code=code))
