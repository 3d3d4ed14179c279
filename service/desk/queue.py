"""The queue: which cases wait, filtered and searched; taking one, giving it back, saved views."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from service.desk.asked import (
    AGES,
    HELD,
    LURES,
    VERDICTS,
    read_filters,
    read_place,
    write_filters,
)
from service.desk.language import gettext
from service.desk.roles import needs
from service.desk.sessions import acting, visitor
from service.desk.turns import take_turn
from service.desk.wording import (
    age_word,
    band_word,
    held_word,
    lure_word,
    reason_words,
    ruling_word,
    since,
    verdict_word,
)
from service.parts import parts
from service.store.case_page import storable
from service.store.cases import CLAIM_TERM, Case, claim_case, release_case
from service.store.queue import (
    Filters,
    Place,
    Viewer,
    count_waiting,
    languages_waiting,
    newest_decision,
    queue_page,
)
from service.store.views import LONGEST_NAME, delete_view, save_view, views_of
from service.urgency import BANDS

_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case as one line of the queue, in words; ``holder`` is who works on it."""

    case: Case
    host: str
    verdict: str
    lure: str
    band: str
    waits: str
    ruling: str
    holder: str
    mine: bool


def add_queue(desk: Blueprint) -> None:
    """Give the desk its queue."""
    desk.add_url_rule("/queue", "queue", queue)
    desk.add_url_rule("/queue/counts", "queue_counts", queue_counts)
    for rule, endpoint, view in (
        ("/queue/next", "take_next", take_next),
        ("/queue/views", "save_queue_view", save_queue_view),
        ("/queue/views/<int(max=2147483647):view_id>/delete", "delete_queue_view", forget_view),
        ("/cases/<int(max=2147483647):case_id>/claim", "claim", claim),
        ("/cases/<int(max=2147483647):case_id>/release", "release", release),
    ):
        desk.add_url_rule(rule, endpoint, view, methods=["POST"])


@needs("moderator")
def queue() -> Response:
    """Show the cases that are asked for, the most urgent first."""
    db, viewer = parts().service.db, _viewer()
    filters = read_filters(request.args)
    with db.read() as connection:
        page = queue_page(connection, filters, viewer, _ON_A_PAGE, read_place(request.args))
        counts = count_waiting(connection)
        languages = languages_waiting(connection)
        seen = newest_decision(connection)
    shown = render_template(
        "desk/queue.html",
        rows=[_row(case, viewer) for case in page.cases],
        filters=filters,
        query=write_filters(filters),
        asked=parse_qsl(write_filters(filters)),
        next=write_filters(filters, page.next) if page.next else "",
        begun="after" in request.args,
        counts=[(band, band_word(band), counts[band]) for band in BANDS],
        seen=seen,
        choices=_choices(languages),
        views=views_of(db, visitor().account.id),
        longest_name=LONGEST_NAME,
        reasons=reason_words(),
    )
    return make_response(shown)


@needs("moderator")
def queue_counts() -> Response:
    """Say how many cases wait in each band: what an open queue asks every few seconds."""
    with parts().service.db.read() as connection:
        counts = count_waiting(connection)
    shown = [(band, band_word(band), counts[band]) for band in BANDS]
    return make_response(render_template("desk/queue_counts.html", counts=shown))


def _viewer() -> Viewer:
    return Viewer(visitor().account.name, parts().service.steps.now())


def _row(case: Case, viewer: Viewer) -> QueueRow:
    holder = case.holder(viewer.now) or ""
    return QueueRow(
        case,
        case.host.replace(".", "[.]"),
        verdict_word(case.verdict),
        lure_word(case.lure),
        band_word(case.band),
        since(case.opened_at, viewer.now),
        ruling_word(case.ruling) if case.ruling else "",
        holder,
        holder == viewer.name,
    )


def _choices(languages: list[str]) -> dict[str, list[tuple[str, str]]]:
    """List what each filter may be, with the words for it."""
    return {
        "band": [(band, band_word(band)) for band in BANDS],
        "verdict": [(verdict, verdict_word(verdict)) for verdict in VERDICTS],
        "lure": [(lure, lure_word(lure)) for lure in LURES],
        "age": [(age, age_word(age)) for age in AGES],
        "held": [(held, held_word(held)) for held in HELD],
        "lang": [(language, language) for language in languages],
    }


@needs("moderator")
def take_next() -> AnyResponse:
    """Claim the most urgent case that is asked for and that nobody works on, and go to it."""
    filters = read_filters(request.form)
    taken = take_turn(parts().service.db, Place("now", 0), filters, acting())
    if taken is not None:
        address = url_for("desk.case", case_id=taken)
        return redirect(_with(filters, address), 303)
    flash(gettext("Nothing waits that nobody works on."))
    return redirect(_with(filters, url_for("desk.queue")), 303)


@needs("moderator")
def claim(case_id: int) -> AnyResponse:
    """Keep a case for oneself for a quarter of an hour."""
    if not claim_case(parts().service.db, case_id, acting(), CLAIM_TERM):
        flash(gettext("Somebody else works on this case, or it is closed."), "error")
    return redirect(url_for("desk.case", case_id=case_id), 303)


@needs("moderator")
def release(case_id: int) -> AnyResponse:
    """Give a case back."""
    if release_case(parts().service.db, case_id, acting()):
        flash(gettext("You gave the case back."))
    return redirect(url_for("desk.queue"), 303)


@needs("moderator")
def save_queue_view() -> AnyResponse:
    """Keep the filters of the queue under a name."""
    filters = read_filters(request.form)
    name = storable(request.form.get("name", "")).strip()
    save_view(parts().service.db, visitor().account.id, name, write_filters(filters))
    return redirect(_with(filters, url_for("desk.queue")), 303)


@needs("moderator")
def forget_view(view_id: int) -> AnyResponse:
    """Forget a saved view."""
    delete_view(parts().service.db, visitor().account.id, view_id)
    return redirect(url_for("desk.queue"), 303)


def _with(filters: Filters, address: str) -> str:
    query = write_filters(filters)
    return f"{address}?{query}" if query else address
