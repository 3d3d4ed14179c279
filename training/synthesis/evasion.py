"""How bait hides its words from filters, and how ordinary pages dress theirs up.

``training.attacks`` measures with other characters, other shares and other means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

# Private-use marks that only layouts in markup understand: an element boundary inside a word,
# and a letter to be written as a numeric entity.
SPLIT = "\ue000"
ENTITY = "\ue001"


@dataclass(frozen=True, slots=True)
class Disguise:
    """A way to rewrite a word, or a text as a ``whole``, so that its reader reads the same."""

    reword: Callable[[str, Random], str]
    whole: bool = False


_LOOK_ALIKE = str.maketrans(
    "aceiopsxyABCEHIKMOPTXjkuvnасеорхуАВСЕНКМОРТХ",
    "асеіорѕхуАВСЕНІКМОРТХјκυνпaceopxyABCEHKMOPTX",
)
_LEET = str.maketrans("aeiostAEIOST", "4310574310S7")
_ACCENTED = str.maketrans("aeiounyscAEIOUNYSC", "áéíóúñýšçÄËÏÖÜÑÝŠÇ")
_SMALL_CAPITALS = str.maketrans("abcdefghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ")
_INVISIBLE = ("\u200b", "\u200c", "\u2060", "\ufeff", "\u200d")
_GLUE = ("🔥", " 🎬 ", "✅", " ⭐ ", "💯", "🎉")

# A word, or two to six signs of a script without blanks.
_WORD = re.compile(
    "[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2,6}"
    "|[^\\s\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{3,}"
)
# A sign with the marks on it.
_SIGN = re.compile(
    "(?s:.)[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*"
)
_JOINING = re.compile("[\u0600-\u06ff]{2,}")
# Thai vowels and Indic signs change their neighbours' place or shape: such words stay whole.
_FALLS_APART = re.compile("[\u0590-\u1fff]")


def _zero_width(word: str, rng: Random) -> str:
    return rng.choice(_INVISIBLE).join(_SIGN.findall(word))


def _soft_hyphen(word: str, _rng: Random) -> str:
    return "\u00ad".join(_SIGN.findall(word))


def _direction(word: str, rng: Random) -> str:
    cut = rng.randrange(1, len(word))
    return word[:cut] + rng.choice("\u200e\u200f\u202a\u202d") + word[cut:]


def _look_alike(word: str, rng: Random) -> str:
    share = rng.choice((0.3, 0.6, 1.0))
    return "".join(c.translate(_LOOK_ALIKE) if rng.random() < share else c for c in word)


def _fullwidth(word: str, _rng: Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def _alphabet(word: str, capital: int, small: int) -> str:
    return "".join(
        chr(capital + ord(c) - 65) if "A" <= c <= "Z"
        else chr(small + ord(c) - 97) if "a" <= c <= "z"
        else c
        for c in word
    )  # fmt: skip


def _mathematical(word: str, rng: Random) -> str:
    # Start of the capitals of one alphabet: bold, bold italic, sans bold, monospace.
    start = rng.choice((0x1D400, 0x1D468, 0x1D5D4, 0x1D670))
    return _alphabet(word, start, start + 26)


def _circled(word: str, rng: Random) -> str:
    return _alphabet(word, *rng.choice(((0x24B6, 0x24D0), (0x1F170, 0x1F170))))


def _small_capitals(word: str, _rng: Random) -> str:
    return word.lower().translate(_SMALL_CAPITALS)


def _accented(word: str, rng: Random) -> str:
    if _JOINING.search(word):
        return _JOINING.sub(lambda letters: "\u0640".join(letters[0]), word)
    return "".join(c.translate(_ACCENTED) if rng.random() < 0.7 else c for c in word)


def _alternating(word: str, _rng: Random) -> str:
    return "".join(c.upper() if n % 2 else c.lower() for n, c in enumerate(word))


def _leet(word: str, rng: Random) -> str:
    share = rng.choice((0.5, 1.0))
    return "".join(c.translate(_LEET) if rng.random() < share else c for c in word)


def _spaced(word: str, _rng: Random) -> str:
    return word if _FALLS_APART.search(word) else " ".join(word)


def _punctuated(word: str, rng: Random) -> str:
    return word if _FALLS_APART.search(word) else rng.choice(".-_*·|").join(word)


def _split(word: str, rng: Random) -> str:
    cut = rng.randrange(1, len(word))
    return word[:cut] + SPLIT + word[cut:]


def _entities(word: str, rng: Random) -> str:
    return "".join(ENTITY + c if c != "&" and rng.random() < 0.5 else c for c in word)


def _turned_round(text: str, _rng: Random) -> str:
    """Write the whole line backwards, turned round again on the screen."""
    return text if _FALLS_APART.search(text) else f"\u202e{text[::-1]}\u202c"


def _glued(text: str, rng: Random) -> str:
    """Put one picture in place of every blank."""
    return rng.choice(_GLUE).join(text.split(" "))


def _tied(text: str, rng: Random) -> str:
    """Tie all words together with one mark, or with none and a capital for each."""
    words = text.split(" ")
    mark = rng.choice(("_", "-", ".", ""))
    return mark.join(words if mark else (word[:1].upper() + word[1:] for word in words))


TEXT_DISGUISES = tuple(
    Disguise(reword)
    for reword in (
        _zero_width, _soft_hyphen, _direction, _look_alike, _look_alike, _fullwidth, _mathematical,
        _mathematical, _circled, _small_capitals, _accented, _alternating, _leet, _leet, _spaced,
        _spaced, _punctuated, _punctuated,
    )
) + tuple(Disguise(reword, whole=True) for reword in (_turned_round, _glued, _tied))  # fmt: skip
MARKUP_DISGUISES = TEXT_DISGUISES + tuple(
    Disguise(reword) for reword in (_split, _split, _entities, _soft_hyphen)
)
# What honest people also do: fancy letters in a heading, soft hyphens, entities, a spaced title.
ORDINARY_DISGUISES = tuple(
    Disguise(reword) for reword in (_mathematical, _soft_hyphen, _spaced, _fullwidth)
)


def disguise(text: str, how: Disguise, share: float, rng: Random) -> str:
    """Rewrite a text, or about a ``share`` of its words: one at least, where it has any.

    Words have three letters or more; two signs are enough in scripts without blanks.
    """
    if how.whole:
        return how.reword(text, rng)
    words = [word for word in _WORD.finditer(text) if any(c.isalpha() for c in word[0])]
    chosen = [word for word in words if rng.random() < share] or rng.sample(words, bool(words))
    for word in reversed(chosen):
        text = text[: word.start()] + how.reword(word[0], rng) + text[word.end() :]
    return text


def reader_sees(text: str) -> str:
    """Drop the layouts' private marks: what is left is what a parser finds in the page."""
    return text.replace(SPLIT, "").replace(ENTITY, "")
