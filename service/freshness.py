"""Freshness: asking about a page again, without judging or even fetching what did not change.

    newest finding -> Revisit -> fetch, "unless it changed" -> 304? the finding is renewed
                                                            -> same digest, same model? renewed
                                                            -> else judged

A server that hides bait could say "not modified" for ever: it is believed for a day at most, then
the page is fetched whole, as it is whenever somebody asks for it ``fresh``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from model.page import Page
from service.fetch.earlier import Earlier, page_names
from service.finding import Finding, Visit

BELIEVED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Revisit:
    """A URL to scan again, and what was found there last.

    ``whole`` asks for the page itself, whatever the server says of it.
    """

    url: str
    finding: Finding
    whole: bool

    def earlier(self, now: datetime) -> Earlier | None:
        """Say what to ask the server by; None where the page is to be fetched whole."""
        visit, final_url = self.finding.visit, self.finding.final_url
        if (
            self.whole
            or visit is None
            or final_url is None
            or not (visit.etag or visit.last_modified)
        ):
            return None
        if visit.whole_at is None or now - visit.whole_at > BELIEVED:
            return None
        return Earlier(final_url, self.finding.redirects, visit.etag, visit.last_modified)

    def saw(self, visit: Visit) -> bool:
        """Say whether this visit brought what the earlier one had brought."""
        return self.finding.visit is not None and self.finding.visit.digest == visit.digest


def page_digest(page: Page) -> str:
    """Name all that judging looks at: SHA-256 over address, way, status, type and body, as hex."""
    parts = (
        page.final_url or "",
        *(f"{hop.status} {hop.url}" for hop in page.redirects),
        str(page.status),
        page.headers.get("content-type", ""),
    )
    head = "\n".join(parts).encode("utf-8", errors="replace")
    return hashlib.sha256(len(head).to_bytes(8) + head + page.body).hexdigest()


def visit_of(page: Page, now: datetime, fetch_seconds: float) -> Visit:
    """Describe a page that came whole and was not judged yet."""
    etag, last_modified = page_names(page.headers)
    return Visit(
        len(page.body), fetch_seconds, None, {}, page_digest(page), etag, last_modified, now
    )


def renewed(finding: Finding, visit: Visit, now: datetime, life: timedelta) -> Finding:
    """Make an earlier finding one of now, about the same content."""
    earlier = finding.visit
    numbers = {} if earlier is None else earlier.numbers
    return replace(
        finding,
        visit=replace(visit, numbers=numbers),
        checked_at=now,
        expires_at=now + life,
    )


def unchanged_visit(finding: Finding, fetch_seconds: float) -> Visit:
    """Describe a visit on which the server said that the page is the same."""
    assert finding.visit is not None
    return replace(finding.visit, size=0, fetch_seconds=fetch_seconds, judge_seconds=None)
