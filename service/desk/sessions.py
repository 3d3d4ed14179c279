"""Who sits at the desk: sessions that end when idle, when old, and when the account says so."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from service.clock import Now
from service.parts import parts
from service.store.accounts import Account, account_by_id, end_sessions
from service.store.audit import Actor

_SIGNED_IN_AT = "signed_in_at"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in account, in the form Flask-Login asks for."""

    account: Account

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Name the account and its epoch: a later epoch makes the cookie void."""
        return f"{self.account.id}:{self.account.session_epoch}"


def visitor() -> Visitor:
    """Return who is signed in; only in views that ask for it."""
    found = current_user._get_current_object()  # the proxy's documented way out
    if not isinstance(found, Visitor):
        raise TypeError("nobody is signed in")
    return found


def set_up_sessions(app: Flask) -> None:
    """Teach an application who is signed in, and where to send those who are not."""
    login = LoginManager()
    login.user_loader(_load)
    login.unauthorized_handler(_send_to_sign_in)
    # Flask-Login's own would look the account up for every page, also for one that says that the
    # database cannot be reached.
    login.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user


def _load(session_id: str) -> Visitor | None:
    account_id, _, epoch = session_id.partition(":")
    service = parts().service
    age = service.steps.now().timestamp() - session.get(_SIGNED_IN_AT, 0)
    account = account_by_id(service.db, int(account_id))
    valid = (
        account is not None
        and account.disabled_at is None
        and epoch == str(account.session_epoch)
        and 0 <= age < service.settings.session_max
    )
    return Visitor(account) if valid and account is not None else None


def _send_to_sign_in() -> Response:
    asked = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("desk.sign_in", next=asked), 303)


def start_session(account: Account, now: Now) -> None:
    """Sign an account in, in a session that shares nothing with the one before."""
    session.clear()
    login_user(Visitor(account))
    session.permanent = True
    session[_SIGNED_IN_AT] = now().timestamp()


def end_session() -> None:
    """Sign out here and wherever else the account is signed in."""
    service = parts().service
    name = visitor().account.name
    end_sessions(service.db, name, Actor(name, service.steps.now()))
    logout_user()
    session.clear()


def local_path(target: str | None) -> str:
    """Return where to go after signing in: a path of this service, whatever was asked for.

    Browsers read ``//host`` and ``/\\host`` as other hosts and drop control characters.
    """
    if (
        target is None
        or not target.startswith("/")
        or target[1:2] in {"/", "\\"}
        or not target.isprintable()
    ):
        return url_for("desk.start")
    return target
