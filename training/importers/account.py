"""The account of an import: lines that were written with their digest, and what was left out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from model.saved import SavedPage, dump_saved_page

# As much as a page may have; the service's own fetches stop at half of it.
MOST_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that became no page. ``name`` says which, where somebody should mend it."""

    why: str
    name: str = ""


Imported = SavedPage | LeftOut


class Account:
    """Counts an import; ``digest`` is that of a corpus file in a manifest."""

    def __init__(self) -> None:
        self.pages: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.unread = False
        self._digest = hashlib.sha256()

    @property
    def digest(self) -> str:
        """The SHA-256 of the lines, hexadecimal."""
        return self._digest.hexdigest()

    def write(self, found: Iterable[Imported], put: Callable[[str], object]) -> Iterator[LeftOut]:
        """Put each page's line, and yield what cannot be read, for somebody to be told of."""
        for one in found:
            if isinstance(one, LeftOut):
                self.left_out[one.why] += 1
                if one.name:
                    self.unread = True
                    yield one
                continue
            line = dump_saved_page(one)
            self._digest.update(line.encode() + b"\n")
            self.pages[one.label or "no label"] += 1
            put(line)

    def lines(self) -> Iterator[str]:
        """Say what came of the import, for people."""
        labels = ", ".join(f"{count:,} {label}" for label, count in sorted(self.pages.items()))
        yield f"{self.pages.total():,} pages written{f' ({labels})' if labels else ''}"
        yield f"sha256 {self.digest}"
        for why, count in self.left_out.most_common():
            yield f"left out, {why}: {count:,}"
