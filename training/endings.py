"""Hand-written endings: bait and lawful ones in pairs, a file a language.

A file has as many ``[[lawful]]`` entries as ``[[bait]]`` ones: the nth of each are about the same
thing. An entry has its lines as ``text``, a ``kind`` for tables, and ``links``: the words that are
linked, in the order in which they stand in the lines. A link with ``picture = true`` is a picture
with these words for its alternative text; one without words is a picture that says nothing, and
follows the last line. A table ``site`` has the words of a page's frame.

Two folders hold such files: what ``trials/endings`` holds is only ever measured with, what
``synthesis/passages`` holds is only ever learnt from; neither was written with a look at the other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from model.verdict import Lure

ENDINGS = Path(__file__).parent / "trials" / "endings"
PASSAGES = Path(__file__).parent / "synthesis" / "passages"
_LURES = frozenset(get_args(Lure))


class UnusableEndings(ValueError):
    """A file of endings does not hold what it should; the message names the file and the entry."""


@dataclass(frozen=True, slots=True)
class EndingLink:
    """Words that lead to an address, or a picture that does."""

    text: str
    href: str
    picture: bool = False


Piece = tuple[str, EndingLink | None]


@dataclass(frozen=True, slots=True)
class Ending:
    """A few lines that are laid into an article."""

    lines: tuple[str, ...]
    links: tuple[EndingLink, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class EndingPair:
    """A bait ending and a lawful one about the same thing. ``name`` is unique over all files."""

    name: str
    lure: Lure
    bait: Ending
    lawful: Ending


@dataclass(frozen=True, slots=True)
class Endings:
    """What one language's file holds. ``site`` has the frame's words by what they stand for."""

    lang: str
    site: Mapping[str, str]
    pairs: tuple[EndingPair, ...]


@cache
def read_endings(folder: Path = ENDINGS) -> tuple[Endings, ...]:
    """Read every language's endings, in the order of their names. Raises UnusableEndings."""
    return tuple(_read(path) for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> Endings:
    record = tomllib.loads(path.read_text(encoding="utf-8"))
    bait, lawful = record["bait"], record["lawful"]
    if len(bait) != len(lawful):
        raise UnusableEndings(f"{path.name}: {len(bait)} bait and {len(lawful)} lawful endings")
    pairs = tuple(
        _pair(f"{path.stem}-{number:02d}", *sides)
        for number, sides in enumerate(zip(bait, lawful, strict=True), start=1)
    )
    return Endings(path.stem, record.get("site", {}), pairs)


def _pair(name: str, bait: Mapping[str, Any], lawful: Mapping[str, Any]) -> EndingPair:
    lure = bait["lure"]
    if lure not in _LURES:
        raise UnusableEndings(f"{name}: no lure is called {lure}")
    return EndingPair(name, lure, _ending(name, bait), _ending(name, lawful))


def _ending(name: str, entry: Mapping[str, Any]) -> Ending:
    links = tuple(EndingLink(**link) for link in entry.get("links", ()))
    ending = Ending(tuple(entry["text"]), links, entry.get("kind", ""))
    laid = [link for line in linked_lines(ending) for _, link in line if link is not None]
    if laid != list(links):
        raise UnusableEndings(f"{name}, {ending.kind}: the links do not stand in the lines so")
    return ending


def linked_lines(ending: Ending) -> list[list[Piece]]:
    """Cut each line into pieces: words, and the link that they are (None for plain words).

    Pictures without words come last, each in a line of its own.
    """
    waiting = [link for link in ending.links if link.text]
    lines = [_cut(line, waiting) for line in ending.lines]
    return lines + [[("", link)] for link in ending.links if not link.text]


def _cut(line: str, waiting: list[EndingLink]) -> list[Piece]:
    """Cut a line at the links that stand in it, and take those off the list."""
    pieces: list[Piece] = []
    while waiting and waiting[0].text in line:
        link = waiting.pop(0)
        before, _, line = line.partition(link.text)
        pieces += [(before, None), (link.text, link)]
    return [piece for piece in [*pieces, (line, None)] if piece[0]]
