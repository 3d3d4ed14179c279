"""Who may do what at the desk: four roles, each with all that the one before it may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask
from flask_login import current_user, login_required

from service.desk.language import gettext
from service.desk.sessions import visitor
from service.errors import NotAllowedError
from service.store.accounts import ROLES, Role

_P = ParamSpec("_P")
_R = TypeVar("_R")


def needs(role: Role) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Open a view to accounts of this role and of those above it.

    Who is not signed in is sent to sign in; raises NotAllowedError for a lesser role. The view
    says by its ``needed_role`` what it needs: the tests of every route read it.
    """

    def guard(view: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(view)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            require(role)
            return view(*args, **kwargs)

        opened: Callable[_P, _R] = login_required(guarded)
        opened.needed_role = role  # type: ignore[attr-defined]
        return opened

    return guard


def require(role: Role) -> None:
    """Refuse who is signed in with a lesser role than this. Raises NotAllowedError."""
    if not reaches(visitor().account.role, role):
        raise NotAllowedError(
            gettext("This needs the role %(role)s: ask somebody who has it.", role=gettext(role))
        )


def reaches(role: Role, needed: Role) -> bool:
    """Say whether a role may do what another one may."""
    return ROLES.index(role) >= ROLES.index(needed)


def may(role: Role) -> bool:
    """Say whether whoever looks at this page has a role, or one above it; for templates."""
    return bool(current_user.is_authenticated) and reaches(visitor().account.role, role)


def set_up_roles(app: Flask) -> None:
    """Let the templates ask what a visitor may."""
    app.jinja_env.globals["may"] = may
