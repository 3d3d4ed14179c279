"""Hosts that imitate others: labels that look alike to a reader though they differ."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from model.confusables import prototypes
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
    table = prototypes()
    mapped = unicodedata.normalize("NFD", label).translate(table)
    # Host names know no case, but some prototypes are capitals: 0 stands for O, and O for o.
    return unicodedata.normalize("NFD", mapped.lower().translate(table))
