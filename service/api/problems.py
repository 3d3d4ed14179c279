"""Errors as problem+json (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from apiflask import HTTPError
from flask import Response
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from service.errors import PROBLEMS, Problem, TooManyRequestsError

# What to do about the errors that Flask raises before any view runs.
_ADVICE = {
    400: "The request is not proper HTTP for this service: check its address, host and encoding.",
    404: "There is nothing at this address: see /v1/openapi.json for what there is.",
    405: "The address exists, but not for this method: see the Allow header.",
    408: "The request did not arrive whole: send it again.",
    413: "The request is larger than this service takes: send less at once.",
}
_BROKEN = "Something went wrong here; it was logged. Try again later."


def problem_response(
    problem: Problem,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Write one problem; ``errors`` names the fields that are wrong."""
    body = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        "code": problem.code,
        **({"errors": list(errors)} if errors else {}),
    }
    response = Response(json.dumps(body), problem.status, mimetype="application/problem+json")
    response.headers.update(headers or {})
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="baitwatch"'
    return response


def named_problem(error: Exception) -> tuple[Problem, str]:
    """Look a named exception up in the one table; the detail is its message."""
    kind = next(kind for kind in type(error).__mro__ if kind in PROBLEMS)
    problem = PROBLEMS[kind]
    if isinstance(error, TooManyRequestsError):
        problem = replace(problem, retry_after=error.retry_after)
    return problem, str(error)


def field_problem(error: HTTPError) -> Response:
    """Write the problem of a request whose fields are not as they must be."""
    fields = [
        {"field": field, "problem": "; ".join(messages)}
        for location in error.detail.values()
        for field, messages in location.items()
    ]
    detail = "Correct these: " + ", ".join(field["field"] for field in fields) + "."
    return problem_response(
        Problem(error.status_code, "invalid_request", "The request cannot be used"),
        detail,
        errors=fields,
    )


def http_problem(error: HTTPException) -> Response:
    """Write the problem of an error that Flask itself raised."""
    status = error.code or 500
    title = HTTP_STATUS_CODES.get(status, "Error")
    kept = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    problem = Problem(status, title.lower().replace(" ", "_"), title)
    return problem_response(problem, _ADVICE.get(status, f"{title}."), headers=kept)


def broken_problem() -> Response:
    """Write the problem of an error of our own, which tells nothing of its inside."""
    return problem_response(Problem(500, "internal", "Internal error"), _BROKEN)
