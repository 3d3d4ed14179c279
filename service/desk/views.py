"""The desk's pages: where it starts, a scan on its way, and what is known of a page."""

from __future__ import annotations

import time

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from model.page import Page
from model.url import InvalidUrl, canonicalize_url
from service.answers import Answer
from service.desk.account import add_account
from service.desk.audit import add_audit
from service.desk.case import add_case
from service.desk.deciding import add_deciding
from service.desk.exports import add_exports
from service.desk.going import add_going
from service.desk.keys import add_keys
from service.desk.language import gettext
from service.desk.people import add_people
from service.desk.picturing import add_picturing
from service.desk.queue import add_queue
from service.desk.roles import may, needs
from service.desk.shown import show
from service.desk.sign_in import add_sign_in
from service.desk.submitting import add_submitting, submit_page
from service.parts import parts
from service.scan import check_link
from service.steps import judge_sent
from service.store.scans import read_scan

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
    add_account(desk)
    add_people(desk)
    add_keys(desk)
    add_audit(desk)
    add_queue(desk)
    add_submitting(desk)
    add_exports(desk)
    add_case(desk)
    add_going(desk)
    add_deciding(desk)
    add_picturing(desk)
    desk.add_url_rule("/", "start", start)
    desk.add_url_rule("/check", "check", check, methods=["POST"])
    desk.add_url_rule("/judge", "judge", judge, methods=["POST"])
    desk.add_url_rule("/scans/<scan_id>", "scan", scan)
    return desk


@needs("reporter")
def start() -> AnyResponse:
    """Lead to where a visitor's work is: the queue, or the form of those who only submit."""
    return redirect(url_for("desk.queue" if may("moderator") else "desk.submit"), 303)


@needs("reporter")
def check() -> Response | AnyResponse:
    """Check an address and lead to what is known of it, or to its scan."""
    address = request.form.get("address", "")
    try:
        found = check_link(parts().service, address, fresh="fresh" in request.form)
    except InvalidUrl as error:
        return submit_page(error, "address", 400)
    if not isinstance(found, Answer):
        found = parts().workers.wait_for(found, time.monotonic() + _PATIENCE)
        if found.finding is None:
            return redirect(url_for("desk.scan", scan_id=found.id), 303)
    return redirect(url_for("desk.page", url=canonicalize_url(address).href), 303)


@needs("reporter")
def judge() -> Response:
    """Judge what was pasted; nothing of it is kept."""
    content = request.form.get("content", "")
    if not content.strip():
        return submit_page(gettext("Paste a text or a page's source first."), "content", 400)
    made = Page.from_html if content.lstrip().startswith("<") else Page.from_text
    finding, reading = judge_sent(parts().service.steps, made(content))
    shown = show(Answer(None, finding, "caller"), reading)
    return make_response(render_template("desk/verdict.html", shown=shown, address=""))


@needs("reporter")
def scan(scan_id: str) -> Response | AnyResponse:
    """Say that a scan is on its way; the page asks again by itself."""
    found = read_scan(parts().service.db, scan_id)
    if found.finding is not None:
        return redirect(url_for("desk.page", url=found.canonical), 303)
    page = make_response(render_template("desk/waiting.html", state=found.state))
    page.headers["Refresh"] = "2"
    return page
