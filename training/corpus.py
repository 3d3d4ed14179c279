"""Reading a corpus: saved pages with labels, without duplicates, campaigns kept small."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rensa import RMinHash, RMinHashLSH

from model.document import Document, parse_document
from model.normalize import normalize
from model.saved import SavedPage, UnreadablePage, parse_saved_line

_PERMUTATIONS = 128
_NEAR = 0.9  # Jaccard similarity of word triples from which two pages are one
LARGEST_CAMPAIGN = 40


class NoCorpus(Exception):
    """The folder holds no labelled saved pages; the message says where they were looked for."""


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One saved page with its label, parsed. ``group`` is its campaign or its site."""

    saved: SavedPage
    document: Document

    @property
    def label(self) -> str:
        """``bait`` or ``ok``."""
        return self.saved.label or ""

    @property
    def group(self) -> str:
        """The campaign or site; a page without one stands for itself."""
        return self.saved.group or self.saved.id


@dataclass(frozen=True, slots=True)
class Corpus:
    """The pages that are left, what was dropped and why, and a digest of each file read."""

    pages: tuple[LabelledPage, ...]
    dropped: dict[str, int]
    digests: dict[str, str]


def corpus_files(folders: Sequence[Path]) -> list[Path]:
    """Find the saved-page files below folders (or given by name), in a fixed order."""
    files: list[Path] = []
    for folder in folders:
        if folder.is_file():
            files.append(folder)
        else:
            files += sorted([*folder.rglob("*.jsonl"), *folder.rglob("*.jsonl.gz")])
    if not files:
        raise NoCorpus(
            f"No .jsonl or .jsonl.gz file lies in {', '.join(map(str, folders))}: "
            "name a folder of saved pages with --corpus."
        )
    return files


def read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a saved-page file that hold anything."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        yield from (line for line in lines if line.strip())


def read_corpus(files: Iterable[Path], *, drop_duplicates: bool = True) -> Corpus:
    """Read labelled pages, drop what cannot be used, and say how many were dropped and why.

    To judge a set as it is, keep its duplicates: minimal pairs are nearly the same by intent.
    """
    dropped: Counter[str] = Counter()
    digests = {}
    pages: list[LabelledPage] = []
    for path in files:
        digest = hashlib.sha256()
        for line in read_lines(path):
            digest.update(line)
            try:
                saved = parse_saved_line(line)
            except UnreadablePage:
                dropped["unreadable"] += 1
                continue
            if saved.label is None:
                dropped["no label"] += 1
                continue
            document = parse_document(saved.page)
            if not document.text and not document.links:
                dropped["nothing to read"] += 1
                continue
            pages.append(LabelledPage(saved, document))
        digests[path.name] = digest.hexdigest()
    if not pages:
        raise NoCorpus("The files hold no page with a label and something to read.")
    kept = _without_duplicates(pages, dropped) if drop_duplicates else pages
    return Corpus(tuple(_cap_campaigns(kept, dropped)), dict(dropped), digests)


def _without_duplicates(pages: list[LabelledPage], dropped: Counter[str]) -> list[LabelledPage]:
    """Keep the first of pages whose words are the same, or nearly (MinHash, Jaccard 0.9)."""
    index = RMinHashLSH(threshold=_NEAR, num_perm=_PERMUTATIONS, num_bands=16)
    sketches: list[RMinHash] = []
    kept: list[LabelledPage] = []
    seen: set[tuple[str, str]] = set()
    for page in pages:
        words = re.findall(r"\w+", normalize(page.document.text[:20_000]))
        text = " ".join(words) or page.saved.page.body.hex()
        if (page.label, text) in seen:
            dropped["same text"] += 1
            continue
        seen.add((page.label, text))
        sketch = RMinHash(num_perm=_PERMUTATIONS, seed=1)
        sketch.update([" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))])
        near = any(
            kept[other].label == page.label and sketch.jaccard(sketches[other]) >= _NEAR
            for other in index.query(sketch)
        )
        if near:
            dropped["nearly the same text"] += 1
            continue
        index.insert(len(kept), sketch)
        sketches.append(sketch)
        kept.append(page)
    return kept


def _cap_campaigns(pages: list[LabelledPage], dropped: Counter[str]) -> Iterator[LabelledPage]:
    taken: dict[str, int] = defaultdict(int)
    for page in pages:
        taken[page.group] += 1
        if taken[page.group] > LARGEST_CAMPAIGN:
            dropped["campaign or site too large"] += 1
        else:
            yield page
