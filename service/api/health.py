"""For whoever watches over the service: GET /healthz, GET /readyz. No key is needed."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, jsonify

from service.api.schemas import HealthOut, ReadyOut
from service.parts import parts
from service.store.claims import any_scan_waits

health = APIBlueprint("health", __name__)


@health.get("/healthz")
@health.output(HealthOut)
def alive() -> Response:
    """Say that the process answers; nothing else is asked."""
    return jsonify({"status": "ok"})


@health.get("/readyz")
@health.output(ReadyOut)
@health.doc(responses={503: "The database cannot be used; see Retry-After."})
def ready() -> Response:
    """Say that requests can be served: the database answers. Names the model that judges."""
    service = parts().service
    any_scan_waits(service.db, service.steps.now())
    model = service.steps.model()
    told = {"version": model.version, "digest": model.digest}
    return jsonify({"status": "ok", "model": told})
