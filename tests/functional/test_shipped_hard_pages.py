"""What ships, on whole pages written to be mistaken: no worse than it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.artifact import load_artifact
from training.corpus import corpus_files, read_corpus
from training.evaluate import score_pages
from training.gate import below_floors, figures, pages_digest, read_floors
from training.metrics import summarize

FILES = corpus_files([Path(__file__).parents[1] / "hard_pages"])


@pytest.fixture(scope="module")
def scored():
    pages = read_corpus(FILES, drop_duplicates=False).pages
    scored = list(score_pages(pages, load_artifact()))
    assert len(scored) == len(pages), "every page can be judged"
    return scored


def test_the_floors_were_pinned_on_these_pages():
    assert read_floors()["hard_pages"]["sha256"] == pages_digest(FILES)


def test_the_floors_hold(scored):
    assert below_floors(figures(summarize(scored)), read_floors()["hard_pages"]) == []
