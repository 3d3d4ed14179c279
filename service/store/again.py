"""What a scan can go by of the scan before it."""

from __future__ import annotations

from datetime import datetime

from service.errors import StoreUnavailableError
from service.freshness import Revisit
from service.store.database import Database
from service.store.verdicts import newest_findings


def asked_again(db: Database, canonical: str, now: datetime) -> str | Revisit:
    """Say how to scan a URL: anew, or as one that was seen before.

    A scan of a URL whose finding has not expired was asked for ``fresh``.
    """
    try:
        with db.read() as connection:
            finding = newest_findings(connection, [canonical]).get(canonical)
    except StoreUnavailableError:
        return canonical
    if finding is None or finding.visit is None:
        return canonical
    return Revisit(canonical, finding, whole=finding.expires_at > now)
