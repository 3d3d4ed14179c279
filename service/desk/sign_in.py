"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.desk.language import gettext
from service.desk.roles import needs
from service.desk.sessions import end_session, local_path, start_session
from service.desk.throttle import WINDOW
from service.parts import parts
from service.store.accounts import Account, account_by_name

_LONGEST_NAME = 64


def add_sign_in(desk: Blueprint) -> None:
    """Give the desk its pages for signing in and out."""
    desk.add_url_rule("/sign-in", "sign_in", sign_in, methods=["GET", "POST"])
    desk.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])


def sign_in() -> Response | AnyResponse:
    """Ask for name and password. Every failure reads the same and takes the same time."""
    if request.method == "GET":
        return _page("", 200)
    name = request.form.get("name", "")[:_LONGEST_NAME]
    throttle, address = parts().throttle, request.remote_addr or ""
    if not throttle.allows(name, address):
        wait = gettext("Too many failed tries. Wait a quarter of an hour and try again.")
        refused = _page(wait, 429)
        refused.headers["Retry-After"] = str(WINDOW)
        return refused
    account = _account(name, request.form.get("password", ""))
    if account is None:
        throttle.failed(name, address)
        wrong = gettext("This name and password do not belong together, or the account is shut.")
        return _page(wrong, 403)
    throttle.succeeded(name, address)
    start_session(account)
    return redirect(local_path(request.form.get("next")), 303)


def _account(name: str, password: str) -> Account | None:
    readable = name.encode(errors="replace").decode()
    account = account_by_name(parts().service.db, readable)
    kept = account.password_hash or None if account and account.disabled_at is None else None
    matches = parts().passwords.match(password, kept)
    return account if matches else None


def _page(error: str, status: int) -> Response:
    target = request.form.get("next", request.args.get("next", ""))
    name = request.form.get("name", "")
    page = render_template("desk/sign_in.html", error=error, name=name, next=target)
    return make_response(page, status)


@needs("reporter")
def sign_out() -> AnyResponse:
    """Sign out here."""
    end_session()
    return redirect(url_for("desk.sign_in"), 303)
