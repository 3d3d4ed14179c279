"""Checking: POST /v1/check, POST /v1/check/batch, GET /v1/scans/{id}."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, request, url_for

from service.answers import Answer, answer_object
from service.api.auth import auth, caller
from service.api.budgets import charge
from service.api.schemas import BatchIn, BatchOut, CheckIn, ScanOut, VerdictOut
from service.errors import InvalidRequestError
from service.objects import scan_object
from service.parts import parts
from service.scan import check_link, check_links, scanned_answer
from service.store.scans import Scan, Submission, read_scan
from service.traces import note_scan

checks = APIBlueprint("checks", __name__, url_prefix="/v1")

_LONGEST_IDEMPOTENCY_KEY = 255


@checks.post("/check")
@checks.auth_required(auth, roles=["check"])
@checks.input(CheckIn, arg_name="asked")
@checks.output(VerdictOut)
@checks.doc(
    responses={
        202: "The wait ran out: the scan, with its address in Location. A verdict will come.",
        400: "The address or the request cannot be used.",
        422: "The Idempotency-Key came before with another body.",
        503: "The database is busy; see Retry-After.",
    }
)
def check(asked: CheckIn) -> Response:
    """Check one address.

    An Idempotency-Key header makes a repeated request the same request: it gets the same scan.
    """
    charge("checks")
    until = time.monotonic() + asked.wait
    found = check_link(parts().service, asked.url, fresh=asked.fresh, submission=_submission(asked))
    told = _await(asked.url, found, until)
    if isinstance(told, Answer):
        return jsonify(answer_object(told))
    answer = jsonify(scan_object(parts().service, told))
    answer.status_code = 202
    answer.headers["Location"] = url_for("checks.scan", scan_id=told.id)
    answer.headers["Retry-After"] = "1"
    return answer


def _submission(asked: CheckIn) -> Submission | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not (0 < len(key) <= _LONGEST_IDEMPOTENCY_KEY and key.isascii() and key.isprintable()):
        raise InvalidRequestError(
            f"An Idempotency-Key has 1 to {_LONGEST_IDEMPOTENCY_KEY} visible ASCII characters."
        )
    digest = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
    return Submission(caller().id, key, digest)


@checks.post("/check/batch")
@checks.auth_required(auth, roles=["check"])
@checks.input(BatchIn, arg_name="asked")
@checks.output(BatchOut)
@checks.doc(responses={400: "The request cannot be used.", 503: "The database is busy."})
def check_batch(asked: BatchIn) -> Response:
    """Check up to 100 addresses.

    Each gets its verdict, or its scan where the wait ran out; one that is no address is `unknown`.
    """
    charge("checks", len(asked.urls))
    until = time.monotonic() + asked.wait
    found = check_links(parts().service, asked.urls)
    told = [_await(url, one, until) for url, one in zip(asked.urls, found, strict=True)]
    return jsonify({"results": [_told_object(one) for one in told]})


@checks.get("/scans/<scan_id>")
@checks.auth_required(auth, roles=["check"])
@checks.output(ScanOut)
@checks.doc(responses={404: "No scan has this id."})
def scan(scan_id: str) -> Response:
    """Ask how a scan stands; it has its verdict once it is done."""
    charge("lookups")
    service = parts().service
    return jsonify(scan_object(service, read_scan(service.db, scan_id)))


def _await(asked: str, found: Answer | Scan, until: float) -> Answer | Scan:
    if isinstance(found, Answer):
        return found
    note_scan(found.id)
    scan = parts().workers.wait_for(found, until)
    return scan if scan.finding is None else scanned_answer(parts().service, asked, scan)


def _told_object(told: Answer | Scan) -> dict[str, Any]:
    return answer_object(told) if isinstance(told, Answer) else scan_object(parts().service, told)
