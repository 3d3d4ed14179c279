"""Hosts that imitate others: labels that look alike to a reader though they differ."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from model.url import split_domain, unicode_host


def lookalike_of(host: str, known_hosts: Iterable[str]) -> str | None:
    """Return the first known host that ``host`` imitates, or None.

    Compares registrable labels only, whatever the public suffix; hosts may be punycode or Unicode.
    """
    return next((known for known in known_hosts if is_lookalike(host, known)), None)


def is_lookalike(host: str, known_host: str) -> bool:
    """Say whether two different registrable labels look the same to a reader.

    They do where their skeletons are equal (Unicode Technical Standard 39, section 4), which finds
    mixed-script, whole-script and plain ASCII imitations (``rn`` for ``m``) alike.
    """
    label, known = registrable_label(host), registrable_label(known_host)
    return label != known and label != "" != known and skeleton(label) == skeleton(known)


@lru_cache(maxsize=16_384)
def registrable_label(host: str) -> str:
    """Return the label that was registered, as people read it; '' where there is none."""
    return unicode_host(split_domain(host)[0])


@lru_cache(maxsize=16_384)
def skeleton(label: str) -> str:
    """Return the form that a label shares with all labels that look like it (TR39)."""
    prototypes = _prototypes()
    mapped = unicodedata.normalize("NFD", label).translate(prototypes)
    # Host names know no case, but some prototypes are capitals: 0 stands for O, and O for o.
    return unicodedata.normalize("NFD", mapped.lower().translate(prototypes))


@lru_cache(maxsize=1)
def _prototypes() -> dict[int, str]:
    """Recover TR39's source-to-prototype table; the library keeps its pairs in both directions.

    A source has one partner, its prototype. Where a pair has no other partners either side may
    stand for it, so the longer or else the lower one is taken.
    """
    from confusable_homoglyphs.confusables import confusables_data

    # The data keeps the left-to-right marks that only the comments of its source file have.
    partners: dict[str, set[str]] = {}
    for character, entries in confusables_data.items():
        found = {entry["c"].replace("\u200e", "") for entry in entries}
        partners.setdefault(character.replace("\u200e", ""), set()).update(found)
    table: dict[int, str] = {}
    for source, found in partners.items():
        prototype = min(found)
        alone = len(found) == 1 == len(source)
        shared = len(prototype) > 1 or len(partners[prototype]) > 1
        if alone and (shared or prototype < source):
            table[ord(source)] = prototype
    # TR39 likens the palochka to i, but most typefaces draw it as l; browsers override it too.
    table[ord("ӏ")] = "l"
    return table
