"""How bait hides its words from filters, and how ordinary pages dress theirs up."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

# Private-use marks that only layouts in markup understand: an element boundary inside a word,
# and a letter to be written as a numeric entity.
SPLIT = "\ue000"
ENTITY = "\ue001"

_LOOK_ALIKE = str.maketrans(
    "aceiopsxyABCEHIKMOPTXjkuvn",
    "асеіорѕхуАВСЕНІКМОРТХјκυνп",
)
_LEET = str.maketrans("aeiostAEIOST", "4310574310S7")
_INVISIBLE = ("\u200b", "\u200c", "\u2060", "\ufeff", "\u200d")


def _zero_width(word: str, rng: Random) -> str:
    return rng.choice(_INVISIBLE).join(word)


def _soft_hyphen(word: str, _rng: Random) -> str:
    return "\u00ad".join(word)


def _look_alike(word: str, _rng: Random) -> str:
    return word.translate(_LOOK_ALIKE)


def _fullwidth(word: str, _rng: Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def _mathematical(word: str, rng: Random) -> str:
    # Start of the capitals of one alphabet: bold, bold italic, sans bold, monospace.
    start = rng.choice((0x1D400, 0x1D468, 0x1D5D4, 0x1D670))
    return "".join(
        chr(start + ord(c) - 65) if "A" <= c <= "Z"
        else chr(start + 26 + ord(c) - 97) if "a" <= c <= "z"
        else c
        for c in word
    )  # fmt: skip


def _leet(word: str, _rng: Random) -> str:
    return word.translate(_LEET)


def _spaced(word: str, _rng: Random) -> str:
    return " ".join(word) if _separable(word) else word


def _punctuated(word: str, rng: Random) -> str:
    return rng.choice(".-_*·").join(word) if _separable(word) else word


def _split(word: str, rng: Random) -> str:
    cut = rng.randrange(1, len(word))
    return word[:cut] + SPLIT + word[cut:]


def _entities(word: str, rng: Random) -> str:
    return "".join(ENTITY + c if c != "&" and rng.random() < 0.5 else c for c in word)


def _separable(word: str) -> bool:
    # Scripts with joining letters and marks fall apart when spaced; nobody writes them so.
    return all(c.isascii() or "Ѐ" <= c <= "ӿ" or c >= "\u3040" for c in word)


Disguise = Callable[[str, Random], str]
TEXT_DISGUISES: tuple[Disguise, ...] = (
    _zero_width, _soft_hyphen, _look_alike, _look_alike, _fullwidth, _mathematical, _mathematical,
    _leet, _spaced, _punctuated,
)  # fmt: skip
MARKUP_DISGUISES: tuple[Disguise, ...] = (*TEXT_DISGUISES, _split, _split, _entities, _soft_hyphen)
# What honest people also do: fancy letters in a heading, soft hyphens, entities, a spaced title.
ORDINARY_DISGUISES: tuple[Disguise, ...] = (_mathematical, _soft_hyphen, _spaced, _fullwidth)


def disguise(text: str, how: Disguise, share: float, rng: Random) -> str:
    """Rewrite about a ``share`` of the words longer than two letters, one at least."""
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if len(word) > 2 and any(c.isalpha() for c in word)]
    if not long:
        return text
    chosen = {n for n in long if rng.random() < share} or {rng.choice(long)}
    return " ".join(how(w, rng) if n in chosen else w for n, w in enumerate(words))


def reader_sees(text: str) -> str:
    """Drop the layouts' private marks: what is left is what a parser finds in the page."""
    return text.replace(SPLIT, "").replace(ENTITY, "")
