"""For whoever watches over the service: GET /healthz, GET /readyz. No key is needed."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, jsonify

from service.api.schemas import HealthOut, ReadyOut
from service.parts import parts
from service.readiness import check_ready

health = APIBlueprint("health", __name__)


@health.get("/healthz")
@health.output(HealthOut)
def alive() -> Response:
    """Say that the process answers; nothing else is asked."""
    return jsonify({"status": "ok"})


@health.get("/readyz")
@health.output(ReadyOut)
@health.doc(responses={503: "A part does not work: the detail names it; see Retry-After."})
def ready() -> Response:
    """Say that all parts work, and which model judges.

    The database answers, in the form of this version; the data folder can be written; the model is
    there; somebody runs the scans, or the broker that carries them answers.
    """
    service = parts().service
    check_ready(service, parts().workers)
    model = service.steps.model()
    told = {"version": model.version, "digest": model.digest}
    return jsonify({"status": "ok", "model": told})
