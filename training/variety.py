"""How much the generator varies: distinct wordings, near copies, distances between templates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from model.document import parse_document
from model.page import Page
from training.duplicates import KeptPages
from training.synthesis import Generated

_RUN = 4  # words of a wording that counts as one
_TAG = re.compile(r"<(/?[a-z][a-z0-9]*)(?:[^<>]*?\sclass=[\"']?([^\"'>]*))?", re.IGNORECASE)
# What a line of plain text is, by how it begins; the rest by its length.
_LINE = re.compile(r"(#+ |- |\d+\. |> |!?\[|<!--|https?://|[-=*~]{3,}$|“|© )")
_SHORT_LINE = 60
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿]")  # scripts that do not part their words


@dataclass(frozen=True, slots=True)
class Variety:
    """What was counted in one language.

    ``wordings``: distinct runs of four planted words (of four letters in unspaced scripts) for
    each bait page. ``near_passages``: the share of bait pages whose planted words are nearly those
    of an earlier one. ``near_pages``: the share of whole pages that are nearly an earlier one with
    the same label; of a family, which is alike by intent, one page of each label is counted.
    """

    lang: str
    pages: int
    wordings: float
    near_passages: float
    near_pages: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A template and the one nearest to it; ``similarity`` is Jaccard's, of triples of marks."""

    template: str
    nearest: str
    similarity: float


def measure_variety(pages: Iterable[Generated]) -> tuple[Variety, ...]:
    """Measure each language of the pages, in the order of their codes.

    Only what the grammar says is measured: hand-written passages come again by intent.
    """
    by_language: dict[str, list[Generated]] = defaultdict(list)
    for page in pages:
        if not page.passage:
            by_language[page.lang].append(page)
    return tuple(_variety(lang, by_language[lang]) for lang in sorted(by_language))


def _variety(lang: str, pages: Sequence[Generated]) -> Variety:
    planted = [_wording(page.planted) for page in pages if page.planted]
    wordings = {run for text in planted for run in _runs(text)}
    shelf = KeptPages()
    copies = sum(shelf.keep("bait", text, b"") is not None for text in planted)
    counted = list(_one_of_each_label(pages))
    near = sum(shelf.keep(f"whole {p.label}", _visible(p), b"") is not None for p in counted)
    bait = max(1, len(planted))
    return Variety(
        lang, len(pages), len(wordings) / bait, copies / bait, near / max(1, len(counted))
    )


def _wording(planted: Sequence[str]) -> str:
    """Join the planted words; addresses are random and would count as variety."""
    return " ".join(words for words in planted if "/" not in words or " " in words)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    found = re.findall(r"\w+", text)
    if _UNSPACED.search(text):
        found = list("".join(found))
    return zip(*(found[start:] for start in range(_RUN)), strict=False)


def _one_of_each_label(pages: Sequence[Generated]) -> Iterator[Generated]:
    for _, family in groupby(pages, key=attrgetter("pair")):
        seen = set()
        for page in family:
            if page.label not in seen:
                seen.add(page.label)
                yield page


def _visible(page: Generated) -> str:
    if page.html is None:
        return page.text or ""
    return parse_document(Page.from_html(page.html, page.url)).text


def nearest_templates(pages: Iterable[Generated]) -> tuple[Neighbour, ...]:
    """Find for each template the one whose pages are built most alike, the nearest pair first."""
    marks: dict[tuple[bool, str], set[tuple[str, ...]]] = defaultdict(set)
    for page in pages:
        marks[page.html is not None, page.template].update(_shape(page))
    found = []
    for (markup, name), shape in marks.items():
        others = {other: s for (m, other), s in marks.items() if m == markup and other != name}
        if others:
            found.append(_nearest(name, shape, others))
    return tuple(sorted(found, key=lambda n: -n.similarity))


def _nearest(
    name: str, shape: set[tuple[str, ...]], others: Mapping[str, set[tuple[str, ...]]]
) -> Neighbour:
    alike = {o: len(shape & s) / max(1, len(shape | s)) for o, s in others.items()}
    nearest = max(alike, key=lambda other: alike[other])
    return Neighbour(name, nearest, alike[nearest])


def _shape(page: Generated) -> Iterator[tuple[str, ...]]:
    """Give the triples of a page's marks: tags with their classes, or what its lines begin with."""
    if page.html is not None:
        marks = [f"{m[1]}.{m[2] or ''}" for m in _TAG.finditer(page.html)]
    else:
        marks = [_mark(line) for line in (page.text or "").splitlines() if line.strip()]
        marks = ["", *marks, ""]
    return zip(marks, marks[1:], marks[2:], strict=False)


def _mark(line: str) -> str:
    if found := _LINE.match(line):
        return re.sub(r"\d+", "1", found[1].strip()[:3])
    return "short" if len(line) < _SHORT_LINE else "long"
