"""API keys: made with their scopes, shown once, revoked."""

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

from service.desk.choosing import chosen_name
from service.desk.language import Said, gettext
from service.desk.roles import needs
from service.desk.sessions import acting
from service.errors import InvalidRequestError
from service.parts import parts
from service.store.case_page import storable
from service.store.keys import KEY_SCOPES, KeyScope, create_key, every_key, revoke_key


def add_keys(desk: Blueprint) -> None:
    """Give the desk the page of the API keys."""
    desk.add_url_rule("/keys", "keys", keys)
    desk.add_url_rule("/keys", "make_key", make, methods=["POST"])
    desk.add_url_rule("/keys/<prefix>/revoke", "revoke_key", revoke, methods=["POST"])


def scope_words() -> dict[KeyScope, str]:
    """Say what each scope opens, in the language of this request."""
    return {
        "check": gettext("have addresses fetched and judged, and read scans"),
        "judge": gettext("have pages judged that it sends"),
        "lookup": gettext("look up what is known"),
        "report": gettext("disagree with a verdict, or ask for a look"),
        "moderate": gettext("record and revoke rulings, and read the reports"),
        "admin": gettext("make and remove webhooks"),
    }


@needs("admin")
def keys() -> Response:
    """List the keys: never the keys themselves, only how they begin."""
    return _page()


def _page(error: Said = "", status: int = 200, made: str = "") -> Response:
    page = render_template(
        "desk/keys.html",
        keys=list(reversed(every_key(parts().service.db))),
        scopes=scope_words(),
        error=error,
        made=made,
        name=request.form.get("name", "") if error else "",
        chosen=request.form.getlist("scope") if error else [],
    )
    return make_response(page, status)


@needs("admin")
def make() -> Response:
    """Make a key and show it, this once."""
    try:
        name, scopes = chosen_name(request.form), _chosen_scopes()
    except InvalidRequestError as error:
        return _page(error, 400)
    with parts().service.db.write() as connection:
        key = create_key(connection, name, scopes, acting())
    return _page(made=key)


def _chosen_scopes() -> set[KeyScope]:
    wanted = set(request.form.getlist("scope"))
    chosen: set[KeyScope] = {scope for scope in KEY_SCOPES if scope in wanted}
    if not chosen or len(chosen) < len(wanted):
        raise InvalidRequestError(gettext("Choose at least one thing that the key may do."))
    return chosen


@needs("admin")
def revoke(prefix: str) -> AnyResponse:
    """End a key for good."""
    revoke_key(parts().service.db, storable(prefix), acting())
    flash(gettext("The key bw_%(prefix)s is revoked.", prefix=prefix), "done")
    return redirect(url_for("desk.keys"), 303)
