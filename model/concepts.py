"""Concepts: what words are about, in seventeen languages.

::

    words --votes--> the language that knows most of them --its word list--> concepts, in order

The word lists (``wordlists/<lang>.toml``) map words to some sixty concepts, so that what one
language teaches of "watch", "film", "free", "here" holds in the others. A word has the concept of
its longest listed beginning; expressions of several words are matched as they stand.
"""

from __future__ import annotations

import re
import tomllib
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path

_LISTS = Path(__file__).with_name("wordlists")
_SHORTEST_BEGINNING = 2
_SECOND = 2  # letters of an expression's second word by which it is found
_PAGE_VOTES = 2.0  # what the page's language counts in each part of it, in words
_KNOWN_WORDS = 50_000  # whose languages, and whose concepts, are kept at hand
# Arabic ties its particles to the word that follows.
_TIED = re.compile("(?:[وف]?(?:[بلك]?ال|لل)|[وفبلك])(?=[\u0620-\u064a]{2})")
# Languages of another script, which write loans in Latin letters.
_NOT_LATIN = ("ar", "hi", "ja", "ko", "ru", "zh")

Words = Sequence[str]


class ConceptReader:
    """Finds the concepts of words; ``words_of`` cuts a list's entries as it cuts a page's text."""

    def __init__(self, words_of: Callable[[str], list[str]]) -> None:
        self._lexicons = {
            path.stem: _read_list(path, words_of) for path in sorted(_LISTS.glob("*.toml"))
        }
        self._languages = _languages_by_entry(self._lexicons)
        for lang in _NOT_LATIN:
            self._lexicons[lang].borrow(self._lexicons["en"])
        self._languages_of = lru_cache(_KNOWN_WORDS)(self._look_up_languages)
        self._concept_of = lru_cache(_KNOWN_WORDS)(
            lambda lang, word: self._lexicons[lang].concept_of(word)
        )

    def read(self, parts: Sequence[Sequence[Words]]) -> list[list[tuple[str, ...]]]:
        """Return the concepts of each text of each part of a page, in order.

        A part is read in the language that knows most of its words, and of the page's.
        """
        votes = [Counter(chain.from_iterable(map(self._languages_of, chain(*p)))) for p in parts]
        of_page: Counter[str] = Counter()
        for vote in votes:
            of_page.update(vote)
        share = _PAGE_VOTES / max(of_page.values(), default=1)
        found: list[list[tuple[str, ...]]] = []
        for texts, vote in zip(parts, votes, strict=True):
            # Sorted, so that equal votes always fall the same way.
            knows = {lang: vote[lang] + share * of_page[lang] for lang in sorted(vote)}
            lang = max(knows, key=knows.__getitem__, default="")
            found.append([tuple(self._read_in(lang, words)) if lang else () for words in texts])
        return found

    def _read_in(self, lang: str, words: Words) -> Iterator[str]:
        lexicon = self._lexicons[lang]
        expressions = lexicon.expressions
        end = 0
        for start, word in enumerate(words):
            if start < end:
                continue
            # Few words begin an expression: the others are told apart without a call.
            if word in expressions and (expression := lexicon.expression_at(words, start)):
                yield expression.concept
                end = start + len(expression.words)
            elif concept := self._concept_of(lang, word):
                yield concept

    def _look_up_languages(self, word: str) -> tuple[str, ...]:
        found = {*self._languages.get(f"{word}$", ())}
        for end in range(_SHORTEST_BEGINNING, len(word) + 1):
            found.update(self._languages.get(word[:end], ()))
        untied = None if found else _untied(word)
        return self._look_up_languages(untied) if untied else tuple(found)


@dataclass(frozen=True, slots=True)
class _Expression:
    """Words in a row, the last of which may go on; ``whole``: it must end there."""

    words: tuple[str, ...]
    whole: bool
    concept: str

    def stands_at(self, words: Words, start: int) -> bool:
        end = start + len(self.words) - 1
        if end >= len(words) or tuple(words[start:end]) != self.words[:-1]:
            return False
        return words[end] == self.words[-1] if self.whole else words[end].startswith(self.words[-1])


@dataclass(slots=True)
class _Lexicon:
    """One language: whole words, beginnings of words, and expressions.

    Expressions are found by their first word and by how the second one begins.
    """

    wholes: dict[str, str] = field(default_factory=dict)
    beginnings: dict[str, str] = field(default_factory=dict)
    expressions: dict[str, dict[str, list[_Expression]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def add(self, words: tuple[str, ...], *, whole: bool, concept: str) -> None:
        """Add an entry; a word that has a concept keeps it."""
        if len(words) > 1:
            found = self.expressions[words[0]][words[1][:_SECOND]]
            insort(found, _Expression(words, whole, concept), key=lambda e: -len(e.words))
        elif words:
            (self.wholes if whole else self.beginnings).setdefault(words[0], concept)

    def borrow(self, other: _Lexicon) -> None:
        """Take over another language's single words."""
        self.wholes = other.wholes | self.wholes
        self.beginnings = other.beginnings | self.beginnings

    def concept_of(self, word: str) -> str | None:
        """Return the concept of one word."""
        if found := self.wholes.get(word):
            return found
        for end in range(len(word), _SHORTEST_BEGINNING - 1, -1):
            if found := self.beginnings.get(word[:end]):
                return found
        untied = _untied(word)
        return self.concept_of(untied) if untied else None

    def expression_at(self, words: Words, start: int) -> _Expression | None:
        """Return the longest expression that stands there, where its first word does."""
        if start + 1 == len(words):
            return None
        found = self.expressions[words[start]].get(words[start + 1][:_SECOND], ())
        return next((each for each in found if each.stands_at(words, start)), None)


def _untied(word: str) -> str | None:
    """Return the word without the particle that is tied to it, if one is."""
    tied = _TIED.match(word)
    return word[tied.end() :] if tied else None


def _read_list(path: Path, words_of: Callable[[str], list[str]]) -> _Lexicon:
    lexicon = _Lexicon()
    for concept, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for entry in map(str.strip, entries.split("|")):
            words = tuple(words_of(entry.removesuffix("$")))
            lexicon.add(words, whole=entry.endswith("$"), concept=concept)
    return lexicon


def _languages_by_entry(lexicons: Mapping[str, _Lexicon]) -> dict[str, list[str]]:
    """Map beginnings, and whole words with a ``$`` behind them, to the languages that list them."""
    found: dict[str, list[str]] = defaultdict(list)
    for lang, lexicon in lexicons.items():
        for entry in (*lexicon.beginnings, *(f"{word}$" for word in lexicon.wholes)):
            found[entry].append(lang)
    return dict(found)
