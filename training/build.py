"""From a corpus to everything that is fitted: examples, real and generated, and what they were."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.augment import articles_of, from_generated, generated_pages
from training.copies import copies_of, from_copy
from training.corpus import Corpus, LabelledPage, corpus_files, read_corpus
from training.examples import Example, from_corpus, in_parallel
from training.folds import refuse_one_sided
from training.moderation import Review
from training.progress import Tell, counted
from training.synthesis import Generated


@dataclass(frozen=True, slots=True)
class Material:
    """Examples to learn from, and the facts of where they came from for the manifest."""

    real: tuple[Example, ...]
    generated: tuple[Example, ...]
    facts: dict[str, object]
    copies: tuple[Example, ...] = ()  # of the real ones, among other words and by other ways
    dropped: Mapping[str, int] = field(default_factory=dict)  # saved pages left out, by reason
    unread: tuple[str, ...] = ()  # names of lines and files that could not be read, and why
    disputed: tuple[Review, ...] = ()  # moderators' labels that others contradict

    @property
    def examples(self) -> list[Example]:
        """All of them, the real ones first."""
        return [*self.real, *self.generated, *self.copies]


def build_material(
    folders: Sequence[Path],
    *,
    generated: int,
    seed: int,
    progress: Tell,
    trusted: Collection[str] = (),
    apart: Sequence[LabelledPage] = (),
) -> Material:
    """Read a corpus and generate ``generated`` pages from its honest articles.

    ``trusted`` and ``apart`` are as in ``read_corpus``. Raises NoCorpus where there is no corpus,
    TooLittleToLearn where a label or its variety is missing.
    """
    files = corpus_files(folders)
    corpus = read_corpus(files, trusted=trusted, apart=apart, progress=progress)
    return material_of(corpus, generated=generated, seed=seed, progress=progress)


def material_of(corpus: Corpus, *, generated: int, seed: int, progress: Tell) -> Material:
    """Make the material of a corpus that was read; ``real`` has an example a page, in its order.

    Raises TooLittleToLearn where a label or its variety is missing.
    """
    refuse_one_sided([p.group for p in corpus.pages], [p.label == "bait" for p in corpus.pages])
    closely = counted(corpus.pages, "reading pages closely", progress, total=len(corpus.pages))
    real = in_parallel(from_corpus, closely)
    articles = articles_of(corpus.pages)
    pages = generated_pages(articles, generated, seed, progress=progress)
    reread = counted(pages, "reading generated pages closely", progress, total=len(pages))
    examples = in_parallel(from_generated, reread)
    copies = copies_of(corpus.pages, articles, seed) if generated else []
    again = counted(copies, "reading copies closely", progress, total=len(copies))
    return Material(
        tuple(real),
        tuple(examples),
        {**_facts(corpus, pages, seed), "copies": len(copies)},
        tuple(in_parallel(from_copy, again)),
        corpus.dropped,
        corpus.unread,
        corpus.disputed,
    )


def _facts(corpus: Corpus, pages: Sequence[Generated], seed: int) -> dict[str, object]:
    return {
        "seed": seed,
        "data": {
            "files": corpus.digests,
            "dropped": corpus.dropped,
            "bait": sum(page.label == "bait" for page in corpus.pages),
            "ok": sum(page.label == "ok" for page in corpus.pages),
            "campaigns": len({p.group for p in corpus.pages if p.label == "bait"}),
            "sites": len({p.group for p in corpus.pages if p.label == "ok"}),
            "languages": _languages(corpus.pages),
        },
        "generated": {
            "bait": sum(page.label == "bait" for page in pages),
            "ok": sum(page.label == "ok" for page in pages),
            "languages": len({page.lang for page in pages}),
            "sha256": _digest(pages),
        },
    }


def _languages(pages: Sequence[LabelledPage]) -> int:
    return len({page.saved.lang for page in pages if page.saved.lang})


def _digest(pages: Sequence[Generated]) -> str:
    digest = hashlib.sha256()
    for page in pages:
        digest.update((page.html or page.text or "").encode("utf-8", errors="replace"))
    return digest.hexdigest()
