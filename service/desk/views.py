"""The desk's pages: the start page, a scan on its way, and what is known of a page."""

from __future__ import annotations

import time

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from model.page import Page
from model.url import InvalidUrl, canonicalize_url
from service.answers import Answer
from service.desk.shown import Shown, show
from service.desk.sign_in import add_sign_in
from service.parts import parts
from service.scan import check_link, known_answer
from service.steps import judge_sent
from service.store.scans import read_scan
from service.store.verdicts import newest_reading

# How long the form waits itself: longer, and the page that says so is the better answer.
_PATIENCE = 4.0


def make_desk() -> Blueprint:
    """Build the desk's blueprint."""
    desk = Blueprint(
        "desk",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/desk",
    )
    add_sign_in(desk)
    desk.add_url_rule("/", "start", start)
    desk.add_url_rule("/check", "check", check, methods=["POST"])
    desk.add_url_rule("/judge", "judge", judge, methods=["POST"])
    desk.add_url_rule("/scans/<scan_id>", "scan", scan)
    desk.add_url_rule("/pages", "page", page)
    return desk


@login_required  # type: ignore[untyped-decorator]
def start() -> Response:
    """Offer the two forms: an address to check, a text to judge."""
    return _start_page()


def _start_page(error: str = "", field: str = "", status: int = 200) -> Response:
    filled = {name: request.form.get(name, "") for name in ("address", "content")}
    page = render_template("desk/start.html", error=error, field=field, filled=filled)
    return make_response(page, status)


@login_required  # type: ignore[untyped-decorator]
def check() -> Response | AnyResponse:
    """Check an address and lead to what is known of it, or to its scan."""
    address = request.form.get("address", "")
    try:
        found = check_link(parts().service, address, fresh="fresh" in request.form)
    except InvalidUrl as error:
        return _start_page(str(error), "address", 400)
    if not isinstance(found, Answer):
        found = parts().workers.wait_for(found, time.monotonic() + _PATIENCE)
        if found.finding is None:
            return redirect(url_for("desk.scan", scan_id=found.id), 303)
    return redirect(url_for("desk.page", url=canonicalize_url(address).href), 303)


@login_required  # type: ignore[untyped-decorator]
def judge() -> Response:
    """Judge what was pasted; nothing of it is kept."""
    content = request.form.get("content", "")
    if not content.strip():
        return _start_page("Paste a text or a page's source first.", "content", 400)
    made = Page.from_html if content.lstrip().startswith("<") else Page.from_text
    finding, reading = judge_sent(parts().service.steps, made(content))
    return _verdict_page(show(Answer(None, finding, "caller"), reading), "")


@login_required  # type: ignore[untyped-decorator]
def scan(scan_id: str) -> Response | AnyResponse:
    """Say that a scan is on its way; the page asks again by itself."""
    found = read_scan(parts().service.db, scan_id)
    if found.finding is not None:
        return redirect(url_for("desk.page", url=found.canonical), 303)
    page = make_response(render_template("desk/waiting.html", state=found.state))
    page.headers["Refresh"] = "2"
    return page


@login_required  # type: ignore[untyped-decorator]
def page() -> Response:
    """Show what is known of an address: verdict, reasons, and its text with the evidence."""
    url = canonicalize_url(request.args.get("url", ""))
    service = parts().service
    answer = known_answer(service, url.href)
    return _verdict_page(show(answer, newest_reading(service.db, url.href)), url.href)


def _verdict_page(shown: Shown, address: str) -> Response:
    return make_response(render_template("desk/verdict.html", shown=shown, address=address))
