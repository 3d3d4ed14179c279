"""The page of a case, and of an address that is in none: what is known, and what can be ruled."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy import Connection

from model.url import canonicalize_url, registrable_domain
from service.desk.asked import read_filters, write_filters
from service.desk.asking import asked_pages, asked_scope
from service.desk.defang import defang
from service.desk.language import Said, gettext
from service.desk.roles import may, needs
from service.desk.sessions import acting
from service.desk.shown import Shown, show
from service.desk.turns import Neighbours, neighbours
from service.desk.wording import band_word, reason_words, ruling_word, verdict_word
from service.errors import NotFoundError, ServiceError
from service.parts import parts
from service.rulings import Scope
from service.scan import known_answer
from service.store.cases import (
    Case,
    PageOfCase,
    case_by_id,
    case_of_page,
    pages_of_case,
    similar_cases,
)
from service.store.deciding import FEW, Plan, plan_act
from service.store.history import (
    HostHistory,
    PastRuling,
    PastVerdict,
    host_history,
    past_rulings,
    past_verdicts,
    reports_on,
)
from service.store.queue import Filters, Viewer, newest_decision
from service.store.reports import Report
from service.store.verdicts import newest_reading

_MOST_PAGES = 20  # of a case, listed on its page
_MOST_PAST = 10
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Background:
    """What went before: of the page, of its host, and of cases with nearly the same content."""

    verdicts: list[PastVerdict]
    rulings: list[PastRuling]
    reports: list[Report]
    host: HostHistory
    similar: list[Case]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is ruled on: a page, or a case of pages of which one is shown.

    ``seen`` is the newest ruling of all there are: whoever looks at this page can know of it.
    """

    address: str
    host: str
    site: str
    case: Case | None
    pages: list[PageOfCase]
    seen: int
    background: Background
    around: Neighbours


def add_case(desk: Blueprint) -> None:
    """Give the desk the pages of cases and addresses."""
    desk.add_url_rule("/cases/<int(max=2147483647):case_id>", "case", case)
    desk.add_url_rule("/pages", "page", page)
    desk.add_url_rule("/preview", "preview", preview)


@needs("moderator")
def case(case_id: int) -> Response:
    """Show a case with one of its pages, the first unless another is asked for."""
    with parts().service.db.read() as connection:
        found = case_by_id(connection, case_id)
        address = _page_of(connection, case_id, request.args.get("page", type=int))
        subject = _subject(connection, address, found, read_filters(request.args))
    return _page(subject)


def _page_of(connection: Connection, case_id: int, page_id: int | None) -> str:
    after = 0 if page_id is None or not 0 < page_id < 2**31 else page_id - 1
    pages = pages_of_case(connection, case_id, 1, after) or pages_of_case(connection, case_id, 1)
    if not pages:
        raise NotFoundError("The pages of this case are in another one now.")
    return pages[0].canonical


@needs("reporter")
def page() -> Response:
    """Show what is known of an address: verdict, reasons, and its text with the evidence."""
    url = canonicalize_url(request.args.get("url", ""))
    with parts().service.db.read() as connection:
        case_id = case_of_page(connection, url.href) if may("moderator") else None
        found = None if case_id is None else case_by_id(connection, case_id)
        subject = _subject(connection, url.href, found, Filters())
    return _page(subject)


def _subject(connection: Connection, address: str, found: Case | None, filters: Filters) -> Subject:
    url = canonicalize_url(address)
    pages = pages_of_case(connection, found.id, _MOST_PAGES) if found else []
    actor = acting()
    return Subject(
        address,
        url.unicode_host,
        registrable_domain(url.host),
        found,
        pages,
        newest_decision(connection),
        Background(
            past_verdicts(connection, address, _MOST_PAST),
            past_rulings(connection, address, _MOST_PAST),
            reports_on(connection, [page.canonical for page in pages] or [address], _MOST_PAST),
            host_history(connection, url.host),
            similar_cases(connection, found, _MOST_PAST) if found else [],
        ),
        neighbours(connection, found, filters, Viewer(actor.name, actor.at))
        if found
        else Neighbours(None, None),
    )


def _page(subject: Subject) -> Response:
    service = parts().service
    answer = known_answer(service, subject.address)
    shown = show(answer, newest_reading(service.db, subject.address))
    now = service.steps.now()
    reasons = reason_words()
    holder = (subject.case.holder(now) if subject.case else None) or ""
    made = render_template(
        "desk/case.html",
        shown=shown,
        title=_title(subject, shown),
        subject=subject,
        address=subject.address,
        holder=holder,
        mine=holder == acting().name,
        query=write_filters(read_filters(request.values)),
        scopes=scope_words(subject),
        reasons=reasons,
        can_picture=parts().camera.ready and may("moderator"),
        picture=parts().camera.picture_of(subject.address) if may("moderator") else None,
        reason_sentences=dict(pair for some in reasons.values() for pair in some),
        words=_WORDS,
    )
    return make_response(made)


def _title(subject: Subject, shown: Shown) -> str:
    title = shown.reading.title if shown.reading else ""
    return title or (subject.case.title if subject.case else "") or defang(subject.address)


def scope_words(subject: Subject) -> list[tuple[Scope, str, bool]]:
    """List the scopes with what each means here, and whether this visitor may rule so widely."""
    lead = may("lead")
    count = subject.case.pages if subject.case else 1
    pages = (
        gettext("This page alone")
        if count == 1
        else gettext("The %(count)s pages of this case, each by its address", count=count)
    )
    return [
        ("page", pages, True),
        ("prefix", gettext("Every address in its folder"), True),
        ("host", gettext("Every address of %(host)s and below it", host=subject.host), lead),
        ("campaign", gettext("Every page with these words, wherever it is"), lead),
    ]


_WORDS = {
    "band": band_word,
    "defang": defang,
    "ruling": ruling_word,
    "verdict": verdict_word,
}


@needs("moderator")
def preview() -> Response:
    """Say what a ruling of some scope would cover, before anybody makes it."""
    scope = asked_scope(request.args.get("scope", ""))
    with parts().service.db.read() as connection:
        pages = asked_pages(connection, request.args, scope)
        why: Said = ""
        try:
            plan = plan_act(connection, pages, scope)
        except ServiceError as error:
            plan, why = Plan((), ()), error
    template = "desk/parts/preview.html" if "HX-Request" in request.headers else "desk/preview.html"
    made = render_template(
        template,
        plan=plan,
        why=why,
        scope=scope,
        examples=[defang(address) for address in plan.covered[:_EXAMPLES]],
        few=FEW,
        back=url_for("desk.page", url=pages[0]),
    )
    return make_response(made)
