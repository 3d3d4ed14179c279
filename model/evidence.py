"""Evidence: the words and links a verdict rests on, and the page without them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np

from model.document import Block, Document, Link
from model.features import Reading
from model.passages import Passage, Unit
from model.scorer import Scored, Scorer
from model.verdict import Evidence

_MOST_LINKS = 3  # of one passage
_QUOTE_CHARACTERS = 600
_NEARLY = 0.1  # of a passage's strength may go with the units that are dropped

Span = tuple[int, int]


def strongest_units(reading: Reading, scored: Scored, scorer: Scorer) -> Iterator[Span]:
    """Yield disjoint runs of units (first, last; both included), the strongest for bait first.

    Each is one of the strongest passages, without the units at its edges that weaken it. The
    passage view is local, so a passage's strength does not depend on the rest.
    """
    taken: set[int] = set()
    odds = scored.prediction.passage_odds
    for index in sorted(range(len(odds)), key=odds.__getitem__, reverse=True):
        passage = reading.passages[index]
        if taken.isdisjoint(range(passage.first, passage.last + 1)):
            first, last = _without_weak_edges(passage, scored, odds[index], scorer)
            taken.update(range(first, last + 1))
            yield first, last


def _without_weak_edges(passage: Passage, scored: Scored, odds: float, scorer: Scorer) -> Span:
    """Drop units at a passage's edges that speak against bait and that it hardly needs."""

    first, last = passage.first, passage.last
    while first < last:
        shorter = [(first + 1, last), (first, last - 1)]
        runs = [range(a, b + 1) for a, b in (*shorter, (first, first), (last, last))]
        without, alone = np.split(scorer.run_odds(scored.hashed, runs), 2)
        without[alone >= scorer.passage.intercept] = -np.inf  # what a unit of no words has
        if without.max() < odds - _NEARLY * abs(odds):
            break
        odds = max(odds, float(without.max()))
        first, last = shorter[int(without.argmax())]
    return first, last


def quote_units(document: Document, units: Sequence[Unit]) -> list[Evidence]:
    """Quote a run of units: their text, and their links that lead elsewhere."""
    text = document.text[units[0].start : units[-1].end]
    start = units[0].start + len(text) - len(text.lstrip())
    words = text.strip()[:_QUOTE_CHARACTERS].rstrip()
    quotes = []
    if words:
        quotes.append(Evidence("text", words, None, start, start + len(words)))
    links = {d.link.href: d.link for unit in units for d in unit.destinations if d.is_elsewhere}
    return quotes + [_quote_link(document, link) for link in list(links.values())[:_MOST_LINKS]]


def _quote_link(document: Document, link: Link) -> Evidence:
    if link.hidden:
        return Evidence("hidden", link.text, link.href)
    if link.start < link.end:
        words = document.text[link.start : link.end]
        return Evidence("link", words, link.href, link.start, link.end)
    return Evidence("link", link.text, link.href)


def without_units(document: Document, runs: Sequence[Sequence[Unit]]) -> Document:
    """Return the document as if these runs of units, and the links in them, had not been there."""
    spans = sorted((run[0].start, run[-1].end) for run in runs)
    gone = {id(d.link) for run in runs for unit in run for d in unit.destinations}
    texts, last = [], 0
    for start, end in spans:
        texts.append(document.text[last:start])
        last = end
    texts.append(document.text[last:])

    starts = [start for start, _ in spans]
    gone_before = [0, *accumulate(end - start for start, end in spans)]

    def moved(position: int) -> int:
        after = bisect_left(starts, position)
        if not after:
            return position
        return position - gone_before[after] + max(0, spans[after - 1][1] - position)

    blocks = (
        Block(moved(b.start), moved(b.end), b.role, b.in_page_frame, b.in_noscript)
        for b in document.blocks
    )
    return replace(
        document,
        text="".join(texts),
        blocks=tuple(block for block in blocks if block.start < block.end),
        links=tuple(
            Link(k.text, k.href, k.role, moved(k.start), moved(k.end), k.hidden, k.rel)
            for k in document.links
            if id(k) not in gone
        ),
        images=tuple(replace(i, position=moved(i.position)) for i in document.images),
        forms=tuple(replace(f, position=moved(f.position)) for f in document.forms),
        hidden=tuple(replace(h, position=moved(h.position)) for h in document.hidden),
    )
