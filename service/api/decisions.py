"""Moderators' decisions: POST /v1/decisions, DELETE /v1/decisions/{id}."""

from __future__ import annotations

import re

from apiflask import APIBlueprint
from flask import Response, jsonify

from model.url import canonicalize_url
from service.api.auth import acting, auth
from service.api.budgets import charge
from service.api.schemas import DecisionIn, DecisionOut
from service.errors import NotFoundError
from service.objects import decision_object
from service.parts import parts
from service.store.decisions import record_decision, revoke_decision

decisions = APIBlueprint("decisions", __name__, url_prefix="/v1/decisions")

_ID = re.compile("[0-9]{1,18}")  # what fits into 63 bits, whatever the digits


@decisions.post("")
@decisions.auth_required(auth, roles=["moderate"])
@decisions.input(DecisionIn, arg_name="sent")
@decisions.output(DecisionOut, status_code=201)
@decisions.doc(
    responses={
        400: "The address or the request cannot be used.",
        409: "A campaign decision on an address that was never checked.",
    }
)
def decide(sent: DecisionIn) -> Response:
    """Record a ruling. It counts at once, over the machine's verdict.

    The narrowest scope wins, then the newest. `bait` and `not_bait` replace the verdict, `unsure`
    leaves the machine's; the score stays the machine's always.
    """
    charge("checks")
    url = canonicalize_url(sent.url)
    decision = record_decision(
        parts().service.db, url, sent.ruling, sent.scope, sent.note, acting()
    )
    answer = jsonify(decision_object(decision))
    answer.status_code = 201
    return answer


@decisions.delete("/<decision_id>")
@decisions.auth_required(auth, roles=["moderate"])
@decisions.output({}, status_code=204)
@decisions.doc(responses={404: "No standing decision has this id."})
def revoke(decision_id: str) -> Response:
    """Take a decision back. It is kept as history and counts no more."""
    charge("checks")
    if not _ID.fullmatch(decision_id):
        raise NotFoundError("A decision's id is the number that POST /v1/decisions answered with.")
    revoke_decision(parts().service.db, int(decision_id), acting())
    return Response(status=204)
