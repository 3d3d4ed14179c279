"""What a webhook is told, and its signature: the form of standardwebhooks.com, version 1."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime

from service.objects import decision_object, scan_object
from service.scan import Service
from service.store.decisions import read_decision
from service.store.scans import read_scan
from service.store.webhooks import Delivery
from service.verdict_json import utc_text


def letter(service: Service, delivery: Delivery) -> bytes:
    """Write the body: the event's type and time, and the scan or decision as it is now.

    Raises NotFoundError where that is there no more.
    """
    if delivery.event == "scan.done":
        data = scan_object(service, read_scan(service.db, delivery.subject))
    else:
        data = decision_object(read_decision(service.db, int(delivery.subject)))
    told = {"type": delivery.event, "timestamp": utc_text(delivery.created_at), "data": data}
    return json.dumps(told, separators=(",", ":")).encode()


def signed_headers(secret: str, message: str, now: datetime, body: bytes) -> dict[str, str]:
    """Sign a body for one try; ``secret`` begins with ``whsec_``, ``message`` is the event's id.

    The time is signed too, so that whoever overheard a message cannot send it again later.
    """
    seconds = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = hmac.new(key, b".".join((message.encode(), seconds.encode(), body)), hashlib.sha256)
    return {
        "webhook-id": message,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(signature.digest()).decode()}",
    }
