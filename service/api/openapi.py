"""The OpenAPI document, completed with what APIFlask does not know."""

from __future__ import annotations

from typing import Any

from service.api.schemas import ProblemOut

_PROBLEM = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}},
}
_SCAN = {"application/json": {"schema": {"$ref": "#/components/schemas/ScanOut"}}}
# What may come of every call under /v1.
_EVERY_CALL = {
    "401": {"description": "No API key came, or one that is not valid."},
    "403": {"description": "The API key may not do this."},
    "413": {"description": "The body is larger than the service takes."},
    "429": {"description": "A budget is spent; see Retry-After."},
    "503": {"description": "The service is busy; see Retry-After."},
}

_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes a repeated request the same request: it gets the same scan.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def complete_openapi(document: dict[str, Any]) -> dict[str, Any]:
    """Give every error its one form, and the scan that is not done yet its own."""
    schemas = document["components"]["schemas"]
    schemas["ProblemOut"] = ProblemOut.model_json_schema()
    # APIFlask's own forms of errors, which no answer has.
    schemas.pop("HTTPError", None)
    schemas.pop("ValidationError", None)
    document["paths"]["/v1/check"]["post"]["parameters"].append(_IDEMPOTENCY_KEY)
    metrics = document["paths"]["/metrics"]["get"]["responses"]["200"]
    metrics["content"] = {"text/plain": {"schema": {"type": "string"}}}
    listed = document["paths"]["/v1/prefixes"]["get"]["responses"]["200"]
    listed["content"] = {"application/octet-stream": {"schema": {"type": "string"}}}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path.startswith("/v1/"):
                operation["responses"] = _EVERY_CALL | operation["responses"]
            for status, response in operation["responses"].items():
                if status >= "400":
                    response["content"] = _PROBLEM
                elif status == "202":
                    response["content"] = _SCAN
    return document
