"""Going to a page that was submitted: never at once, always through a page that warns."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from model.url import canonicalize_url
from service.desk.defang import defang
from service.desk.roles import needs
from service.desk.shown import conclusion
from service.parts import parts
from service.rulings import RULED
from service.scan import known_answer


def add_going(desk: Blueprint) -> None:
    """Give the desk the page that warns of where it would lead."""
    desk.add_url_rule("/go", "go", go)


@needs("reporter")
def go() -> Response:
    """Name an address and what is known of it; the link to it tells it nothing of this service."""
    url = canonicalize_url(request.args.get("url", ""))
    answer = known_answer(parts().service, url.href)
    decision = answer.decision
    verdict = (RULED[decision.ruling] if decision else None) or answer.finding.verdict.verdict
    page = make_response(
        render_template(
            "desk/go.html",
            address=url.href,
            written=defang(url.href),
            host=url.unicode_host,
            encoded=url.host if url.unicode_host != url.host else "",
            known="" if answer.not_seen else conclusion(verdict),
            tone=verdict,
        )
    )
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
