"""Generated pages for training: bait and honest twins, laid into the corpus's honest articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model.document import Document, parse_document
from model.page import Page
from training.corpus import LabelledPage
from training.examples import Example, Source, make_example
from training.progress import Tell, counted, silent
from training.synthesis import LANGUAGES, Article, Generated, generate

_SHORTEST = 80  # characters of a paragraph, where words are written letter by letter
_LONGEST = 700
# Scripts that say as much in fewer signs: a paragraph of theirs is as long as one of others.
_DENSER = {"zh": 3, "ja": 3, "ko": 2}
_FEWEST_PARAGRAPHS = 3
_MOST_PARAGRAPHS = 40


def articles_of(pages: Sequence[LabelledPage]) -> list[Article]:
    """Take articles from honest pages: their prose, where there is enough of it."""
    return [
        article
        for page in pages
        if page.label == "ok" and page.saved.lang in LANGUAGES
        if (article := _article(page)) is not None
    ]


def _article(page: LabelledPage) -> Article | None:
    document = page.document
    lang = page.saved.lang or ""
    paragraphs = tuple(_prose(document, _DENSER.get(lang, 1)))[:_MOST_PARAGRAPHS]
    if len(paragraphs) < _FEWEST_PARAGRAPHS:
        return None
    title = document.title or document.text[:80].partition("\n")[0]
    return Article(page.saved.id, title, paragraphs, lang, page.group)


def _prose(document: Document, denser: int) -> Iterator[str]:
    shortest, longest = _SHORTEST // denser, _LONGEST // denser
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if len(text) < shortest or block.in_page_frame or block.role not in {"paragraph", "quote"}:
            continue
        while len(text) > longest:
            ends = (text.rfind(stop, shortest, longest) + 1 for stop in (". ", "。", "！", "？"))
            stop = max(ends) or longest
            yield text[:stop].strip()
            text = text[stop:]
        if len(text) >= shortest:
            yield text.strip()


def generated_pages(
    articles: Sequence[Article],
    count: int,
    seed: int,
    *,
    progress: Tell = silent,
) -> list[Generated]:
    """Generate pages; the same articles, count and seed give the same ones."""
    pages = generate(articles, count=count, seed=seed)
    return list(counted(pages, "generating pages", progress, total=count))


def from_generated(page: Generated) -> Example:
    """Make the example of a generated page; its campaign is the site its article is from."""
    source = Source(
        id=page.id,
        label=page.label,
        group=page.article_group,
        lang=page.lang,
        lure=page.lure or "",
        real=False,
        kind=page.purpose,
        pair=page.pair,
        template=page.template,
        passage=page.passage,
    )
    saved = (
        Page.from_html(page.html, page.url)
        if page.html is not None
        else Page.from_text(page.text or "", page.url)
    )
    return make_example(source, parse_document(saved), page.planted)
