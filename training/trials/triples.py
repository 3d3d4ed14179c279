"""Laying endings into articles: three pages that differ in the ending alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from model.document import parse_document
from model.page import Page
from model.saved import Label, SavedPage
from training.corpus import LabelledPage
from training.endings import Ending, EndingPair, Endings
from training.synthesis import Article
from training.trials.shapes import HTML_SHAPES, TEXT_STYLES, Sheet, text_page

# Where an ending is laid, in how many pages of ten.
_POSITIONS = {"end": 7, "middle": 2, "top": 1}


@dataclass(frozen=True, slots=True)
class Triple:
    """One article as it is, with bait, and with a lawful ending in the same place.

    ``pair`` names the endings, ``shape`` the markup or the style of the text; ``group`` is the unit
    that a split of the articles must not divide.
    """

    id: str
    lang: str
    group: str
    pair: EndingPair
    shape: str
    position: str
    bare: SavedPage
    bait: SavedPage
    lawful: SavedPage

    @property
    def pages(self) -> tuple[SavedPage, SavedPage, SavedPage]:
        """The three pages: bare, bait, lawful."""
        return self.bare, self.bait, self.lawful


def trial_pages(articles: Sequence[Article], endings: Sequence[Endings], seed: int) -> list[Triple]:
    """Lay endings into the articles of their language; the same arguments give the same pages.

    A language without an article or without endings has no triple. In the others every article and
    every pair of endings is used: the shorter list begins again where it ends. Half of the pages
    are text, half markup; seven endings of ten close their article.
    """
    of_language: dict[str, list[Article]] = defaultdict(list)
    for article in sorted(articles, key=lambda article: article.id):
        of_language[article.lang].append(article)
    return [
        triple
        for each in endings
        if of_language[each.lang]
        for triple in _of_language(of_language[each.lang], each, seed)
    ]


def _of_language(articles: list[Article], endings: Endings, seed: int) -> Iterator[Triple]:
    random = Random(f"{seed} {endings.lang}")  # noqa: S311 - nothing secret
    count = max(len(articles), len(endings.pairs))
    pairs = random.sample(endings.pairs, len(endings.pairs))
    articles = random.sample(articles, len(articles))
    shapes = _spread([*TEXT_STYLES], (count + 1) // 2) + _spread([*HTML_SHAPES], count // 2)
    random.shuffle(shapes)
    positions = random.choices([*_POSITIONS], weights=[*_POSITIONS.values()], k=count)
    for number in range(count):
        article, pair = articles[number % len(articles)], pairs[number % len(pairs)]
        name = f"{endings.lang}-{number:05d}"
        yield _triple(name, article, pair, endings, shapes[number], positions[number])


def _spread(names: list[str], count: int) -> list[str]:
    return [names[number % len(names)] for number in range(count)]


def _triple(
    name: str, article: Article, pair: EndingPair, endings: Endings, shape: str, position: str
) -> Triple:
    prose = article.paragraphs
    place = _place(position, len(prose))
    bare = Sheet(article.title, prose, article.lang, f"{name}.pages.example", endings.site)

    def page(side: str, label: Label, ending: Ending | None) -> SavedPage:
        laid = () if ending is None else (ending,)
        sheet = replace(bare, blocks=(*prose[:place], *laid, *prose[place:]))
        return SavedPage(
            id=f"{name}-{side}",
            page=_lay(sheet, shape),
            label=label,
            group=article.group,
            lang=article.lang,
            lure=pair.lure if label == "bait" else None,
            extra={"pair": name, "kind": side if ending is None else ending.kind},
        )

    return Triple(
        name,
        article.lang,
        article.group,
        pair,
        shape,
        position,
        bare=page("bare", "ok", None),
        bait=page("bait", "bait", pair.bait),
        lawful=page("lawful", "ok", pair.lawful),
    )


def _place(position: str, paragraphs: int) -> int:
    """Return how many paragraphs stand before the ending."""
    if position == "top":
        return 0
    return (paragraphs + 1) // 2 if position == "middle" else paragraphs


def _lay(sheet: Sheet, shape: str) -> Page:
    if shape in TEXT_STYLES:
        return Page.from_text(text_page(sheet, shape))
    return Page.from_html(HTML_SHAPES[shape](sheet), f"https://{sheet.host}/2025/10/87")


def labelled_pages(triples: Iterable[Triple]) -> Iterator[LabelledPage]:
    """Yield the pages of triples, parsed, as those of a corpus are; bare, bait, lawful of each."""
    for triple in triples:
        for saved in triple.pages:
            yield LabelledPage(saved, parse_document(saved.page))
