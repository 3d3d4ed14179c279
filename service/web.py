"""What every answer of the web application goes through: errors, headers, one line in the log."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from apiflask import HTTPError
from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from service.api.problems import (
    broken_problem,
    field_problem,
    http_problem,
    named_problem,
    problem_response,
)
from service.desk.language import Said
from service.errors import PROBLEMS, StrangeHostError
from service.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = structlog.get_logger(__name__)

_PORT = re.compile(r":[0-9]+$")

# Pages load and run nothing but the desk's own files; the images that are data are Bootstrap's.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Flask-WTF checks the referrer of forms sent over https: it must stay for our own pages.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def set_up_web(app: Flask, settings: Settings) -> None:
    """Register the handlers of hosts, errors, headers and the request log."""
    for kind in PROBLEMS:
        app.register_error_handler(kind, _named)
    app.register_error_handler(HTTPError, _http_error)
    app.register_error_handler(HTTPException, _http_exception)
    app.register_error_handler(Exception, _broken)
    app.before_request(_note_start)
    app.before_request(partial(_refuse_strange_host, settings.hosts))
    app.after_request(_kept_nowhere)
    app.wsgi_app = _WithHeaders(app.wsgi_app, https=settings.https)  # type: ignore[method-assign]
    app.after_request(_log_request)


def _named(error: Exception) -> Response:
    problem, detail = named_problem(error)
    answer = problem_response(problem, detail)
    return _page(answer, problem.title, error) if _wants_page() else answer


def _http_error(error: HTTPError) -> Response:
    return field_problem(error)


def _http_exception(error: HTTPException) -> Response | AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    answer = http_problem(error)
    if not _wants_page():
        return answer
    return _page(answer, error.name, error.description or error.name)


def _broken(error: Exception) -> Response:
    _log.exception("request_broke", exc_info=error, route=_route())
    answer = broken_problem()
    if not _wants_page():
        return answer
    return _page(answer, "Internal error", "Something went wrong here; it was logged.")


def _wants_page() -> bool:
    """Say whether a person looks: the API never answers with HTML."""
    best = request.accept_mimetypes.best_match(["application/problem+json", "text/html"])
    return best == "text/html" and not request.path.startswith(("/v1/", "/healthz", "/readyz"))


def _page(answer: Response, title: str, detail: Said) -> Response:
    page = make_response(render_template("desk/error.html", title=title, detail=detail))
    page.status_code = answer.status_code
    if "Retry-After" in answer.headers:
        page.headers["Retry-After"] = answer.headers["Retry-After"]
    return page


def _kept_nowhere(response: Response) -> Response:
    if request.endpoint != "desk.static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


class _WithHeaders:
    """Adds the headers of every answer that has not its own, where that costs least."""

    def __init__(self, app: WSGIApplication, *, https: bool) -> None:
        self._app = app
        self._headers = list(_HEADERS.items())
        if https:
            self._headers.append(("Strict-Transport-Security", "max-age=31536000"))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str,
            headers: list[tuple[str, str]],
            *error: Any,  # noqa: ANN401  # as it is handed on
        ) -> Callable[[bytes], object]:
            own = {name.lower() for name, _ in headers}
            added = [header for header in self._headers if header[0].lower() not in own]
            return start_response(status, headers + added, *error)

        return self._app(environ, start)


def _note_start() -> None:
    g.started = time.monotonic()


def _refuse_strange_host(hosts: Sequence[str]) -> None:
    """Refuse a request for a host that is not ours, as a rebound name or a forged header makes.

    Werkzeug's own check has validated the characters; it cannot be told to trust an IPv6 address.
    """
    host = _PORT.sub("", request.host).lower()
    if not any(host == name or (name[:1] == "." and host.endswith(name)) for name in hosts):
        raise StrangeHostError(
            "This service does not answer to that host name: the operator can add it to "
            "BAITWATCH_TRUSTED_HOSTS."
        )


def _log_request(response: Response) -> Response:
    took = time.monotonic() - g.get("started", time.monotonic())
    _log.info(
        "request",
        method=request.method,
        route=_route(),
        status=response.status_code,
        seconds=round(took, 4),
    )
    return response


def _route() -> str:
    """Name the route, not the path: paths and queries hold what people asked about."""
    return request.url_rule.rule if request.url_rule else "(none)"
