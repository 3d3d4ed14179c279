"""Looking up and judging: GET and POST /v1/lookup, POST /v1/judge. Neither fetches anything."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from model.page import Page
from model.url import canonicalize_url
from service.answers import Answer, answer_object
from service.api.auth import auth
from service.api.budgets import charge
from service.api.schemas import JudgeIn, LookupIn, LookupOut, LookupQuery, VerdictOut
from service.canonical import canonical
from service.errors import InvalidRequestError
from service.parts import parts
from service.scan import answer_from, look_up
from service.steps import judge_sent

lookups = APIBlueprint("lookups", __name__, url_prefix="/v1")


@lookups.get("/lookup")
@lookups.auth_required(auth, roles=["lookup"])
@lookups.input(LookupQuery, location="query", arg_name="asked")
@lookups.output(VerdictOut)
@lookups.doc(responses={400: "The address cannot be used."})
def lookup(asked: LookupQuery) -> Response:
    """Look one address up, at once, from decisions and fresh verdicts.

    An address that was not checked yet is `unknown` because `not_seen`.
    """
    charge("lookups")
    service = parts().service
    (known,) = service.memory.known([canonical(asked.url)])
    answer = answer_from(service, asked.url, known)
    told = jsonify(answer_object(answer))
    query = request.environ.get("QUERY_STRING", "")
    parts().shortcut.remember(query, known, told.data, answer.finding.expires_at)
    return told


@lookups.post("/lookup")
@lookups.auth_required(auth, roles=["lookup"])
@lookups.input(LookupIn, arg_name="asked")
@lookups.output(LookupOut)
@lookups.doc(responses={400: "The request cannot be used."})
def lookup_batch(asked: LookupIn) -> Response:
    """Look up to 500 addresses up, as for the links of a page."""
    charge("lookups", len(asked.urls))
    answers = look_up(parts().service, asked.urls)
    return jsonify({"results": [answer_object(answer) for answer in answers]})


@lookups.post("/judge")
@lookups.auth_required(auth, roles=["judge"])
@lookups.input(JudgeIn, arg_name="sent")
@lookups.output(VerdictOut)
@lookups.doc(
    responses={
        400: "The request cannot be used.",
        503: "Too many pages are being judged; see Retry-After.",
    }
)
def judge(sent: JudgeIn) -> Response:
    """Judge a page that the caller sends, as markup or as text. Nothing is fetched or kept."""
    charge("checks")
    href = None if sent.url is None else canonicalize_url(sent.url).href
    if sent.html is not None and sent.text is None:
        page = Page.from_html(sent.html, href)
    elif sent.text is not None and sent.html is None:
        page = Page.from_text(sent.text, href)
    else:
        raise InvalidRequestError("Send exactly one of html and text.")
    finding, _ = judge_sent(parts().service.steps, page)
    return jsonify(answer_object(Answer(sent.url, finding, "caller")))
