"""Who sits at the desk: sessions that end when idle, when old, and when the account says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from service.parts import parts
from service.store.accounts import Account, end_sessions
from service.store.audit import Actor
from service.store.sessions import close_session, open_session, session_account

_PLACE = "session"


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
    _, _, epoch = session_id.partition(":")
    account = session_account(parts().service.db, session.get(_PLACE, ""), oldest_session())
    if account is None or account.disabled_at is not None or epoch != str(account.session_epoch):
        return None
    g.language, g.theme = account.language, account.theme
    return Visitor(account)


def oldest_session() -> datetime:
    """Say when a session that is still good may have begun."""
    service = parts().service
    return service.steps.now() - timedelta(seconds=service.settings.session_max)


def _send_to_sign_in() -> Response:
    asked = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("desk.sign_in", next=asked), 303)


def start_session(account: Account) -> None:
    """Sign an account in, in a session that shares nothing with the one before."""
    service = parts().service
    actor = Actor(account.name, service.steps.now())
    session.clear()
    login_user(Visitor(account))
    session.permanent = True
    session[_PLACE] = open_session(service.db, account, actor, oldest_session())


def end_session() -> None:
    """Sign out here; other sessions of the account go on."""
    close_session(parts().service.db, session.get(_PLACE, ""), acting())
    _forget()


def end_every_session() -> None:
    """Sign out here and wherever else the account is signed in."""
    end_sessions(parts().service.db, visitor().account.name, acting())
    _forget()


def _forget() -> None:
    logout_user()
    session.clear()


def acting() -> Actor:
    """Name who is signed in and what time it is, for the audit."""
    return Actor(visitor().account.name, parts().service.steps.now())


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
