"""Meaning: what the units of a page are about, as tokens that hold in every language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from model.concepts import ConceptReader
from model.document import Document
from model.passages import (
    ReadText,
    Unit,
    leads_to,
    linked,
    read_pictures,
    read_unit,
    words_of,
    words_of_link,
)

_NEAR = 3  # concepts that stand so far apart are a pair


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a unit is about.

    ``tokens``: its concepts, pairs of those near one another, those of links with what they lead
    to. ``signals``: its concepts, for what a passage is about as a whole.
    """

    tokens: list[str]
    signals: frozenset[str]


def unit_meanings(
    document: Document, units: Sequence[Unit], known: dict[str, ReadText]
) -> tuple[Meaning, ...]:
    """Return what each unit of a page is about, by its words, picture buttons and links.

    ``known`` keeps what was read of each text for the next reading of the same page.
    """
    parts = [
        [
            read_unit(document, unit, known).words,
            *(read.words for read in read_pictures(unit, known)),
            *(words_of_link(destination) for destination in linked(unit)),
        ]
        for unit in units
    ]
    concepts = load_word_lists().read(parts)
    return tuple(_meaning(unit, found) for unit, found in zip(units, concepts, strict=True))


def _meaning(unit: Unit, found: Sequence[tuple[str, ...]]) -> Meaning:
    links = linked(unit)
    of_texts = found[: len(found) - len(links)]
    said = [concept for concepts in of_texts for concept in concepts]
    alone = [f"K:{concept}" for concept in said]
    tokens = list(alone)
    for distance in range(1, _NEAR + 1):
        tokens += [f"K:{a} {b}" for a, b in zip(said, said[distance:], strict=False)]
    for destination, concepts in zip(links, found[len(of_texts) :], strict=True):
        where = leads_to(destination)
        tokens.append(f"K:{where}:{destination.link.role}")
        tokens += [f"K:{where}:{concept}" for concept in concepts]
    return Meaning(tokens, frozenset(alone))


@cache
def load_word_lists() -> ConceptReader:
    """Read the word lists of all languages: a quarter of a second and some 20 MB, once."""
    return ConceptReader(words_of)
