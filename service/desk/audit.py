"""The log of who did what: searched, read page by page, counted, and taken out as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from service.desk.csv_out import csv_answer
from service.desk.defang import defang
from service.desk.language import gettext
from service.desk.roles import needs, reaches
from service.desk.sessions import visitor
from service.desk.wording import ruling_word
from service.parts import parts
from service.rulings import Decision, Scope
from service.store.audit import (
    AuditFilter,
    Entry,
    actions_a_day,
    actions_by_person,
    audit_names,
    audit_page,
    audit_pages,
)
from service.store.case_page import storable
from service.store.database import Database
from service.store.decisions import decisions_by_id

_SIZE = 50
_FIELDS = ("by", "host", "action", "since", "until")
_DAYS = 30
_ABOUT_RULINGS = frozenset({"record_decision", "revoke_decision"})
_ABOUT_CASES = frozenset({"claim_case", "release_case"})


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the page shows it; what leads nowhere is empty.

    ``address`` is defanged; ``page`` leads to what is known of it, ``undo`` takes the ruling back.
    """

    entry: Entry
    words: str
    subject: str
    page: str = ""
    address: str = ""
    note: str = ""
    undo: str = ""


def add_audit(desk: Blueprint) -> None:
    """Give the desk its log."""
    desk.add_url_rule("/audit", "audit", audit)
    desk.add_url_rule("/audit.csv", "audit_csv", audit_csv)


def action_words() -> dict[str, str]:
    """Say what each action of the log is, in the language of this request."""
    return {
        "accept_invitation": gettext("chose a password by a link"),
        "claim_case": gettext("claimed a case"),
        "create_account": gettext("made an account"),
        "create_key": gettext("made a key"),
        "create_webhook": gettext("made a webhook"),
        "disable_account": gettext("shut an account"),
        "enable_account": gettext("opened an account again"),
        "invite": gettext("made a password link"),
        "promote_model": gettext("promoted a model"),
        "record_decision": gettext("ruled"),
        "release_case": gettext("released a case"),
        "remove_webhook": gettext("removed a webhook"),
        "revoke_decision": gettext("took a ruling back"),
        "revoke_key": gettext("revoked a key"),
        "rollback_model": gettext("rolled a model back"),
        "set_password": gettext("changed a password"),
        "set_role": gettext("changed a role"),
        "sign_in": gettext("signed in"),
        "sign_out": gettext("signed out"),
        "sign_out_everywhere": gettext("ended every session"),
        "submit": gettext("submitted pages"),
    }


def scope_word(scope: Scope) -> str:
    """Say in a word what a ruling covers."""
    return {
        "page": gettext("page"),
        "prefix": gettext("folder"),
        "host": gettext("host"),
        "campaign": gettext("campaign"),
    }[scope]


@needs("moderator")
def audit() -> Response:
    """Show a page of the log, newest first."""
    db, chosen = parts().service.db, read_filter(request.args)
    entries = audit_page(db, chosen, _before(), _SIZE + 1)
    more = entries[:_SIZE][-1].id if len(entries) > _SIZE else None
    people, actions = audit_names(db)
    words = action_words()
    kept: dict[str, Any] = {name: request.args.getlist(name) for name in _FIELDS}
    page = render_template(
        "desk/audit.html",
        lines=list(_lines(entries[:_SIZE])),
        chosen=chosen,
        asked=request.args,
        people=people,
        actions=[(action, words.get(action, action)) for action in actions],
        older=url_for("desk.audit", **kept, before=more) if more else "",
        csv=url_for("desk.audit_csv", **kept),
        days=_days(),
        ruled=_ruled(),
    )
    return make_response(page)


def _before() -> int | None:
    before = request.args.get("before", "")
    return int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None


def read_filter(asked: MultiDict[str, str]) -> AuditFilter:
    """Read what of the log is asked for; a day that is none, is not asked for."""
    until = _day(asked.get("until", ""))
    return AuditFilter(
        by=storable(asked.get("by", "")),
        host=storable(asked.get("host", "")).strip().lower().rstrip("."),
        actions=tuple(storable(action) for action in asked.getlist("action") if action),
        since=_day(asked.get("since", "")),
        until=until + timedelta(days=1) if until else None,
    )


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _lines(entries: list[Entry]) -> Iterator[Line]:
    words = action_words()
    for entry, decision, stands in _with_rulings(parts().service.db, entries):
        said = words.get(entry.action, entry.action)
        if decision is None:
            yield Line(entry, said, *_named(entry))
            continue
        undo = entry.action == "record_decision" and stands and _may_undo(decision)
        yield Line(
            entry,
            said,
            f"{ruling_word(decision.ruling)} · {scope_word(decision.scope)}",
            url_for("desk.page", url=decision.url),
            defang(decision.url),
            decision.note or "",
            url_for("desk.undo", decision_id=decision.id) if undo else "",
        )


def _named(entry: Entry) -> tuple[str, str]:
    """Name what an action was on that is no ruling, and where it is shown."""
    if entry.action in _ABOUT_CASES:
        case = gettext("Case %(number)s", number=entry.subject)
        return case, url_for("desk.case", case_id=int(entry.subject))
    if entry.action == "submit":
        return gettext("Submission %(number)s", number=entry.subject), ""
    return entry.subject, ""


def _may_undo(decision: Decision) -> bool:
    own = visitor().account
    return decision.by == own.name or reaches(own.role, "lead")


def _with_rulings(
    db: Database, entries: list[Entry]
) -> Iterator[tuple[Entry, Decision | None, bool]]:
    """Give each entry that is about a ruling the ruling, and say whether it stands."""
    about = [int(entry.subject) for entry in entries if entry.action in _ABOUT_RULINGS]
    found = decisions_by_id(db, about)
    for entry in entries:
        if entry.action in _ABOUT_RULINGS:
            yield (entry, *found[int(entry.subject)])
        else:
            yield entry, None, False


def _days() -> list[tuple[str, int]]:
    """Count the rulings of each of the last thirty days, oldest first."""
    service = parts().service
    today = service.steps.now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - timedelta(days=back) for back in range(_DAYS - 1, -1, -1)]
    counts = actions_a_day(service.db, "record_decision", days[0])
    return [(name, counts.get(name, 0)) for name in (f"{day:%Y-%m-%d}" for day in days)]


def _ruled() -> list[tuple[str, int, int]]:
    """Say of each person how many rulings they made and took back in the last thirty days."""
    service = parts().service
    since = service.steps.now() - timedelta(days=_DAYS)
    made = actions_by_person(service.db, "record_decision", since)
    taken = actions_by_person(service.db, "revoke_decision", since)
    return [(name, made.get(name, 0), taken.get(name, 0)) for name in sorted({*made, *taken})]


@needs("moderator")
def audit_csv() -> Response:
    """Hand out what is asked for of the log, whole, as CSV."""
    header = ("id", "at", "by", "action", "subject", "host", "address", "ruling", "scope", "note")
    return csv_answer("audit.csv", header, _rows(parts().service.db, read_filter(request.args)))


def _rows(db: Database, chosen: AuditFilter) -> Iterator[tuple[object, ...]]:
    """Write the log's rows; they are made while they are sent, after the request is over."""
    for page in audit_pages(db, chosen):
        for entry, decision, _ in _with_rulings(db, page):
            yield (
                entry.id,
                f"{entry.at:%Y-%m-%dT%H:%M:%SZ}",
                entry.by,
                entry.action,
                entry.subject,
                entry.host,
                *(
                    (decision.url, decision.ruling, decision.scope, decision.note)
                    if decision
                    else ()
                ),
            )
