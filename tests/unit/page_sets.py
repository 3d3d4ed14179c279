"""The two sets of pages that judge the model, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from model.saved import SavedPage, parse_saved_line

LANGUAGES = frozenset("en es pt fr de it nl pl tr ru ar hi id vi ko ja zh".split())
SETS = ("pages", "hard_pages")


@cache
def files_of(name: str) -> dict[str, tuple[SavedPage, ...]]:
    """Read a set's pages, by the stem of their file."""
    folder = Path(__file__).parents[1] / name
    return {
        path.stem: tuple(map(parse_saved_line, path.read_text("utf-8").splitlines()))
        for path in sorted(folder.glob("*.jsonl"))
    }


def pages_of(name: str) -> tuple[SavedPage, ...]:
    """Return all pages of a set."""
    return tuple(page for pages in files_of(name).values() for page in pages)
