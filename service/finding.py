"""What one scan found: the machine's verdict with its circumstances, and the page as text."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import TypeAdapter

from model.document import Document, Hidden, Link
from model.page import Redirect
from model.verdict import Verdict
from service.snapshots import Snapshot

# Below this many letters two pages can agree by chance, such as two pages that say "Loading".
FEWEST_LETTERS = 40

# The desk shows a page to a person: beyond these nobody reads on.
READING_TEXT, READING_PARTS, READING_PART = 200_000, 500, 2_000

_LANGUAGE = re.compile("[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Visit:
    """What a scan whose page came took: times in seconds, the size of the body in bytes.

    ``judge_seconds`` is None where the page was the same as before. ``numbers`` are the features
    that the page was judged by, those that are zero left out. ``digest`` names what was judged,
    ``etag`` and ``last_modified`` are the server's names for it, ``whole_at`` is when it last came
    whole.
    """

    size: int
    fetch_seconds: float
    judge_seconds: float | None
    numbers: Mapping[str, float] = field(default_factory=dict)
    digest: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    whole_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The machine's answer about one URL at one time; ``fingerprint`` names the page's content.

    ``visit`` is None where no page came, or where nobody fetched one.
    """

    verdict: Verdict
    final_url: str | None
    redirects: tuple[Redirect, ...]
    fingerprint: str | None
    checked_at: datetime
    expires_at: datetime
    visit: Visit | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as the desk shows it: its visible text, where it leads, what it hides.

    ``language`` is what the page says it is written in (ISO 639), or ''. ``url`` is the address
    that its links were read from, ``snapshot`` the page itself, None where it is not kept or kept
    elsewhere.
    """

    title: str
    text: str
    links: tuple[Link, ...]
    hidden: tuple[Hidden, ...]
    language: str = ""
    url: str | None = None
    snapshot: Snapshot | None = None


def content_fingerprint(text: str) -> str | None:
    """Name a page's content: SHA-256 over the casefolded letters of its visible text, as hex.

    Layout, digits, punctuation and spacing do not count, so copies of one campaign agree. None
    where there are fewer than ``FEWEST_LETTERS`` letters.
    """
    letters = "".join(filter(str.isalpha, text.casefold()))
    if len(letters) < FEWEST_LETTERS:
        return None
    return hashlib.sha256(letters.encode("utf-8", errors="replace")).hexdigest()


def reading_of(document: Document, snapshot: Snapshot | None = None) -> Reading:
    """Keep of a document what a moderator is shown, and the page it was read from."""
    return Reading(
        title=document.title[:READING_PART],
        text=document.text[:READING_TEXT],
        links=tuple(map(_cut_link, document.links[:READING_PARTS])),
        hidden=tuple(
            replace(part, text=part.text[:READING_PART]) for part in document.hidden[:READING_PARTS]
        ),
        language=document.language if _LANGUAGE.fullmatch(document.language) else "",
        url=document.url,
        snapshot=snapshot,
    )


def _cut_link(link: Link) -> Link:
    return replace(
        link, text=link.text[:READING_PART], href=link.href[:READING_PART], rel=link.rel[:20]
    )


_FINDING = TypeAdapter(Finding)
_READING = TypeAdapter(Reading)


def dump_finding(finding: Finding) -> str:
    """Write a finding as JSON, for the store."""
    return _FINDING.dump_json(finding).decode()


def load_finding(text: str) -> Finding:
    """Read a stored finding back."""
    return _FINDING.validate_json(text)


def dump_reading(reading: Reading) -> bytes:
    """Write a reading as compressed JSON, for the store, which keeps the snapshot elsewhere."""
    return zlib.compress(_READING.dump_json(replace(reading, snapshot=None)))


def load_reading(blob: bytes) -> Reading:
    """Read a stored reading back."""
    return _READING.validate_json(zlib.decompress(blob))
