"""Text made comparable: what a reader takes for the same word becomes the same string.

Bait hides from word models behind look-alike letters, invisible characters, spaced-out letters
and leetspeak. ``normalize`` undoes these for matching only; quotes always come from the page's
own text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from confusable_homoglyphs.utils import load as load_confusables

# Invisible or direction-changing characters that split a word for a machine, not for a reader.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f]"
)
# Accents, points and voicing marks, which are often left out; vowel signs of Indic scripts stay.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u093c\u3099\u309a]"
)
# Single signs that decompose into a whole sentence: a page of them would grow eighteenfold.
_SENTENCE_SIGNS = re.compile("[\ufdfa\ufdfb]")
_WORD = re.compile(r"[^\W_]+")
# Letters in circles and squares are signs, not letters, to Unicode; the dark ones have no
# decomposition either.
_ENCLOSED_WORD = re.compile(
    "[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]{2,}"
)
_DARK_LETTERS = {
    first + place: ord("a") + place for first in (0x1F150, 0x1F170) for place in range(26)
}
_LATIN = re.compile(r"[a-z]")
_LOOKALIKE_SCRIPTS = re.compile(r"[\u0370-\u058f\u13a0-\u13ff\u2c80-\u2cff\ua4d0-\ua4ff]")
# Four or more single letters held apart by one blank or mark each: "w a t c h", "f.r.e.e".
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*·•|~]){3,}[^\W\d_](?![^\W_])")
_SPACED_MARK = re.compile(r"[ .\-_*·•|~]")
_LEET_WORD = re.compile(r"(?<![\w@$])(?=[\w@$]*[a-z])(?=[\w@$]*[0134578@$])[\w@$]{3,}(?![\w@$])")
_LEET = str.maketrans("0134578@$", "oleastbas")
# A measure or a version is not leetspeak: "1080p", "h264", "mp3", "4k", "v2", "s01e02".
_MEASURE = re.compile(r"\d+[a-z]{0,3}|[a-z]{1,3}\d+|[a-z]\d+[a-z]\d+|\d+[a-z]\d+[a-z]?")


@cache
def _latin_prototypes() -> dict[int, str]:
    """Map characters of other scripts to the ASCII letter they are confusable with (TR39).

    TR39 compares printed shapes; small Cyrillic letters whose capitals look Latin are added, as
    text is case-folded before it gets here.
    """
    table = {ord(character): letter for character, letter in zip("твкмнп", "tbkmhn", strict=True)}
    for character, homoglyphs in load_confusables("confusables.json").items():
        if len(character) != 1 or character.isascii():
            continue
        for homoglyph in homoglyphs:
            letter = homoglyph["c"]
            if len(letter) == 1 and letter.isascii() and letter.isalpha():
                table[ord(character)] = letter.lower()
                break
    return table


def _untangle_scripts(word: re.Match[str]) -> str:
    text = word.group()
    return text.translate(_latin_prototypes()) if _LATIN.search(text) else text


def _unleet(word: re.Match[str]) -> str:
    text = word.group()
    return text if _MEASURE.fullmatch(text) else text.translate(_LEET)


def normalize(text: str) -> str:
    """Return ``text`` in one comparable form: compatibility letters, case, disguises undone.

    Compatibility decomposition and case folding; accents and invisible characters dropped; words
    that mix Latin with look-alike scripts read as Latin (Unicode TR39 confusables); spaced-out
    letters joined; leetspeak read as letters. Positions are not kept.
    """
    text = text.lower() if text.isascii() else _fold(text)
    text = _SPACED.sub(lambda run: _SPACED_MARK.sub("", run.group()), text)
    # Only now: spaced-out letters of two scripts are one mixed word once they are joined.
    if not text.isascii() and _LOOKALIKE_SCRIPTS.search(text) and _LATIN.search(text):
        text = _WORD.sub(_untangle_scripts, text)
    return _LEET_WORD.sub(_unleet, text)


def _fold(text: str) -> str:
    text = _SENTENCE_SIGNS.sub(" ", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_DARK_LETTERS)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", text)).casefold()


def count_disguised(text: str) -> int:
    """Count words written so that a machine would miss them: styled or mixed-script letters."""
    if text.isascii():
        return 0
    disguised = sum(_is_disguised(word.group()) for word in _WORD.finditer(text))
    return disguised + sum(1 for _ in _ENCLOSED_WORD.finditer(text))


def _is_disguised(word: str) -> bool:
    if word.isascii():
        return False
    folded = word.casefold()
    if _LOOKALIKE_SCRIPTS.search(folded) and _LATIN.search(folded):
        return True
    # Mathematical and fullwidth Latin letters stand for ASCII ones.
    if not all(ord(character) > 0x2000 for character in word):
        return False
    plain = unicodedata.normalize("NFKC", word)
    return plain.isascii() and not plain.isdigit()
