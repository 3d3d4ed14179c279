"""API keys at the door: ``Authorization: Bearer bw_...``."""

from __future__ import annotations

from typing import NoReturn, cast

from apiflask import HTTPError, HTTPTokenAuth

from service.errors import MissingKeyError, MissingScopeError, WrongKeyError
from service.parts import parts
from service.store.audit import Actor
from service.store.keys import ApiKey


def _verify(token: str) -> ApiKey:
    service = parts().service
    key = service.memory.key(token)
    if key is None:
        raise WrongKeyError("This API key is unknown or was revoked: ask the operator for another.")
    service.memory.note_use(key, service.steps.now())
    return key


def _scopes(key: ApiKey) -> list[str]:
    return list(key.scopes)


def _refuse(error: HTTPError) -> NoReturn:
    if error.status_code == 401:
        raise MissingKeyError("Send an API key in the header: Authorization: Bearer bw_...")
    raise MissingScopeError(
        "This API key lacks the scope that the call needs: ask the operator for one that has it."
    )


def _bearer() -> HTTPTokenAuth:
    bearer = HTTPTokenAuth(
        scheme="Bearer", description="An API key, made with `baitwatch keys create`."
    )
    bearer.verify_token(_verify)
    bearer.get_user_roles(_scopes)
    bearer.error_processor(_refuse)
    return bearer


auth = _bearer()


def caller() -> ApiKey:
    """Return the key that the current request came with."""
    return cast("ApiKey", auth.current_user)


def acting() -> Actor:
    """Name whoever makes the current request, for decisions and the audit."""
    return Actor(caller().name, parts().service.steps.now())
