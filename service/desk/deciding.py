"""Deciding: a ruling on a case, a page or many cases, and the undoing of each.

the case's form -> decide -> next case opens, with a message that undoes it
                     |-> ruled meanwhile, or many: the same act is asked for again, knowingly
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

from model.url import canonicalize_url
from service.desk.asked import read_filters, write_filters
from service.desk.asking import asked_act, asked_pages, number
from service.desk.defang import defang
from service.desk.language import gettext, ngettext
from service.desk.roles import may, needs, require
from service.desk.sessions import acting, local_path
from service.desk.turns import take_turn
from service.desk.wording import ruling_word
from service.errors import InvalidRequestError
from service.parts import parts
from service.rulings import Act, Decision, expression_of
from service.store.cases import case_by_id, release_case
from service.store.deciding import (
    OwnOpinionError,
    RuledMeanwhileError,
    UnconfirmedError,
    Wish,
    decide,
    open_cases,
    pages_of_cases,
    undo,
    unsure_of,
)
from service.store.queue import Filters, Place

MOST_CASES = 500  # in one act
_EXAMPLES = 5


def add_deciding(desk: Blueprint) -> None:
    """Give the desk its rulings."""
    desk.add_url_rule("/decide", "decide", rule, methods=["POST"])
    desk.add_url_rule(
        "/undo/<int(max=2147483647):decision_id>", "undo", take_back, methods=["POST"]
    )
    desk.add_url_rule("/bulk", "bulk", rule_many, methods=["POST"])


@needs("moderator")
def rule() -> Response | AnyResponse:
    """Rule on a case or a page, and open the next case."""
    if request.form.get("ruling") == "skip":
        return _skipped()
    act = asked_act(request.form)
    db = parts().service.db
    case_id = number(request.form, "case")
    with db.read() as connection:
        pages = asked_pages(connection, request.form, act.scope)
        case = None if case_id is None else case_by_id(connection, case_id)
    _refuse_too_wide(act, pages)
    refused = _attempt(_wish(pages, act), "desk.decide")
    if refused is not None:
        return refused
    if case is None:
        return redirect(url_for("desk.page", url=pages[0]), 303)
    return _next(Place(case.band, case.id))


def _refuse_too_wide(act: Act, pages: Sequence[str]) -> None:
    """Leave hosts and campaigns to leads; the folder of a front page is its whole host."""
    urls = [canonicalize_url(page) for page in pages] if act.scope == "prefix" else []
    if act.scope in {"host", "campaign"} or any(
        expression_of(url, "prefix") == expression_of(url, "host") for url in urls
    ):
        require("lead")


def _wish(pages: Sequence[str], act: Act) -> Wish:
    seen, confirmed = number(request.form, "seen") or 0, number(request.form, "confirm")
    return Wish(tuple(pages), act, seen, confirmed, may_rule_many=may("lead"))


def _attempt(wish: Wish, endpoint: str) -> Response | None:
    """Make the decisions of a wish, or return the page that says why it has to be asked again."""
    try:
        made = decide(parts().service.db, wish, acting())
    except RuledMeanwhileError as error:
        return _asked_again(endpoint, 409, ruled=error.decision)
    except OwnOpinionError as error:
        return _asked_again(endpoint, 409, own=error.decision)
    except UnconfirmedError as error:
        return _asked_again(endpoint, 409, plan=error.plan)
    _tell(made, wish)
    return None


def _asked_again(endpoint: str, status: int, **because: object) -> Response:
    """Ask for the same act once more, with what its maker did not know."""
    plan = because.get("plan")
    page = render_template(
        "desk/again.html",
        action=url_for(endpoint),
        fields=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in {"csrf_token", "seen", "confirm"}
        ],
        seen=request.form.get("seen", "0"),
        back=_back(),
        word=ruling_word(request.form.get("ruling", "")),
        ruling_word=ruling_word,
        **{"ruled": None, "own": None, "plan": None} | because,
        examples=[defang(page) for page in getattr(plan, "covered", ())[:_EXAMPLES]],
    )
    return make_response(page, status)


def _back() -> str:
    case_id = number(request.form, "case")
    if request.endpoint == "desk.decide" and case_id is not None:
        return url_for("desk.case", case_id=case_id)
    if request.form.get("url") and request.endpoint == "desk.decide":
        return url_for("desk.page", url=request.form["url"])
    return url_for("desk.queue")


def _tell(made: Sequence[Decision], wish: Wish) -> None:
    """Say what was done, with the button that undoes it."""
    text = ngettext(
        "%(ruling)s: %(page)s",
        "%(ruling)s: %(page)s and more, %(num)s rulings in all",
        len(made),
        ruling=ruling_word(wish.act.ruling),
        page=_short(defang(made[0].url)),
    )
    message = {"text": text, "undo": url_for("desk.undo", decision_id=made[0].id)}
    flash(message)  # type: ignore[arg-type]  # the frame shows it with its button


def _short(address: str) -> str:
    return address if len(address) <= 80 else f"{address[:79]}…"


def _skipped() -> AnyResponse:
    case_id = number(request.form, "case")
    if case_id is None:
        raise InvalidRequestError("Only a case can be skipped.")
    db = parts().service.db
    with db.read() as connection:
        case = case_by_id(connection, case_id)
    release_case(db, case_id, acting())
    return _next(Place(case.band, case.id))


def _next(here: Place) -> AnyResponse:
    """Open the next case that is free, or the queue where none waits."""
    filters = asked_filters(request.form)
    case_id = take_turn(parts().service.db, here, filters, acting())
    if case_id is not None:
        return redirect(_with(filters, url_for("desk.case", case_id=case_id)), 303)
    flash(gettext("Nothing else waits here."))
    return redirect(_with(filters, url_for("desk.queue")), 303)


def _with(filters: Filters, address: str) -> str:
    query = write_filters(filters)
    return f"{address}?{query}" if query else address


def asked_filters(form: Mapping[str, str]) -> Filters:
    """Read the queue that a case was opened from, as its form carries it."""
    return read_filters(dict(parse_qsl(form.get("queue", "")[:2_000])))


@needs("moderator")
def rule_many() -> Response | AnyResponse:
    """Rule on several cases at once.

    Those that were decided meanwhile, and those that wait for a second opinion on one's own, are
    left out.
    """
    act = asked_act(request.form)
    if act.scope not in {"page", "campaign"}:
        raise InvalidRequestError("Several cases are ruled by their pages or by their campaigns.")
    _refuse_too_wide(act, ())
    asked = {
        int(text) for text in request.form.getlist("case") if text.isdecimal() and len(text) < 10
    }
    if not asked or len(asked) > MOST_CASES:
        raise InvalidRequestError(gettext("Choose 1 to %(most)s cases.", most=MOST_CASES))
    with parts().service.db.read() as connection:
        left = unsure_of(connection, acting().name)
        waiting = open_cases(connection, sorted(asked - left))
        pages = pages_of_cases(connection, waiting)
    if not pages:
        flash(
            gettext("All of these cases were decided meanwhile, or wait for somebody else."),
            "error",
        )
        return redirect(url_for("desk.queue"), 303)
    refused = _attempt(_wish(pages, act), "desk.bulk")
    if refused is not None:
        return refused
    left_out = len(asked) - len(waiting)
    if left_out:
        flash(
            ngettext(
                "%(num)s case was left out: decided meanwhile, or waiting for somebody else.",
                "%(num)s cases were left out: decided meanwhile, or waiting for somebody else.",
                left_out,
            )
        )
    return redirect(_with(asked_filters(request.form), url_for("desk.queue")), 303)


@needs("moderator")
def take_back(decision_id: int) -> AnyResponse:
    """Undo the whole act that a ruling was part of, and show what it was made on."""
    taken = undo(parts().service.db, decision_id, acting(), may_undo_others=may("lead"))
    flash(ngettext("%(num)s ruling undone.", "%(num)s rulings undone.", len(taken)))
    if request.form.get("next"):
        return redirect(local_path(request.form["next"]), 303)
    first = taken[0]
    if first.case_id is not None:
        return redirect(url_for("desk.case", case_id=first.case_id), 303)
    if len(taken) > 1:
        return redirect(url_for("desk.queue"), 303)
    return redirect(url_for("desk.page", url=first.url), 303)
