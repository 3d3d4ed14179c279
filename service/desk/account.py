"""A visitor's own account: password, language, theme, keys, and signing out everywhere."""

from __future__ import annotations

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

from service.desk.bindings import DEFAULT_KEYS, keep_keys, key_words, keys_of
from service.desk.choosing import chosen_password
from service.desk.frame import THEMES
from service.desk.language import LANGUAGES, Said, gettext
from service.desk.roles import needs
from service.desk.sessions import (
    acting,
    end_every_session,
    oldest_session,
    start_session,
    visitor,
)
from service.desk.throttle import WINDOW
from service.errors import InvalidRequestError
from service.parts import parts
from service.store.accounts import Account, account_by_id, set_password, set_preferences
from service.store.sessions import count_sessions


def add_account(desk: Blueprint) -> None:
    """Give the desk the page of a visitor's own account."""
    desk.add_url_rule("/account", "account", account)
    for name, view in (
        ("password", change_password),
        ("preferences", change_preferences),
        ("keys", change_keys),
        ("sign-out-everywhere", sign_out_everywhere),
    ):
        endpoint = f"account_{name.replace('-', '_')}"
        desk.add_url_rule(f"/account/{name}", endpoint, view, methods=["POST"])


@needs("reporter")
def account() -> Response:
    """Show what the account is and may, with the forms that change it."""
    return _page()


def _page(error: Said = "", field: str = "", status: int = 200) -> Response:
    own = visitor().account
    keys = {act: request.form.get(f"key_{act}", key) for act, key in keys_of(own.keys).items()}
    page = render_template(
        "desk/account.html",
        account=own,
        error=error,
        field=field,
        languages=LANGUAGES,
        themes=THEMES,
        keys=keys,
        acts=key_words(),
        sessions=count_sessions(parts().service.db, own, oldest_session()),
    )
    return make_response(page, status)


@needs("reporter")
def change_password() -> Response | AnyResponse:
    """Change the password, given the one that stands, and end every other session."""
    own, service = visitor().account, parts().service
    throttle, address = parts().throttle, request.remote_addr or ""
    if not throttle.allows(own.name, address):
        wait = gettext("Too many failed tries. Wait a quarter of an hour and try again.")
        refused = _page(wait, "current", 429)
        refused.headers["Retry-After"] = str(WINDOW)
        return refused
    if not parts().passwords.match(request.form.get("current", ""), own.password_hash):
        throttle.failed(own.name, address)
        return _page(gettext("This is not your present password."), "current", 400)
    try:
        password = chosen_password(request.form, own.name)
    except InvalidRequestError as error:
        return _page(error, "password", 400)
    set_password(service.db, own.name, parts().passwords.hash(password), acting())
    start_session(_again(own))
    flash(gettext("Your password is changed; you are signed out everywhere else."), "done")
    return redirect(url_for("desk.account"), 303)


def _again(own: Account) -> Account:
    found = account_by_id(parts().service.db, own.id)
    if found is None:
        raise LookupError("an account is never deleted")
    return found


@needs("reporter")
def change_preferences() -> AnyResponse:
    """Keep the language and the theme that were chosen; what is none of ours is the automatic."""
    language, theme = request.form.get("language", ""), request.form.get("theme", "")
    _keep(
        language=language if language in LANGUAGES else "",
        theme=theme if theme in THEMES else "auto",
        keys=visitor().account.keys,
    )
    return redirect(url_for("desk.account"), 303)


@needs("reporter")
def change_keys() -> Response | AnyResponse:
    """Bind the keys as the form says, or as they come."""
    form = {} if "reset" in request.form else request.form
    wanted = {act: form[f"key_{act}"].strip() for act in DEFAULT_KEYS if f"key_{act}" in form}
    try:
        keys = keep_keys(wanted)
    except InvalidRequestError as error:
        return _page(error, "keys", 400)
    own = visitor().account
    _keep(language=own.language, theme=own.theme, keys=keys)
    flash(gettext("Your keys are kept."), "done")
    return redirect(url_for("desk.account"), 303)


def _keep(*, language: str, theme: str, keys: str) -> None:
    own = visitor().account
    set_preferences(parts().service.db, own.id, language=language, theme=theme, keys=keys)


@needs("reporter")
def sign_out_everywhere() -> AnyResponse:
    """End every session of the account, this one too."""
    end_every_session()
    return redirect(url_for("desk.sign_in"), 303)
