"""Text made comparable: what a reader takes for the same word becomes the same string.

::

    text --_fold--> one case, no accents, letters for their styled and look-alike forms
         --_reassemble--> letters and words that were set apart or tied together
         --_untangle--> words of one script each
         --_unleet--> letters for digits

Bait hides from word models behind all of these. ``normalize`` undoes them for matching only;
quotes always come from the page's own text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from model.confusables import prototypes

# Invisible or direction-changing characters that split a word for a machine, not for a reader.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e01ef"
)
# Accents, points, strokes and voicing marks, which are often left out, and the stroke that
# stretches Arabic words; vowel signs of Indic scripts stay.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u093c"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
)
_DROPPED = re.compile(f"[{_INVISIBLE}{_MARKS}]")
# Words written backwards and turned round on the screen; letters that run right to left by
# themselves would not turn.
_REVERSED = re.compile("\u202e([^\u202c\u202e\u0590-\u08ff]{1,400})\u202c")
# Single signs that decompose into a whole sentence: a page of them would grow eighteenfold.
_SENTENCE_SIGNS = re.compile("[\ufdfa\ufdfb]")
_WORD = re.compile(r"[^\W_]+")
# Letters in circles and squares are signs, not letters, to Unicode; the dark ones have no
# decomposition either.
_ENCLOSED_WORD = re.compile(
    "[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]{2,}"
)
_SMALL_CAPITALS = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ"
_SMALL_CAPITAL_WORD = re.compile(f"[{_SMALL_CAPITALS}]{{2,}}")
_PLAIN: dict[int, str] = {
    # In circles and squares, dark; and in brackets, which their decompositions would keep.
    **{first + n: chr(97 + n) for first in (0x1F150, 0x1F170, 0x249C, 0x1F110) for n in range(26)},
    **dict(zip(map(ord, _SMALL_CAPITALS), "abcdefghijklmnoprstuvwyz", strict=True)),
    # Strokes and dots that are part of the letter; people leave them out like accents.
    **dict(zip(map(ord, "łđøıħŧɑɡɩ"), "ldoihtagi", strict=True)),
}
# Each search looks within one plane only, which is several times as fast.
_STYLED = re.compile(f"[{''.join(chr(code) for code in _PLAIN if code < 0x10000)}]")
_BEYOND_BASIC = re.compile("[\U00010000-\U0010ffff]")
# Two letters of flags side by side make a flag; alone they are letters.
_FLAG = "\U0001f1e6-\U0001f1ff"
_FLAG_LETTER = re.compile(f"(?<![{_FLAG}])[{_FLAG}](?![{_FLAG}])")

_VOWEL_SIGNS = "\u0900-\u0903\u093a-\u094f\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0e31\u0e34-\u0e4e"
_LETTER = rf"[^\W\d_](?:\u094d[\u0915-\u0939]){{0,3}}[{_VOWEL_SIGNS}]{{0,3}}"
_PICTURES = "\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff"
# Four or more single letters held apart by one blank or mark each: "w a t c h", "f.r.e.e".
_APART = rf" ?[.\-_*·•|~/'’,+=:‧・–—{_PICTURES}] ?| "
_SPACED = re.compile(
    rf"(?<![^\W_])(?<![{_VOWEL_SIGNS}])(?:{_LETTER}(?:{_APART})){{3,}}{_LETTER}"
    rf"(?![^\W_])(?![{_VOWEL_SIGNS}])"
)
_BETWEEN = re.compile(_APART)
_INDIC = re.compile("[\u0900-\u0dff]")
# Three signs are enough where no blank stands between words, and where the run ends says nothing.
_SIGN = "[\u3040-\u30ff\u3400-\u9fff]"
_ANY_SIGN = re.compile(_SIGN)
_SPACED_SIGNS = re.compile(rf"{_SIGN}(?:(?:{_APART}){_SIGN}){{2,}}")
# Three words or more tied by marks: "watch_it_now". Begins with a mark, which the re module finds
# fast, to tell whether there are any.
_TIES = r"[-_.+~=|/]{1,2}"
_ANY_TIED = re.compile(rf"[-_.+~=|/](?<=[^\W\d_].)[^\W\d_]{{1,30}}{_TIES}(?=[^\W\d_])")
_TIED = re.compile(
    rf"(?<![^\W_])[^\W\d_]{{1,30}}(?:({_TIES})[^\W\d_]{{1,30}})(?:\1[^\W\d_]{{1,30}})+"
)
# A picture in place of a blank; one that points may be meant.
_ANY_PICTURE = re.compile(f"[{_PICTURES}]")
_GLUE = re.compile(rf"(?<=[^\W\d_])(?:(?![►▶➤➡➜➔👉👇🔗»▷])[{_PICTURES}])+(?=([^\W\d_]))")

# Alphabets that no honest word mixes with another.
_ALPHABETS = (
    "GREEK", "CYRILLIC", "COPTIC", "ARMENIAN", "GEORGIAN", "CHEROKEE", "CANADIAN", "LISU",
    "TIFINAGH", "RUNIC", "MALAYALAM LETTER TTHA", "MYANMAR LETTER WA",
)  # fmt: skip
_RARER = (
    "\u0530-\u058f\u0d20\u101d\u10a0-\u10ff\u13a0-\u16ff\u1c80-\u1c8f\u2c80-\u2d7f\ua4d0-\ua4ff"
    "\ua640-\ua69f\uab70-\uabbf"
)
_NOT_LATIN = re.compile(f"[\u0370-\u052f{_RARER}]")
_LATIN, _CYRILLIC = re.compile("[a-z]"), re.compile("[\u0400-\u052f]")
_SCRIPTS = (_LATIN, _CYRILLIC, re.compile("[\u0370-\u03ff]"), re.compile(f"[{_RARER}]"))
_IN_ONE = re.compile("[\u0400-\u052f]+|[\u0370-\u03ff]+|[a-z0-9]+")  # most words, told fast
# What a word of these alphabets has and no other, what only Latin words have, and which of its
# letters Latin ones are taken for.
_NEIGHBOURS = {
    "CYRILLIC": (
        re.compile("[бгджзилфцчшщъыьэюяєґђћљњ]"),
        re.compile("[dfgjlnqsvwz]"),
        dict(zip("abcehikmoprtuxy", "авсенікморгтиху", strict=True)),
    ),
    "GREEK": (
        re.compile("[γδζθλμξπσφψωβ]"),
        re.compile("[cdfgjlqrsw]"),
        dict(zip("abehikmnoptuvxyz", "αβεηικμηορτυνχυζ", strict=True)),
    ),
}

_MAYBE_LEET = re.compile(r"[0-9@$](?:(?=[a-z])|(?<=[a-z].))")
_LEET_WORD = re.compile(
    r"(?<![^\W_])(?<![@$])(?=[a-z0-9@$]*[013456789@$])[a-z0-9@$]{3,16}(?![^\W_])(?![@$])"
)
_LEET = str.maketrans("013456789@$", "oieasbtbgas")
# No leetspeak: a measure or a version ("1080p", "h264", "s01e02"), a name with a number
# ("windows10"), what an escaped blank leaves ("20part"), a handle or a variable ("@someone").
_PLAIN_NUMBER = re.compile(
    r"\d+[a-z]{0,3}|[a-z]+(?!33)\d+|[a-z]\d+[a-z]\d+|\d+[a-z]\d+[a-z]?|\d\d+[a-z]+|[@$][a-z]+"
)
_CYRILLIC_LEET = re.compile("(?<=[а-яё])[034678](?=[а-яё])")
_CYRILLIC_DIGITS = {"0": "о", "3": "з", "4": "ч", "6": "б", "7": "т", "8": "в"}


def normalize(text: str) -> str:
    """Return ``text`` in one comparable form: compatibility letters, case, disguises undone.

    Compatibility decomposition and case folding; accents and invisible characters dropped, words
    that are turned round on the screen turned back; letters that stand apart joined, and words that
    are tied together set apart; words that mix alphabets read in one (Unicode TR39 confusables);
    digits between letters read as letters. Positions are not kept.
    """
    text = text.lower() if text.isascii() else _fold(text)
    text = _reassemble(text)
    # Only now: spaced-out letters of two scripts are one mixed word once they are joined.
    if not text.isascii() and _NOT_LATIN.search(text):
        if _mixes_alphabets(text):
            text = _WORD.sub(_untangle, text)
        text = _CYRILLIC_LEET.sub(lambda digit: _CYRILLIC_DIGITS[digit[0]], text)
    return _LEET_WORD.sub(_unleet, text) if _MAYBE_LEET.search(text) else text


def _fold(text: str) -> str:
    text = _SENTENCE_SIGNS.sub(" ", text).casefold()
    if "\u202e" in text:
        text = _REVERSED.sub(lambda turned: turned[1][::-1], text)
    is_styled = _STYLED.search(text) is not None
    if _BEYOND_BASIC.search(text):
        is_styled = True
        text = _FLAG_LETTER.sub(lambda flag: chr(ord(flag[0]) - 0x1F1E6 + ord("a")), text)
    if is_styled:
        text = text.translate(_PLAIN)
    text = _DROPPED.sub("", unicodedata.normalize("NFKD", text))
    text = unicodedata.normalize("NFC", text).casefold()
    # Raised small capitals decompose into small capitals.
    return text.translate(_PLAIN) if _STYLED.search(text) else text


def _join(run: re.Match[str]) -> str:
    joined, count = _BETWEEN.subn("", run[0])
    # Hindi has many words of one sign: a few of them in a row are a sentence.
    return run[0] if count < 6 and " " in run[0] and _INDIC.search(joined) else joined


def _reassemble(text: str) -> str:
    text = _SPACED.sub(_join, text)
    if _ANY_TIED.search(text):
        text = _TIED.sub(lambda words: words[0].replace(words[1], " "), text)
    if text.isascii():
        return text
    text = _SPACED_SIGNS.sub(lambda run: _BETWEEN.sub("", run[0]), text)
    if not _ANY_PICTURE.search(text):
        return text
    return _GLUE.sub(lambda glue: "" if _ANY_SIGN.match(glue[1]) else " ", text)


def _mixes_alphabets(text: str) -> bool:
    return sum(any_of.search(text) is not None for any_of in _SCRIPTS) > 1


def _untangle(word: re.Match[str]) -> str:
    text = word.group()
    if _IN_ONE.fullmatch(text) or not _mixes_alphabets(text):
        return text
    for name, (only_there, only_latin, _) in _NEIGHBOURS.items():
        if only_there.search(text) and not only_latin.search(text):
            return text.translate(_to_neighbour(name))
    if not _LATIN.search(text) and len(_CYRILLIC.findall(text)) * 2 >= len(text):
        return text.translate(_to_neighbour("CYRILLIC"))
    return text.translate(_to_latin())


@cache
def _to_neighbour(name: str) -> dict[int, str]:
    """Map Latin letters, and those of other alphabets that look like them, to one alphabet's."""
    twins = _NEIGHBOURS[name][2]
    strangers = {
        code: twins[latin]
        for code, latin in _to_latin().items()
        if latin in twins and not unicodedata.name(chr(code), "").startswith(name)
    }
    return {**strangers, **{ord(latin): twin for latin, twin in twins.items()}}


@cache
def _to_latin() -> dict[int, str]:
    """Map letters of other alphabets to the ASCII letters that they look like, in either case.

    TR39 compares printed shapes, and text is case-folded before it gets here.
    """
    table = {ord("п"): "n"}
    capitals = {}
    for code, prototype in prototypes().items():
        letter = chr(code)
        is_plain = len(prototype) == 1 and prototype.isascii() and prototype.isalpha()
        if is_plain and unicodedata.name(letter, "").startswith(_ALPHABETS):
            table[code] = prototype.lower()
            capitals[ord(letter.casefold())] = prototype.lower()
    return {**capitals, **table}


def _unleet(word: re.Match[str]) -> str:
    text = word.group()
    is_address = "@" in text and word.string[word.end() : word.end() + 1] == "."
    return text if is_address or _PLAIN_NUMBER.fullmatch(text) else text.translate(_LEET)


def count_disguised(text: str) -> int:
    """Count words written so that a machine would miss them.

    Those in styled, enclosed, small capital or mixed-script letters, or turned round.
    """
    if text.isascii():
        return 0
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    disguised = sum(map(_is_styled, words))
    if _mixes_alphabets(text.casefold()):
        disguised += sum(_mixes_alphabets(word.casefold()) for word in words)
    signs = (_ENCLOSED_WORD, _SMALL_CAPITAL_WORD, _REVERSED)
    return disguised + sum(1 for sign in signs for _ in sign.finditer(text))


def _is_styled(word: str) -> bool:
    """Say whether a word is all mathematical or fullwidth letters, which stand for ASCII ones."""
    if min(word) <= "\u2000":
        return False
    plain = unicodedata.normalize("NFKC", word)
    return plain.isascii() and not plain.isdigit()
