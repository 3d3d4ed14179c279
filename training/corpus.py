"""Reading a corpus: saved pages with labels, without duplicates, campaigns kept small."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.document import Document, parse_document
from model.saved import SavedPage, UnreadablePage, parse_saved_line
from training.apart import apart_from
from training.duplicates import KeptPages
from training.moderation import Review, cap_people, settle_votes, weigh_labels
from training.progress import Tell, counted, silent

LARGEST_CAMPAIGN = 40


class NoCorpus(Exception):
    """The folder holds no labelled saved pages; the message says where they were looked for."""


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One saved page with its label, parsed. ``group`` is its campaign or its site.

    ``labelled_by`` names the moderators who gave the label, nobody where it is the operator's own;
    ``weight`` is how much of a page's usual weight it has in training.
    """

    saved: SavedPage
    document: Document
    labelled_by: tuple[str, ...] = ()
    weight: float = 1.0

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
    """The pages that are left, what was dropped and why, and a digest of each file read.

    ``unread`` names each line and file that could not be read, and why: ``FILE:LINE: why``.
    ``disputed`` are the moderators' labels that others contradict.
    """

    pages: tuple[LabelledPage, ...]
    dropped: dict[str, int]
    digests: dict[str, str]
    unread: tuple[str, ...] = ()
    disputed: tuple[Review, ...] = ()


def corpus_files(folders: Sequence[Path]) -> list[Path]:
    """Find the saved-page files below folders (or given by name), each once, in a fixed order."""
    files: dict[Path, None] = {}
    for folder in folders:
        found = sorted(filter(_is_pages, folder.rglob("*"))) if folder.is_dir() else [folder]
        files |= dict.fromkeys(found)
    if not files:
        raise NoCorpus(
            f"No .jsonl or .jsonl.gz file lies in {', '.join(map(str, folders))}: "
            "name a file or a folder of saved pages."
        )
    return list(files)


def _is_pages(path: Path) -> bool:
    return path.name.lower().endswith((".jsonl", ".jsonl.gz")) and path.is_file()


def read_corpus(
    files: Iterable[Path],
    *,
    drop_duplicates: bool = True,
    trusted: Collection[str] = (),
    apart: Sequence[LabelledPage] = (),
    progress: Tell = silent,
) -> Corpus:
    """Read labelled pages, drop what cannot be used, and say how many were dropped and why.

    Labels of moderators pass their guards, but for those of the ``trusted``. Pages of the
    campaigns, the sites or the words of those kept ``apart`` are dropped.

    To judge a set as it is, keep its duplicates and its large campaigns: minimal pairs are nearly
    the same by intent. Raises NoCorpus where no page is left.
    """
    reader = _Reader()
    pages = list(_read(list(files), reader, progress))
    disputed: tuple[Review, ...] = ()
    if drop_duplicates and pages:
        pages, disputed = _to_learn_from(pages, trusted, apart, reader.dropped, progress)
    if not pages:
        raise NoCorpus(_nothing_left(reader))
    return Corpus(
        tuple(pages), dict(reader.dropped), reader.digests, tuple(reader.unread), disputed
    )


def _to_learn_from(
    pages: Sequence[LabelledPage],
    trusted: Collection[str],
    apart: Sequence[LabelledPage],
    dropped: Counter[str],
    progress: Tell,
) -> tuple[list[LabelledPage], tuple[Review, ...]]:
    settled = settle_votes(pages, trusted)
    dropped.update(review.why for review in settled.disputed)
    rest = apart_from(settled.pages, apart, dropped)
    watched = counted(rest, "looking for duplicates", progress, total=len(rest))
    kept = list(_cap_campaigns(_without_duplicates(watched, dropped), dropped))
    return weigh_labels(cap_people(kept, dropped), dropped), settled.disputed


def _read(files: Sequence[Path], reader: _Reader, progress: Tell) -> Iterator[LabelledPage]:
    names = _names_below(files)
    lines = (line for path in files for line in reader.lines(path, names[path]))
    for where, line in counted(lines, "reading the corpus", progress):
        page = reader.page(where, line)
        if page is not None:
            yield page


def saved_pages(
    files: Iterable[Path], name_unread: Callable[[str], object]
) -> Iterator[LabelledPage]:
    """Yield every page of the files as it is, labelled or not; its label may then be ''.

    ``name_unread`` is told at the end what could not be read, as ``Corpus.unread`` has it.
    """
    reader = _Reader()
    for path in files:
        for where, line in reader.lines(path, path.name):
            page = reader.page(where, line, labelled=False)
            if page is not None:
                yield page
    for name in reader.unread:
        name_unread(name)


def _names_below(files: Sequence[Path]) -> dict[Path, str]:
    """Name each file by where it lies below the folder that all of them lie in."""
    if not files:
        return {}
    folder = os.path.commonpath([path.absolute().parent for path in files])
    return {path: path.absolute().relative_to(folder).as_posix() for path in files}


def _nothing_left(reader: _Reader) -> str:
    why = ", ".join(f"{count:,} {reason}" for reason, count in reader.dropped.items())
    first = f"; the first unread: {reader.unread[0]}" if reader.unread else ""
    return (
        f"The files hold no page with a label and something to read ({why or 'they are empty'}"
        f'{first}). Give each saved page a "label": "bait" or "ok".'
    )


class _Reader:
    """Reads file after file, and keeps count of what could not be used."""

    def __init__(self) -> None:
        self.dropped: Counter[str] = Counter()
        self.digests: dict[str, str] = {}
        self.unread: list[str] = []

    def lines(self, path: Path, name: str) -> Iterator[tuple[str, bytes]]:
        """Yield each line with its name; what is broken about the file ends it early."""
        digest = hashlib.sha256()
        try:
            with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as lines:
                for number, line in enumerate(lines, start=1):
                    if line.strip():
                        digest.update(line)
                        yield f"{path}:{number}", line
        except (OSError, EOFError, zlib.error) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error)
            self._drop_unread(str(path), why)
        self.digests[name] = digest.hexdigest()

    def page(self, name: str, line: bytes, *, labelled: bool = True) -> LabelledPage | None:
        """Parse one line; None for one that is of no use, as one without a label may be."""
        try:
            saved = parse_saved_line(line)
        except UnreadablePage as error:
            self._drop_unread(name, str(error))
            return None
        if labelled and saved.label is None:
            self.dropped["no label"] += 1
            return None
        document = parse_document(saved.page)
        if not document.text and not document.links:
            self.dropped["nothing to read"] += 1
            return None
        by = saved.extra.get("labelled_by")
        return LabelledPage(saved, document, () if by is None else (str(by) or "(unnamed)",))

    def _drop_unread(self, name: str, why: str) -> None:
        self.dropped["unreadable"] += 1
        self.unread.append(f"{name}: {why}")


def _without_duplicates(
    pages: Iterable[LabelledPage], dropped: Counter[str]
) -> Iterator[LabelledPage]:
    kept = KeptPages()
    for page in pages:
        same = kept.keep(page.label, page.document.text, page.saved.page.body)
        if same:
            dropped[same] += 1
        else:
            yield page


def _cap_campaigns(pages: Iterable[LabelledPage], dropped: Counter[str]) -> Iterator[LabelledPage]:
    taken: dict[str, int] = defaultdict(int)
    for page in pages:
        taken[page.group] += 1
        if taken[page.group] > LARGEST_CAMPAIGN:
            dropped["campaign or site too large"] += 1
        else:
            yield page
