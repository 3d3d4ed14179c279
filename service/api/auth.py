"""API keys at the door: ``Authorization: Bearer bw_...``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from apiflask import HTTPTokenAuth
from flask import g, request

from service.errors import MissingKeyError, MissingScopeError, WrongKeyError
from service.parts import parts
from service.store.audit import Actor
from service.store.keys import ApiKey

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class KeyAuth(HTTPTokenAuth):
    """Asks for a key with a scope; APIFlask writes it into the OpenAPI document.

    Flask-HTTPAuth's own check costs more than a whole look-up.
    """

    def login_required(
        self,
        f: object = None,  # noqa: ARG002  # APIFlask calls it with names alone
        role: Sequence[str] | None = None,
        optional: object = None,  # noqa: ARG002
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Make the decorator of a view that needs one of these scopes."""
        wanted = frozenset(role or ())

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def guarded(*args: object, **kwargs: object) -> object:
                _admit(wanted)
                return view(*args, **kwargs)

            return guarded

        return decorate


auth = KeyAuth(scheme="Bearer", description="An API key, made with `baitwatch keys create`.")


def bearer_token(environ: WSGIEnvironment) -> str | None:
    """Return what a request sends as its key, whatever that is."""
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _admit(scopes: frozenset[str]) -> None:
    token = bearer_token(request.environ)
    if token is None:
        raise MissingKeyError("Send an API key in the header: Authorization: Bearer bw_...")
    service = parts().service
    key = service.memory.key(token)
    if key is None:
        raise WrongKeyError("This API key is unknown or was revoked: ask the operator for another.")
    service.memory.note_use(key, service.steps.now())
    if not scopes & key.scopes:
        raise MissingScopeError(
            "This API key lacks the scope that the call needs: ask the operator for one that "
            "has it."
        )
    g.api_key = key


def caller() -> ApiKey:
    """Return the key that the current request came with."""
    return cast("ApiKey", g.api_key)


def acting() -> Actor:
    """Name whoever makes the current request, for decisions and the audit."""
    return Actor(caller().name, parts().service.steps.now())
