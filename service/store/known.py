"""What is known of URLs already: the decision that counts and the newest finding of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from model.url import URL, url_expressions
from service.finding import Finding
from service.rulings import RULED, Decision, standing
from service.store.decisions import standing_decisions
from service.store.verdicts import newest_findings, newest_fingerprints


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
    fingerprints = newest_fingerprints(connection, hrefs)
    expressions = {href: _expressions(href, fingerprints.get(href)) for href in hrefs}
    every = list({expression for some in expressions.values() for expression in some})
    by_expression = defaultdict(list)
    for decision in standing_decisions(connection, every):
        by_expression[decision.expression].append(decision)
    return [
        Known(
            url,
            findings.get(url.href),
            standing(
                [d for expression in expressions[url.href] for d in by_expression[expression]],
                expressions[url.href],
            ),
        )
        for url in urls
    ]


def _expressions(href: str, fingerprint: str | None) -> tuple[str, ...]:
    return (*url_expressions(href), *((fingerprint,) if fingerprint else ()))
