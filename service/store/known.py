"""What is known of URLs already: the decision that counts and the newest finding of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from model.url import URL
from service.finding import Finding
from service.rulings import RULED, Decision
from service.store.standing import standing_on
from service.store.verdicts import newest_findings


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of one URL; the finding may have expired."""

    url: URL
    finding: Finding | None
    decision: Decision | None

    def answers(self, now: datetime) -> bool:
        """Say whether this settles the URL without a fetch."""
        ruled = self.decision is not None and RULED[self.decision.ruling] is not None
        return ruled or (self.finding is not None and self.finding.expires_at > now)


def find_known(connection: Connection, urls: Sequence[URL]) -> list[Known]:
    """Look URLs up, all at once, in their order."""
    hrefs = list({url.href for url in urls})
    findings = newest_findings(connection, hrefs)
    decisions = standing_on(connection, hrefs)
    return [Known(url, findings.get(url.href), decisions.get(url.href)) for url in urls]
