"""Reports: POST /v1/reports, and GET /v1/reports for those who decide."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from model.url import canonicalize_url
from service.api.auth import acting, auth
from service.api.budgets import charge
from service.api.schemas import ReportIn, ReportOut, ReportsOut, ReportsQuery
from service.parts import parts
from service.store.reports import Report, open_reports, record_report
from service.verdict_json import utc_text

reports = APIBlueprint("reports", __name__, url_prefix="/v1/reports")

_MOST = 100


@reports.post("")
@reports.auth_required(auth, roles=["report"])
@reports.input(ReportIn, arg_name="sent")
@reports.output(ReportOut, status_code=201)
@reports.doc(responses={400: "The address or the request cannot be used."})
def report(sent: ReportIn) -> Response:
    """Disagree with a verdict, or ask for a look.

    A report changes no verdict: it waits for a moderator, whose decision on the address settles it.
    """
    charge("checks")
    url = canonicalize_url(sent.url)
    made = record_report(parts().service.db, url, sent.says, sent.comment, acting())
    answer = jsonify(_object(made))
    answer.status_code = 201
    return answer


@reports.get("")
@reports.auth_required(auth, roles=["moderate"])
@reports.input(ReportsQuery, location="query", arg_name="asked")
@reports.output(ReportsOut)
@reports.doc(responses={400: "The request cannot be used."})
def waiting(asked: ReportsQuery) -> Response:
    """List the reports that no decision has settled yet, oldest first, up to 100 at once."""
    charge("lookups")
    found = open_reports(parts().service.db, asked.after, _MOST)
    return jsonify({"reports": [_object(one) for one in found]})


def _object(made: Report) -> dict[str, Any]:
    return {
        "id": made.id,
        "url": made.url,
        "says": made.says,
        "comment": made.comment,
        "by": made.by,
        "at": utc_text(made.at),
    }
