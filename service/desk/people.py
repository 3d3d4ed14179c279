"""People: who may sign in and as what, and the links by which they choose a password."""

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

from service.desk.choosing import chosen_name, chosen_password
from service.desk.language import Said, gettext
from service.desk.roles import needs
from service.desk.sessions import acting, start_session
from service.errors import InvalidRequestError, NameTakenError, NotFoundError
from service.parts import parts
from service.store.accounts import (
    ROLES,
    Account,
    Role,
    account_by_id,
    create_account,
    disable_account,
    enable_account,
    end_sessions,
    every_account,
    set_role,
)
from service.store.audit import record_action
from service.store.sessions import INVITATION_LIFE, accept_invitation, invite, invited


def add_people(desk: Blueprint) -> None:
    """Give the desk the page of its people, and the one where an invited person arrives."""
    desk.add_url_rule("/people", "people", people)
    desk.add_url_rule("/people", "invite", create, methods=["POST"])
    for name, view in (
        ("role", change_role),
        ("link", make_link),
        ("sign-out", sign_out_person),
        ("shut", shut),
        ("open", open_again),
    ):
        endpoint = f"people_{name.replace('-', '_')}"
        path = f"/people/<int(max=2147483647):account_id>/{name}"
        desk.add_url_rule(path, endpoint, view, methods=["POST"])
    desk.add_url_rule("/welcome/<token>", "welcome", welcome, methods=["GET", "POST"])


def role_words() -> dict[Role, str]:
    """Say what each role is called, in the language of this request."""
    return {
        "reporter": gettext("Reporter: submits pages and sees what became of them"),
        "moderator": gettext("Moderator: rules on pages and folders"),
        "lead": gettext("Lead: rules on hosts and campaigns, many at once, undoes others' rulings"),
        "admin": gettext("Admin: looks after people and keys"),
    }


@needs("admin")
def people() -> Response:
    """List the accounts, with what can be done to each."""
    return _page()


def _page(error: Said = "", status: int = 200, made: str = "", made_for: str = "") -> Response:
    page = render_template(
        "desk/people.html",
        people=every_account(parts().service.db),
        roles=role_words(),
        error=error,
        made=made,
        made_for=made_for,
        days=INVITATION_LIFE.days,
    )
    return make_response(page, status)


def _role() -> Role:
    role = request.form.get("role", "")
    if role not in ROLES:
        raise InvalidRequestError(gettext("There is no such role."))
    return role


def _account(account_id: int) -> Account:
    found = account_by_id(parts().service.db, account_id)
    if found is None:
        raise NotFoundError("There is no such account.")
    return found


@needs("admin")
def create() -> Response:
    """Make an account without a password, and show the link by which its owner chooses one."""
    try:
        name, role = chosen_name(request.form), _role()
        with parts().service.db.write() as connection:
            account_id = create_account(connection, name, "", role, acting())
            token = invite(connection, account_id, acting())
    except (InvalidRequestError, NameTakenError) as error:
        return _page(error, 400)
    return _page(made=_link(token), made_for=name)


@needs("admin")
def make_link(account_id: int) -> Response:
    """Make a link by which somebody who cannot sign in chooses a new password."""
    found = _account(account_id)
    with parts().service.db.write() as connection:
        token = invite(connection, found.id, acting())
        record_action(connection, acting(), "invite", found.name)
    return _page(made=_link(token), made_for=found.name)


def _link(token: str) -> str:
    path = url_for("desk.welcome", token=token)
    public = parts().service.settings.public_url
    return f"{public}{path}" if public else f"{request.host_url.rstrip('/')}{path}"


@needs("admin")
def change_role(account_id: int) -> Response | AnyResponse:
    """Give somebody another role."""
    name = _account(account_id).name
    try:
        set_role(parts().service.db, name, _role(), acting())
    except InvalidRequestError as error:
        return _page(error, 400)
    return _done(gettext("%(name)s has another role now.", name=name))


@needs("admin")
def shut(account_id: int) -> Response | AnyResponse:
    """Shut an account: its sessions end at once, its rulings stand."""
    name = _account(account_id).name
    try:
        disable_account(parts().service.db, name, acting())
    except InvalidRequestError as error:
        return _page(error, 400)
    return _done(
        gettext("The account of %(name)s is shut.", name=name),
        undo=url_for("desk.people_open", account_id=account_id),
    )


@needs("admin")
def open_again(account_id: int) -> AnyResponse:
    """Open a shut account."""
    name = _account(account_id).name
    enable_account(parts().service.db, name, acting())
    return _done(gettext("The account of %(name)s is open.", name=name))


@needs("admin")
def sign_out_person(account_id: int) -> AnyResponse:
    """End every session of somebody."""
    name = _account(account_id).name
    end_sessions(parts().service.db, name, acting())
    return _done(gettext("%(name)s is signed out everywhere.", name=name))


def _done(text: str, undo: str = "") -> AnyResponse:
    flash({"text": text, "undo": undo} if undo else text, "done")  # type: ignore[arg-type]
    return redirect(url_for("desk.people"), 303)


def welcome(token: str) -> Response | AnyResponse:
    """Let an invited person choose a password, and sign them in."""
    service = parts().service
    account = invited(service.db, token, service.steps.now())
    if request.method == "GET":
        return _welcome_page(account, "", 200)
    try:
        password = chosen_password(request.form, account.name)
    except InvalidRequestError as error:
        return _welcome_page(account, error, 400)
    hashed = parts().passwords.hash(password)
    start_session(accept_invitation(service.db, token, hashed, service.steps.now()))
    return redirect(url_for("desk.start"), 303)


def _welcome_page(account: Account, error: Said, status: int) -> Response:
    return make_response(
        render_template("desk/welcome.html", name=account.name, error=error), status
    )
