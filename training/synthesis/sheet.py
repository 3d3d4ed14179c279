"""A page before it has a layout: its words in order, and what its furniture is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from random import Random

from training.synthesis.chance import chance
from training.synthesis.language import Language
from training.synthesis.plan import LINKING, SENTENCES, Piece, Plan
from training.synthesis.voices import Scene

# Sentences that run on in one paragraph; the first may be the article's own.
Run = tuple[str | Piece, ...]
Flow = list[str | Piece | Run]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a layout needs. Twins differ in ``pieces`` and ``headline``, never in ``seed``."""

    scene: Scene
    plan: Plan
    headline: str
    paragraphs: tuple[str, ...]
    pieces: tuple[Piece, ...]
    seed: str
    asides: tuple[Piece, ...] = ()  # requests of the site itself, here and there in the page
    hidden: str = ""  # words in the page that its reader does not see
    dots: int = 0  # lines of mere dots that push the passage down

    @property
    def lang(self) -> Language:
        """The language that the site speaks."""
        return self.scene.lang

    def rng(self, purpose: str) -> Random:
        """Give the same chances to the same purpose on every twin."""
        return chance(f"{self.seed}/{purpose}")


def flow_of(sheet: Sheet) -> Flow:
    """Lay the passage into the paragraphs: together, or spread over the page; then its repeats."""
    rng = sheet.rng("flow")
    flow: Flow = list(sheet.paragraphs)
    if sheet.plan.where == "spread":
        spots = sorted(rng.randint(0, len(flow)) for _ in sheet.pieces)
        for spot, piece in reversed(list(zip(spots, sheet.pieces, strict=True))):
            flow.insert(spot, piece)
    else:
        spot = _spot(rng, sheet)
        _lay_in(flow, spot, sheet)
    for piece in sheet.asides:
        flow.insert(rng.randint(0, len(flow)), piece)
    linking = [piece for piece in sheet.pieces if piece.role in LINKING and piece.href]
    for _ in range(sheet.plan.repeats if linking else 0):
        flow.insert(rng.randint(0, len(flow)), linking[rng.randrange(len(linking))])
    return flow


def _lay_in(flow: Flow, spot: int, sheet: Sheet) -> None:
    """Lay the passage in at one place, its sentences on their own or run together."""
    dots = ["." for _ in range(sheet.dots)]
    if not sheet.plan.inline:
        flow[spot:spot] = [*dots, *sheet.pieces]
        return
    parts: Flow = []
    for running, group in groupby(sheet.pieces, lambda piece: piece.role in SENTENCES):
        if running:
            parts.append(tuple(group))
        else:
            parts.extend(group)
    if sheet.plan.attached and parts and spot and not dots and isinstance(parts[0], tuple):
        before = flow[spot - 1]
        assert isinstance(before, str)
        flow[spot - 1 : spot] = [(before, *parts[0]), *parts[1:]]
    else:
        flow[spot:spot] = [*dots, *parts]


def _spot(rng: Random, sheet: Sheet) -> int:
    length = len(sheet.paragraphs)
    where = sheet.plan.where
    if where == "top":
        return min(length, rng.choice((0, 1)))
    if where == "middle":
        return rng.randint(min(1, length), max(min(1, length), length - 1))
    return length
