"""The prefix list: GET /v1/prefixes and POST /v1/prefixes/find. Neither learns an address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from service.api.auth import auth
from service.api.budgets import charge
from service.api.schemas import PrefixesFindIn, PrefixesFindOut, PrefixesQuery
from service.parts import parts
from service.store.prefixes import Match, find_matches, list_version
from service.verdict_json import utc_text

prefixes = APIBlueprint("prefixes", __name__, url_prefix="/v1/prefixes")

BINARY = "application/octet-stream"

# How long nothing behind a prefix may be taken for nothing, in seconds.
NEGATIVE_LIFE = 300


@prefixes.get("")
@prefixes.auth_required(auth, roles=["lookup"])
@prefixes.input(PrefixesQuery, location="query", arg_name="asked")
@prefixes.doc(
    responses={
        200: "The list, whole or as changes, in bytes.",
        304: "Nothing changed since the answer with this ETag.",
        400: "The request cannot be used.",
    }
)
def prefix_list(asked: PrefixesQuery) -> Response:
    """List the first four bytes of the SHA-256 of every expression under which bait is known.

    With `since`, a version that the caller has, only what changed.
    """
    charge("lookups")
    known = parts().prefixes
    known.follow()
    at = known.current()
    etag = f"{at.version}-{at.digest[:8].hex()}"
    answer = Response(mimetype=BINARY)
    if not request.if_none_match.contains(etag):
        answer.set_data(known.sent(at, asked.since))
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@prefixes.post("/find")
@prefixes.auth_required(auth, roles=["lookup"])
@prefixes.input(PrefixesFindIn, arg_name="asked")
@prefixes.output(PrefixesFindOut)
@prefixes.doc(responses={400: "The request cannot be used."})
def find(asked: PrefixesFindIn) -> Response:
    """Tell the full hashes behind up to 1,000 prefixes, with what stands there and for how long.

    Nothing is told of what is not bait, but for narrower rulings under a wider one.
    """
    charge("lookups", len(asked.prefixes))
    parts().prefixes.follow()
    service = parts().service
    now = service.steps.now()
    with service.db.read() as connection:
        found = find_matches(connection, [int(prefix, 16) for prefix in asked.prefixes], now)
        version = list_version(connection)
    until = utc_text(now + timedelta(seconds=service.settings.life_decision))
    return jsonify(
        {
            "matches": [_object(match, until) for match in found],
            "version": version,
            "negative_life": NEGATIVE_LIFE,
        }
    )


def _object(match: Match, until: str) -> dict[str, Any]:
    return {
        "hash": match.hash.hex(),
        "kind": match.kind,
        "scope": match.scope,
        "verdict": match.verdict,
        "score": match.score,
        "expires_at": until if match.expires_at is None else utc_text(match.expires_at),
    }
