"""Families around a hand-written pair: its bait, its lawful ending, a warning that quotes it.

The grammar gives many sentences of few patterns; what people wrote (``passages/<lang>.toml``) gives
few sentences of many patterns. Names and addresses are drawn anew for each page, and the markup is
the template's, so that what is learnt is how such a passage speaks and where it leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from training.endings import PASSAGES, Ending, EndingLink, EndingPair, linked_lines, read_endings
from training.synthesis.destinations import Site, code, invent_place, shown, unnamed_address
from training.synthesis.plan import Piece, Role, Span
from training.synthesis.voices import Scene, words_of

UNNAMED = "?"  # in a passage: an address that says nothing, drawn for each page
_SLOT = re.compile(r"\{(\w+)\}")
_SHORT = 28  # characters of a line that can stand on a button
_LURES: Mapping[str, str] = {"live-sports": "live"}  # as the phrases call them


@cache
def written_pairs(lang: str, lures: tuple[str, ...]) -> tuple[EndingPair, ...]:
    """Return a language's pairs of these lures (the phrases' names for them)."""
    return tuple(
        pair
        for endings in read_endings(PASSAGES)
        if endings.lang == lang
        for pair in endings.pairs
        if lure_of(pair) in lures
    )


def lure_of(pair: EndingPair) -> str:
    """Name the pair's lure as the phrases do."""
    return _LURES.get(pair.lure, pair.lure)


@dataclass(frozen=True, slots=True)
class _Names:
    """What the slots of one passage are filled with, and where its links lead."""

    words: Mapping[str, str]
    site: Site
    unnamed: str

    def fill(self, text: str) -> str:
        return _SLOT.sub(lambda m: self.words.get(m[1], m[0]), text)

    def address(self, href: str) -> str:
        return self.unnamed if href == UNNAMED else self.fill(href)


def written_pieces(
    rng: Random, ending: Ending, scene: Scene, *, bait: bool, linked: bool
) -> tuple[Piece, ...]:
    """Write an ending's lines as parts of a page; ``linked``: whether its links lead anywhere."""
    names = _draw_names(rng, scene)
    pieces = (_piece(rng, line, names, bait=bait) for line in linked_lines(ending))
    return tuple(pieces if linked else map(_unlinked, pieces))


def quoted_pieces(rng: Random, ending: Ending, scene: Scene) -> tuple[Piece, ...]:
    """Quote an ending's lines, as a warning does: its words, leading nowhere."""
    names = _draw_names(rng, scene)
    said = (names.fill(line) for line in ending.lines)
    return tuple(Piece("quote", line) for line in said)


def _draw_names(rng: Random, scene: Scene) -> _Names:
    place = invent_place(rng, scene.lang.code)
    unnamed = unnamed_address(rng, scene.lang.code, scene.site, scene.subject)
    words = {**words_of(rng, scene, place), "address": shown(unnamed, scene.site)}
    return _Names(words, scene.site, unnamed)


def _piece(
    rng: Random, line: list[tuple[str, EndingLink | None]], names: _Names, *, bait: bool
) -> Piece:
    spans = tuple(
        Span(names.fill(words), None if link is None else names.address(link.href))
        for words, link in line
    )
    if len(line) > 1:
        return Piece.of_spans("call", spans, planted=bait)
    (_, link), (span,) = line[0], spans
    role = _role(rng, span.words, link)
    if role == "image" and not span.words:
        span = replace(span, words=code(rng))
    return Piece(role, span.words, span.href, planted=bait)


def _role(rng: Random, words: str, link: EndingLink | None) -> Role:
    if link is None:
        return "heading" if len(words) <= 2 * _SHORT and rng.random() < 0.15 else "promise"
    if link.picture:
        return "image"
    return "button" if len(words) <= _SHORT and rng.random() < 0.6 else "call"


def _unlinked(piece: Piece) -> Piece:
    return replace(piece, href=None, spans=())


def planted_words(piece: Piece) -> Iterator[str]:
    """Give what a parser finds of a piece in one stretch: its longest words, its addresses."""
    if piece.spans:
        yield max((span.words for span in piece.spans), key=len)
        yield from (span.href for span in piece.spans if span.href)
    else:
        yield piece.text
        if piece.href is not None:
            yield piece.href
