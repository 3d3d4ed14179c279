"""One language's phrases: a TOML file read once into a grammar, its furniture and its places."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from training.synthesis.articles import Article
from training.synthesis.grammar import Grammar

LANGUAGES = (
    "en", "es", "pt", "fr", "de", "it", "nl", "pl", "tr", "ru", "ar", "hi", "id", "vi", "ko",
    "ja", "zh",
)  # fmt: skip
LURES = ("streaming", "live", "download", "giveaway", "other")
# Kinds of a lure with words of their own. A language that has none for a kind leaves it out.
KINDS: Mapping[str, tuple[str, ...]] = {
    "streaming": ("leak",),
    "download": ("book",),
    "other": ("job", "parcel", "refund", "money", "loan", "dating", "alarm"),
}
LURE_OF: Mapping[str, str] = {kind: lure for lure, kinds in KINDS.items() for kind in kinds}
VARIABLES = frozenset({
    "title", "year", "team_a", "team_b", "league", "app", "brand", "coins", "company", "place",
    "pirate", "site", "version", "size", "number", "minutes", "percent", "digit", "amount", "small",
    "person", "host",
})  # fmt: skip
# What every language must be able to say, in both voices; the tests hold each file to it.
LURE_SLOTS = ("headline", "promise", "call", "button")
VOICE_SLOTS = ("pressure", "note", "steps", "status", "alt")
HONEST_SLOTS = ("site_call", "site_button", "warning_before", "warning_after", "news")
UI_SLOTS = (
    "home", "about", "contact", "privacy", "search", "share", "comments", "related", "newsletter",
    "more", "tags", "by", "username", "email", "device", "time", "match", "where", "hello", "bye",
    "anonymous",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A destination that says who it is: its name and the host that belongs to it."""

    name: str
    host: str


@dataclass(frozen=True, slots=True)
class Language:
    """What one language can say, and where its honest readers are sent."""

    code: str
    grammar: Grammar
    places: Mapping[str, tuple[Place, ...]]
    articles: tuple[Article, ...]
    page_kinds: tuple[str, ...]  # honest pages that it can compose by itself

    def kinds_of(self, lure: str) -> tuple[str, ...]:
        """Name the sections that a page of this lure can speak from: the lure's own, and kinds."""
        known = tuple(k for k in KINDS.get(lure, ()) if f"bait.{k}.promise" in self.grammar)
        return (lure, *known)

    def ui(self, slot: str, rng: Random) -> str:
        """Give one label of site furniture, such as ``home`` or ``newsletter``."""
        return self.grammar.expand(f"ui.{slot}", rng, {})


@cache
def load_language(code: str) -> Language:
    """Read ``phrases/<code>.toml`` and ``kinds/<code>.toml``.

    Raises:
        FileNotFoundError: there is no such language.
        GrammarError: a rule of the file cannot be read.
    """
    table = _read("phrases", code)
    kinds = _read("kinds", code)
    named = {**table.pop("places"), **kinds.pop("places", {})}
    places = {
        lure: tuple(Place(name, host) for name, host in pairs) for lure, pairs in named.items()
    }
    articles = tuple(
        Article(f"{code}-{n}", entry["title"], tuple(entry["paragraphs"]), code, f"own-{code}-{n}")
        for n, entry in enumerate(table.pop("article"))
    )
    grammar = Grammar(dict(_rules(table)) | dict(_rules(kinds)), VARIABLES)
    return Language(code, grammar, places, articles, tuple(kinds["page"]))


def _read(folder: str, code: str) -> dict[str, Any]:
    file = files("training.synthesis").joinpath(folder, f"{code}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _rules(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _rules(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
