"""Scans and decisions in their JSON form, the same over HTTP and to webhooks."""

from __future__ import annotations

from typing import Any

from service.answers import answer_object
from service.rulings import Decision
from service.scan import Service, scanned_answer
from service.store.scans import Scan
from service.verdict_json import utc_text


def scan_object(service: Service, scan: Scan) -> dict[str, Any]:
    """Write a scan; once it is done with its verdict, under the decision that counts now."""
    answer = None if scan.finding is None else scanned_answer(service, scan.url, scan)
    return {
        "scan": scan.id,
        "status": scan.state,
        "url": scan.url,
        "created_at": utc_text(scan.created_at),
        "verdict": answer and answer_object(answer),
    }


def decision_object(decision: Decision) -> dict[str, Any]:
    """Write a decision as it was recorded."""
    return {
        "id": decision.id,
        "url": decision.url,
        "scope": decision.scope,
        "expression": decision.expression,
        "ruling": decision.ruling,
        "note": decision.note,
        "by": decision.by,
        "at": utc_text(decision.at),
    }
