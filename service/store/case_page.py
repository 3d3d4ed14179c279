"""A page as a case takes it in: what its newest scan saw, if there was one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from model.url import URL
from model.verdict import VerdictName
from service.finding import Finding, Reading, load_reading
from service.sketch import Sketch, sketch_of
from service.store.verdicts import newest_blob, newest_findings, newest_fingerprints

LONGEST_TITLE = 300
_LONGEST_WORDS = 3_000


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page: its address, what the machine said of it, and what its content is known by."""

    url: URL
    verdict: VerdictName
    lure: str | None = None
    lang: str = ""
    title: str = ""
    fingerprint: str | None = None
    sketch: Sketch | None = None

    @property
    def words(self) -> str:
        """What a search finds it by: title, host as people read it, address; casefolded."""
        return f"{self.title}\n{self.url.unicode_host}\n{self.url.href}".casefold()[:_LONGEST_WORDS]


def scanned_page(url: URL, finding: Finding, reading: Reading | None) -> CasePage:
    """Describe a page that was just scanned; no database is needed, and it takes a millisecond."""
    verdict = finding.verdict
    return CasePage(
        url,
        verdict.verdict,
        verdict.lure,
        reading.language if reading else "",
        storable(reading.title)[:LONGEST_TITLE] if reading else "",
        finding.fingerprint,
        sketch_of(reading.text) if reading and finding.fingerprint else None,
    )


def known_page(connection: Connection, url: URL) -> CasePage:
    """Describe a page as its newest scan saw it; ``unknown`` where none did."""
    finding = newest_findings(connection, [url.href]).get(url.href)
    if finding is None:
        return CasePage(url, "unknown")
    # The newest may have seen nothing; what a page is about is what the last one that did saw.
    fingerprint = newest_fingerprints(connection, [url.href]).get(url.href)
    blob = newest_blob(connection, url.href)
    reading = load_reading(blob) if blob else None
    return scanned_page(url, replace(finding, fingerprint=fingerprint), reading)


def storable(text: str) -> str:
    """Make a page's text fit for every database: PostgreSQL takes no NUL and no half characters."""
    return text.replace("\0", "").encode("utf-8", errors="replace").decode()
