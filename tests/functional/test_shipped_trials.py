"""What ships, on hand-written endings it was never taught, in the judging pages' articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.artifact import load_artifact
from training.corpus import corpus_files, read_corpus
from training.evaluate import score_pages
from training.gate import below_floors, pages_digest, read_floors
from training.synthesis import Article
from training.trials import (
    ENDINGS,
    labelled_pages,
    read_endings,
    summarize_triples,
    trial_figures,
    trial_pages,
)

PAGES = Path(__file__).parents[1] / "pages"
# Characters; what is shorter is a caption, a date or a name.
SHORTEST = {"zh": 15, "ja": 15, "ko": 15}
SHORTEST_ELSEWHERE = 40


def article(page):
    """Take the prose of an article that stands in the judging pages as it is."""
    document, lang = page.document, page.saved.lang
    shortest = SHORTEST.get(lang, SHORTEST_ELSEWHERE)
    prose = tuple(
        document.text[block.start : block.end]
        for block in document.blocks
        if block.role in {"paragraph", "quote"}
        and not block.in_page_frame
        and block.end - block.start >= shortest
    )
    return Article(page.saved.id, document.title or page.saved.id, prose, lang, page.group)


@pytest.fixture(scope="module")
def triples():
    pages = read_corpus(corpus_files([PAGES]), drop_duplicates=False).pages
    bare = [page for page in pages if page.saved.extra.get("pair") == page.saved.id]
    return trial_pages([article(page) for page in bare], read_endings(), seed=0)


def test_the_floors_were_pinned_on_these_endings_and_articles():
    files = [*ENDINGS.glob("*.toml"), *corpus_files([PAGES])]
    assert read_floors()["trials"]["sha256"] == pages_digest(files)


def test_every_language_is_tried_with_more_than_one_article(triples):
    by_language = {}
    for triple in triples:
        by_language.setdefault(triple.lang, set()).add(triple.group)
    assert by_language.keys() == {path.stem for path in ENDINGS.glob("*.toml")}
    assert min(map(len, by_language.values())) >= 2


def test_the_shipped_model_holds_its_floors_on_endings_it_was_never_taught(triples):
    scored = list(score_pages(labelled_pages(triples), load_artifact()))
    summary = summarize_triples(triples, scored)
    assert summary["triples"] == len(triples)
    assert below_floors(trial_figures(summary), read_floors()["trials"]) == []
