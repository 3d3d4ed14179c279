"""Characters that look like others: the table of Unicode Technical Standard 39, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache


@cache
def prototypes() -> Mapping[int, str]:
    """Map each confusable character to what it looks like, which may be several characters.

    Recovers the standard's source-to-prototype table; the library keeps its pairs in both
    directions. A source has one partner, its prototype. Where a pair has no other partners either
    side may stand for it, so the longer or else the lower one is taken.
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
