"""Honest articles: what bait is laid into, and what its twins share with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# A title is often "subject – site" or "subject: what is said of it"; people write the subject.
_TITLE_TAIL = re.compile(r"\s+[–—|·»]\s+.*$|\s+-\s+.*$|:\s.*$|\s*\([^)]*\)\s*$")
_LONGEST_SUBJECT = 48
# Scripts without spaces can be cut anywhere.
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Article:
    """One honest article. ``group`` is the unit that a split must not divide."""

    id: str
    title: str
    paragraphs: tuple[str, ...]
    lang: str
    group: str


def subject_of(title: str) -> str:
    """Shorten a title to the name that sentences can carry; '' when nothing is left."""
    subject = _TITLE_TAIL.sub("", " ".join(title.split())).strip(" \"'«»“”„.,;!?")
    if len(subject) <= _LONGEST_SUBJECT:
        return subject
    if _UNSPACED.search(subject):
        return subject[: _LONGEST_SUBJECT // 2]
    return subject[:_LONGEST_SUBJECT].rsplit(" ", 1)[0].rstrip(" ,;:-–")


def by_language(articles: Iterable[Article]) -> dict[str, tuple[Article, ...]]:
    """Group the articles that have something to read by their language, in their order."""
    groups: dict[str, list[Article]] = {}
    for article in articles:
        if any(paragraph.strip() for paragraph in article.paragraphs):
            groups.setdefault(article.lang, []).append(article)
    return {lang: tuple(members) for lang, members in groups.items()}


def excerpt(paragraphs: Sequence[str], start: int, count: int) -> tuple[str, ...]:
    """Take up to ``count`` consecutive non-empty paragraphs, each as one line."""
    kept = [" ".join(p.split()) for p in paragraphs if p.strip()]
    start = min(start, max(0, len(kept) - count))
    return tuple(kept[start : start + count])
