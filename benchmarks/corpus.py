"""The saved pages that benchmarks measure on: a fixed choice of any corpus."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from model.saved import SavedPage, parse_saved_line

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_corpus(folder: Path) -> Iterator[SavedPage]:
    """Yield every saved page of a folder's .jsonl and .jsonl.gz files, in the files' order."""
    for path in sorted((*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz"))):
        content = path.read_bytes()
        for line in (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines():
            yield parse_saved_line(line)


def choose_pages(folder: Path, count: int) -> list[SavedPage]:
    """Choose up to ``count`` HTML pages, the same ones on every run, one a group before a second.

    The order is that of a digest of their ids, so a choice of 100 is part of a choice of 200.
    """
    seen: dict[str, int] = {}
    ranked = []
    markup = (saved for saved in read_corpus(folder) if saved.page.media_type == "text/html")
    for saved in sorted(markup, key=_digest):
        group = saved.group or saved.id
        seen[group] = seen.get(group, 0) + 1
        ranked.append((seen[group], saved))
    ranked.sort(key=lambda pair: pair[0])
    return [saved for _, saved in ranked[:count]]


def _digest(saved: SavedPage) -> str:
    return hashlib.sha256(saved.id.encode()).hexdigest()
