"""A page before it has a layout: its words in order, and what its furniture is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from training.synthesis.chance import chance
from training.synthesis.language import Language
from training.synthesis.plan import LINKING, Piece, Plan
from training.synthesis.voices import Scene

Flow = list[str | Piece]


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
        flow[spot:spot] = [*["." for _ in range(sheet.dots)], *sheet.pieces]
    for piece in sheet.asides:
        flow.insert(rng.randint(0, len(flow)), piece)
    linking = [piece for piece in sheet.pieces if piece.role in LINKING and piece.href]
    for _ in range(sheet.plan.repeats if linking else 0):
        flow.insert(rng.randint(0, len(flow)), linking[rng.randrange(len(linking))])
    return flow


def _spot(rng: Random, sheet: Sheet) -> int:
    length = len(sheet.paragraphs)
    where = sheet.plan.where
    if where == "top":
        return min(length, rng.choice((0, 1)))
    if where == "middle":
        return rng.randint(min(1, length), max(min(1, length), length - 1))
    return length
