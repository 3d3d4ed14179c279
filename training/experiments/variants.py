"""Variants of examples: the same pages with something taken from them, or with other labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from random import Random

import numpy as np

from model.features import FEATURES
from training.examples import Example, Rows

Variant = Callable[[Example], Example]

# The named numbers by what they look at; what is listed nowhere is of the page's build.
FAMILIES: dict[str, tuple[str, ...]] = {
    "destinations": (
        "shortened_destination",
        "locker_destination",
        "free_host_destination",
        "redirector_destination",
        "cheap_suffix_destination",
        "repeated_destination",
        "single_destination",
        "unsaid_destination",
        "brand_elsewhere",
        "lookalike_destination",
    ),
    "disguise": (
        "masked_destination",
        "image_button",
        "automatic_redirect",
        "scripted_destination",
        "form_elsewhere",
        "hidden_link",
        "hidden_words",
        "disguised_letters",
        "pushing_marks",
    ),
    "promises": (
        "promise_without_place",
        "unnamed_destination",
        "call_to_action",
        "button_call",
        "closing_call",
        "closing_unnamed",
        "offer",
        "disclaimer",
        "pressure",
        "fake_freshness",
        "stuffed_title",
        "warning",
    ),
}
_LISTED = frozenset(name for names in FAMILIES.values() for name in names)
BUILD = tuple(name for name in FEATURES if name not in _LISTED)

_EMPTY = np.array([], dtype=np.int32)


def without_page_view(example: Example) -> Example:
    """Take away what the whole page says."""
    return replace(example, page=Rows(_EMPTY, np.zeros(2, dtype=np.int32)))


def without_passage_view(example: Example) -> Example:
    """Take away what the passages say; how many there are stays."""
    starts = np.zeros(len(example.passages) + 1, dtype=np.int32)
    return replace(example, passages=Rows(_EMPTY, starts))


def without_numbers(names: Iterable[str]) -> Variant:
    """Return a variant whose numbers of these names are 0, as on a page that has none of it."""
    taken = set(names)
    kept = [name not in taken for name in FEATURES]

    def variant(example: Example) -> Example:
        numbers = zip(example.numbers, kept, strict=True)
        return replace(example, numbers=tuple(n if keep else 0.0 for n, keep in numbers))

    return variant


def shuffled(examples: Sequence[Example], seed: int) -> list[Example]:
    """Deal the labels out anew among groups, so that a group is on one side afterwards.

    As many groups are bait as were, where a group of both labels counts in part. Nothing stays
    planted: it would say which pages were bait.
    """
    sides: dict[str, list[bool]] = defaultdict(list)
    for e in examples:
        sides[e.source.group].append(e.source.is_bait)
    groups = sorted(sides)
    bait = round(sum(sum(pages) / len(pages) for pages in sides.values()))
    deck = ["bait"] * bait + ["ok"] * (len(groups) - bait)
    Random(seed).shuffle(deck)  # noqa: S311 - a draw that anyone may repeat
    dealt = dict(zip(groups, deck, strict=True))
    return [
        replace(
            e,
            source=replace(e.source, label=dealt[e.source.group], lure=""),
            planted=np.zeros(len(e.planted), dtype=bool),
        )
        for e in examples
    ]


def part_of(name: str, parts: int) -> int:
    """Say in which of so many parts a name falls: always the same one."""
    return int.from_bytes(sha256(name.encode("utf-8", "replace")).digest()[:8], "big") % parts


def thinned(generated: Sequence[Example], one_in: int) -> list[Example]:
    """Keep one in so many families of generated pages, each of them whole."""
    return [e for e in generated if part_of(e.source.pair, one_in) == 0]
