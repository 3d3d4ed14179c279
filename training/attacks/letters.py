"""Attacks on letters: the reader sees the same word, a machine other characters.

Each function rewrites one word, a run of letters with their marks, and returns it unchanged where
it cannot. Characters are drawn anew for each letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from random import Random

from confusable_homoglyphs.confusables import confusables_data

Disguising = Callable[[str, Random], str]

_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0983\u09bc-\u09cd\u0a3c-\u0a51"
    "\u0b82\u0bbe-\u0bcd\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u3099\u309a"
)
_WORD = re.compile(f"[^\\W\\d_][^\\W_{_MARKS}]*(?:[{_MARKS}]+[^\\W_{_MARKS}]*)*")
_JOINING = re.compile("[\u0600-\u07bf\u0860-\u08ff]")  # letters that join lose their shape alone
_LEFT_TO_RIGHT = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff\u3040-\ud7af]+")
_NO_BLANKS = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def in_words(disguising: Disguising, share: float, least: int = 3) -> Disguising:
    """Make a rewriting of text that disguises a share of its words of ``least`` letters or more.

    Where a script has no blanks, pieces of two to seven signs are taken for words.
    """

    def drawn(word: str, rng: Random) -> str:
        return disguising(word, rng) if rng.random() < share else word

    def rewriting(text: str, rng: Random) -> str:
        def word(found: re.Match[str]) -> str:
            if _NO_BLANKS.match(found[0]):
                return "".join(drawn(piece, rng) for piece in _pieces(clusters(found[0]), rng))
            return drawn(found[0], rng) if len(found[0]) >= least else found[0]

        return _WORD.sub(word, text)

    return rewriting


def _pieces(signs: list[str], rng: Random) -> Iterator[str]:
    start = 0
    while start < len(signs):
        end = start + rng.randint(2, 7)
        yield "".join(signs[start:end])
        start = end


def clusters(word: str) -> list[str]:
    """Cut a word where a reader sees one sign end: marks and joined consonants stay together."""
    found: list[str] = []
    for character in word:
        is_mark = unicodedata.category(character)[0] == "M"
        if found and (is_mark or unicodedata.combining(found[-1][-1]) == 9):
            found[-1] += character
        else:
            found.append(character)
    return found


@cache
def _look_alikes() -> Mapping[str, str]:
    """Map letters to single letters of other alphabets that look like them (Unicode TR39)."""
    table: dict[str, list[str]] = defaultdict(list)
    for letter, entries in confusables_data.items():
        if len(letter) != 1 or not _LEFT_TO_RIGHT.fullmatch(letter):
            continue
        for entry in entries:
            other = entry["c"]
            if len(other) == 1 and _is_plain_letter(other) and _script(other) != _script(letter):
                table[letter].append(other)
    return {letter: "".join(others) for letter, others in table.items()}


def _is_plain_letter(character: str) -> bool:
    return (
        unicodedata.category(character)[0] == "L"
        and unicodedata.normalize("NFKC", character) == character
        and ord(character) < 0xAC00
    )


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").partition(" ")[0]


def look_alike(word: str, rng: Random) -> str:
    """Put letters of other alphabets for about half of those that have a look-alike."""
    table = _look_alikes()
    return "".join(rng.choice(table[c]) if c in table and rng.random() < 0.55 else c for c in word)


def _shifted(word: str, capital: int, small: int) -> str:
    return "".join(
        chr(capital + ord(c) - 65) if "A" <= c <= "Z"
        else chr(small + ord(c) - 97) if "a" <= c <= "z"
        else c
        for c in word
    )  # fmt: skip


def styled(word: str, rng: Random) -> str:
    """Write Latin letters in a mathematical alphabet: italics, script, blackletter, outlined."""
    alphabet = rng.choice((0x1D434, 0x1D4D0, 0x1D56C, 0x1D608, 0x1D63C, 0x1D538, 0x1D4D0))
    written = _shifted(word, alphabet, alphabet + 26)
    # The alphabets have gaps where older characters already stood.
    return "".join(c if unicodedata.name(c, "") else p for c, p in zip(written, word, strict=True))


def fullwidth(word: str, _rng: Random) -> str:
    """Write Latin letters at the width of ideographs."""
    return _shifted(word, 0xFF21, 0xFF41)


def enclosed(word: str, rng: Random) -> str:
    """Write Latin letters in circles, squares, brackets or as flags' letters."""
    capital, small = rng.choice(
        ((0x24B6, 0x24D0), (0x1F130, 0x1F130), (0x1F170, 0x1F170), (0x1F150, 0x1F150),
         (0x1F110, 0x249C), (0x1F1E6, 0x1F1E6))
    )  # fmt: skip
    written = _shifted(word, capital, small)
    # Two flag letters side by side would make a flag.
    return "\u200a".join(written) if capital == 0x1F1E6 and written != word else written


_SMALL_CAPITALS = str.maketrans("abcdefghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ")
_RAISED = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")


def small_capitals(word: str, rng: Random) -> str:
    """Write Latin letters as phonetic small capitals, or raised."""
    return word.lower().translate(rng.choice((_SMALL_CAPITALS, _SMALL_CAPITALS, _RAISED)))


def invisible(word: str, rng: Random) -> str:
    """Put characters without width between a word's signs, more than one here and there."""
    # A non-joiner would change how joining letters look.
    drawn = "\u200b\u200d\u2060\u2061\u2063\u2064\ufeff\u034f\u180e"
    if not _JOINING.search(word):
        drawn += "\u200c"
    between = [rng.choice(("", *drawn, *drawn)) * rng.choice((1, 1, 2)) for _ in word]
    return _interleaved(clusters(word), between)


def soft_hyphens(word: str, rng: Random) -> str:
    """Put soft hyphens after about half of a word's signs."""
    return _interleaved(clusters(word), [rng.choice(("\u00ad", "")) for _ in word])


def _interleaved(signs: list[str], between: list[str]) -> str:
    return "".join(
        sign + (joint if n + 1 < len(signs) else "")
        for n, (sign, joint) in enumerate(zip(signs, between, strict=False))
    )


_DIGITS_FOR = {
    "a": "4@", "b": "8", "e": "3", "g": "9", "i": "1!", "l": "1|", "o": "0", "s": "5$", "t": "7+",
    "z": "2", "в": "8", "з": "3", "о": "0", "ч": "4", "б": "6", "т": "7",
}  # fmt: skip


def leetspeak(word: str, rng: Random) -> str:
    """Put digits and signs for most of the letters that resemble one."""
    return "".join(
        rng.choice(_DIGITS_FOR[c.lower()]) if c.lower() in _DIGITS_FOR and rng.random() < 0.75
        else c
        for c in word
    )  # fmt: skip


def spaced(word: str, rng: Random) -> str:
    """Set a word's signs apart with one kind of blank."""
    return _apart(word, rng.choice((" ", "\u00a0", "\u2009", "\u2002", "\u200a")))


def punctuated(word: str, rng: Random) -> str:
    """Set a word's signs apart with one mark."""
    return _apart(word, rng.choice("/'’,~+=:‧・.-"))


def _apart(word: str, joint: str) -> str:
    signs = clusters(word)
    if _JOINING.search(word) or len(signs) < 2:
        return word
    return joint.join(signs)


def direction_marks(word: str, rng: Random) -> str:
    """Sprinkle a word with marks that say in which direction to read, and change nothing."""
    between = [rng.choice(("\u200e", "\u2066\u2069", "\u202a\u202c", "", "")) for _ in word]
    if _JOINING.search(word):
        between = [rng.choice(("\u200f", "\u061c", "")) for _ in word]
    return _interleaved(clusters(word), between)


def reversed_letters(word: str, rng: Random) -> str:
    """Write a word backwards between marks that turn it round again on the screen."""
    if not _LEFT_TO_RIGHT.fullmatch(word):
        return word
    opening, closing = rng.choice((("\u202e", "\u202c"), ("\u2067\u202e", "\u202c\u2069")))
    return opening + word[::-1] + closing


def changed_case(word: str, rng: Random) -> str:
    """Change the case of letters at random, or of all."""
    if rng.random() < 0.4:
        return word.upper()
    return "".join(c.upper() if rng.random() < 0.5 else c.lower() for c in word)


_OVER_AND_UNDER = "\u0300\u0301\u0303\u0307\u0323\u0324\u032d\u0331\u0332\u0336\u033e\u0353"
_WIDE_MARKS = "\u0332\u0333\u0336\u0305\u20d2\u20e5\ufe2d"


def added_marks(word: str, rng: Random) -> str:
    """Put accents and strokes on letters; Arabic letters are pointed and stretched instead."""
    if _JOINING.search(word):
        marks = [rng.choice(("\u0640", "\u0640\u0640", "\u064e", "\u0650", "")) for _ in word]
        return _interleaved(clusters(word), marks)
    drawn = _OVER_AND_UNDER if _LEFT_TO_RIGHT.match(word) and word < "\u2e80" else _WIDE_MARKS
    marks = [rng.choice(drawn) if rng.random() < 0.5 else "" for _ in word]
    marked = "".join(c + m for c, m in zip(clusters(word), marks, strict=False))
    return unicodedata.normalize("NFC", marked) if rng.random() < 0.5 else marked


_UNMARKED = str.maketrans("đĐłŁıİøØßæÆœŒ", "dDlLiIoOsaAoO")


def dropped_accents(word: str, _rng: Random) -> str:
    """Leave out accents, as people do who type in a hurry."""
    if not _LEFT_TO_RIGHT.match(word) or word >= "\u0400":
        return word
    apart = unicodedata.normalize("NFD", word.translate(_UNMARKED))
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", apart))
