"""What can go wrong, by name, and the one table that maps each name to HTTP."""

from __future__ import annotations

from dataclasses import dataclass

from model.url import InvalidUrl


class ServiceError(Exception):
    """Something a caller is told about; the message says what to do.

    It names the ``values`` that are given as ``%(name)s``: who says it in another language needs
    both apart.
    """

    def __init__(self, message: str = "", **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message, self.values = message, values


class InvalidRequestError(ServiceError):
    """The request can be read but asks for something that cannot be."""


class InvalidJsonError(ServiceError):
    """The body is not JSON that can be taken in."""


class MissingKeyError(ServiceError):
    """No API key came with the request."""


class WrongKeyError(ServiceError):
    """The API key is unknown or revoked."""


class MissingScopeError(ServiceError):
    """The API key is known but may not do this."""


class NotFoundError(ServiceError):
    """There is nothing by this name."""


class NeverScannedError(ServiceError):
    """A campaign decision needs the content of the page, and it was never scanned."""


class KeyReusedError(ServiceError):
    """An Idempotency-Key came again with another body."""


class NameTakenError(ServiceError):
    """An account of this name exists."""


class NotAllowedError(ServiceError):
    """Who is signed in has not the role that this needs."""


class StrangeHostError(ServiceError):
    """The request is for a host name that this service does not answer to."""


class BusyError(ServiceError):
    """More is being judged at this moment than the machine can bear."""


class TooManyRequestsError(ServiceError):
    """A key or an address asked for more than it may; ``retry_after`` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreUnavailableError(ServiceError):
    """The database cannot be used at this moment: locked, full or read-only."""


class NotReadyError(ServiceError):
    """A part of this process does not work at this moment; the message names it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """How an error looks over HTTP (RFC 9457); ``retry_after`` is in seconds."""

    status: int
    code: str
    title: str
    retry_after: int | None = None


PROBLEMS: dict[type[Exception], Problem] = {
    InvalidUrl: Problem(400, "invalid_url", "The address cannot be used"),
    InvalidRequestError: Problem(400, "invalid_request", "The request cannot be used"),
    InvalidJsonError: Problem(400, "invalid_json", "The body cannot be read"),
    MissingKeyError: Problem(401, "missing_key", "An API key is needed"),
    WrongKeyError: Problem(401, "wrong_key", "The API key is not valid"),
    MissingScopeError: Problem(403, "missing_scope", "The API key may not do this"),
    NotAllowedError: Problem(403, "not_allowed", "Not allowed"),
    StrangeHostError: Problem(400, "strange_host", "Unknown host"),
    NotFoundError: Problem(404, "not_found", "Not found"),
    NeverScannedError: Problem(409, "never_scanned", "The page has not been seen yet"),
    KeyReusedError: Problem(422, "idempotency_key_reused", "The Idempotency-Key was used before"),
    NameTakenError: Problem(409, "name_taken", "The name is taken"),
    BusyError: Problem(503, "busy", "The service is busy", retry_after=2),
    TooManyRequestsError: Problem(429, "too_many_requests", "Too many requests"),
    NotReadyError: Problem(503, "not_ready", "Not ready", retry_after=5),
    StoreUnavailableError: Problem(503, "store_unavailable", "The database is busy", retry_after=2),
}
