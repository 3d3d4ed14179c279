"""Honest pages composed from a language's own lines: shops, calculators, release pages, blogs.

They are the pages that counting words takes for bait. Some stand alone, many times over; into
others bait is laid like into any article, so that their words are no evidence either way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from training.synthesis import names
from training.synthesis.articles import Article
from training.synthesis.destinations import (
    invent_place,
    own_address,
    place_address,
)
from training.synthesis.language import Language, Place
from training.synthesis.plan import Piece, Role
from training.synthesis.voices import Scene, words_of

# Whose names the lines of a kind carry; small places of no fame otherwise.
_PLACES = {
    "guide": ("streaming", "live", "streaming"),
    "release": ("download",),
    "readings": ("download", "streaming"),
    "piracy": ("streaming", "live"),
    "service": ("other",),
    "filmblog": ("streaming", "streaming", "download"),
    "forum": ("download", "streaming", "live"),
    "appsite": ("download",),
    "manual": ("download",),
    "tutorial": ("download",),
    "readme": ("download",),
    "deal": ("giveaway", "other"),
}
_MOST_LINES = 26


@dataclass(frozen=True, slots=True)
class Background:
    """A composed page: its prose, and what leads on within its site or to small other ones."""

    article: Article
    pieces: tuple[Piece, ...]


def compose(rng: Random, lang: Language, kind: str, scene: Scene, button: Role) -> Background:
    """Compose one page of a kind that ``lang`` has; its links are parts of the role ``button``."""
    lines = [_line(rng, lang, kind, scene) for _ in range(_how_many(rng))]
    lines = list({line.text: line for line in lines}.values())
    pieces = [line for line in lines if line.href is not None]
    pieces += [_button(rng, lang, kind, scene, button) for _ in range(rng.choice((0, 1, 1, 2, 4)))]
    if rng.random() < 0.75:
        pieces += [_link(rng, lang, kind, scene) for _ in range(rng.choice((1, 1, 2, 5)))]
    rng.shuffle(pieces)
    said = [line.text for line in lines if line.href is None] or [scene.subject]
    paragraphs, start = [], 0
    longest = rng.choice((1, 1, 2, 4))
    while start < len(said):
        end = start + rng.randint(1, longest)
        paragraphs.append(" ".join(said[start:end]))
        start = end
    title = _say(rng, f"page.{kind}.headline", scene, _place(rng, lang, kind))
    group = f"own-{lang.code}-{kind}"
    return Background(Article(group, title, tuple(paragraphs), lang.code, group), tuple(pieces))


def _how_many(rng: Random) -> int:
    return rng.choice((2, 4, 5, 7, 9, 12, 16, _MOST_LINES))


def _place(rng: Random, lang: Language, kind: str) -> Place:
    named = _PLACES.get(kind.partition("_")[0], ())  # "manual_pt" is the manual of one country
    if named and rng.random() < 0.8:
        return rng.choice(lang.places[rng.choice(named)])
    return invent_place(rng, lang.code)


def _say(rng: Random, rule: str, scene: Scene, place: Place) -> str:
    if rng.random() < 0.5:  # a list speaks of many things, an article of one
        scene = replace(scene, subject=rng.choice(names.TITLES), app=rng.choice(names.APPS))
    return scene.lang.grammar.expand(rule, rng, words_of(rng, scene, place))


def _line(rng: Random, lang: Language, kind: str, scene: Scene) -> Piece:
    """Write one line; where it names a place, that place is often linked."""
    place = _place(rng, lang, kind)
    said = _say(rng, f"page.{kind}.line", scene, place)
    linked = place.name in said and rng.random() < 0.5
    address = place_address(rng, place, scene.site, scene.subject) if linked else None
    return Piece("call" if linked else "promise", said, address)


def _button(rng: Random, lang: Language, kind: str, scene: Scene, role: Role) -> Piece:
    place = _place(rng, lang, kind)
    said = _say(rng, f"page.{kind}.button", scene, place)
    if place.name in said:
        return Piece(role, said, place_address(rng, place, scene.site, scene.subject))
    return Piece(role, said, own_address(rng, scene.site))


def _link(rng: Random, lang: Language, kind: str, scene: Scene) -> Piece:
    place = invent_place(rng, lang.code)
    said = _say(rng, f"page.{kind}.link", scene, place)
    return Piece("call", said, place_address(rng, place, scene.site, scene.subject))
