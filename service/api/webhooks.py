"""Webhooks: who is told of finished scans and rulings. For keys with the scope admin."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from model.url import canonicalize_url
from service.api.auth import acting, auth
from service.api.budgets import charge
from service.api.schemas import (
    DeadOut,
    NewWebhookOut,
    RetriedOut,
    WebhookIn,
    WebhooksOut,
)
from service.errors import NotFoundError
from service.parts import parts
from service.store.webhooks import (
    Delivery,
    Webhook,
    create_webhook,
    dead_deliveries,
    every_webhook,
    remove_webhook,
    retry_dead,
    waiting_deliveries,
)
from service.verdict_json import utc_text

webhooks = APIBlueprint("webhooks", __name__, url_prefix="/v1/webhooks")

_MOST = 100


@webhooks.post("")
@webhooks.auth_required(auth, roles=["admin"])
@webhooks.input(WebhookIn, arg_name="sent")
@webhooks.output(NewWebhookOut, status_code=201)
@webhooks.doc(responses={400: "The address or the request cannot be used."})
def create(sent: WebhookIn) -> Response:
    """Have an address told of events from now on. The secret is shown this once."""
    charge("checks")
    url = canonicalize_url(sent.url).href
    made = create_webhook(parts().service.db, url, set(sent.events), acting())
    answer = jsonify({**_object(made, 0), "secret": made.secret})
    answer.status_code = 201
    return answer


@webhooks.get("")
@webhooks.auth_required(auth, roles=["admin"])
@webhooks.output(WebhooksOut)
def every() -> Response:
    """List the webhooks, and how much each is still to be told."""
    charge("lookups")
    db = parts().service.db
    waiting = waiting_deliveries(db)
    return jsonify(
        {"webhooks": [_object(one, waiting.get(one.id, 0)) for one in every_webhook(db)]}
    )


@webhooks.delete("/<webhook_id>")
@webhooks.auth_required(auth, roles=["admin"])
@webhooks.output({}, status_code=204)
@webhooks.doc(responses={404: "No webhook has this id."})
def remove(webhook_id: str) -> Response:
    """Tell an address nothing any more."""
    charge("checks")
    remove_webhook(parts().service.db, _number(webhook_id), acting())
    return Response(status=204)


@webhooks.get("/<webhook_id>/dead")
@webhooks.auth_required(auth, roles=["admin"])
@webhooks.output(DeadOut)
@webhooks.doc(responses={404: "No webhook has this id."})
def dead(webhook_id: str) -> Response:
    """List what was given up after every try failed: the oldest 100."""
    charge("lookups")
    found = dead_deliveries(parts().service.db, _number(webhook_id), _MOST)
    return jsonify({"dead": [_delivery_object(one) for one in found]})


@webhooks.post("/<webhook_id>/retry")
@webhooks.auth_required(auth, roles=["admin"])
@webhooks.output(RetriedOut)
@webhooks.doc(responses={404: "No webhook has this id."})
def retry(webhook_id: str) -> Response:
    """Have everything that was given up tried again from the start."""
    charge("checks")
    service = parts().service
    count = retry_dead(service.db, _number(webhook_id), service.steps.now())
    return jsonify({"retried": count})


def _number(written: str) -> int:
    if written.isascii() and written.isdecimal() and len(written) < 19:
        return int(written)
    raise NotFoundError("A webhook's id is the number that POST /v1/webhooks answered with.")


def _object(webhook: Webhook, waiting: int) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": list(webhook.events),
        "by": webhook.by,
        "created_at": utc_text(webhook.created_at),
        "waiting": waiting,
    }


def _delivery_object(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": f"msg_{delivery.id}",
        "event": delivery.event,
        "subject": delivery.subject,
        "tries": delivery.tries,
        "because": delivery.because,
        "created_at": utc_text(delivery.created_at),
    }
