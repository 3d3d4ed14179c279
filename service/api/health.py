"""For whoever watches over the service: GET /healthz, GET /readyz. No key is needed."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, jsonify

from service.api.schemas import HealthOut, ReadyOut
from service.errors import StoreUnavailableError
from service.parts import parts

health = APIBlueprint("health", __name__)

_OTHER_FORM = (
    "The database has not the form of this version: upgrade it with `baitwatch db upgrade`, "
    "or upgrade this service."
)


@health.get("/healthz")
@health.output(HealthOut)
def alive() -> Response:
    """Say that the process answers; nothing else is asked."""
    return jsonify({"status": "ok"})


@health.get("/readyz")
@health.output(ReadyOut)
@health.doc(responses={503: "The database cannot be used; see Retry-After."})
def ready() -> Response:
    """Say that requests can be served: the database answers, and in the form of this version.

    Names the model that judges.
    """
    service = parts().service
    if not service.db.is_current():
        raise StoreUnavailableError(_OTHER_FORM)
    model = service.steps.model()
    told = {"version": model.version, "digest": model.digest}
    return jsonify({"status": "ok", "model": told})
