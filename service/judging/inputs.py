"""What people hand over to be judged, read piece by piece: files of pages, JSON Lines, a pipe."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from model.page import Page
from model.saved import SavedPage, parse_saved_line

# Far above any page that is judged whole, and small enough that a window of them fits in memory.
MAX_INPUT_BYTES = 64 * 2**20

InputKind = Literal["html", "text", "line"]

_KINDS: dict[str, InputKind] = {".html": "html", ".htm": "html", ".txt": "text"}


@dataclass(frozen=True, slots=True)
class Input:
    """One page to judge, not understood yet. ``name`` is FILE or FILE:LINE."""

    name: str
    kind: InputKind
    content: bytes


@dataclass(frozen=True, slots=True)
class Unread:
    """One input without an answer, and why."""

    name: str
    because: str


def read_inputs(paths: Iterable[str], stdin: BinaryIO) -> Iterator[Input | Unread]:
    """Read every path in order; ``-`` is ``stdin``, as JSON Lines.

    Holds one page at a time. What cannot be read becomes an Unread, and reading goes on after it.
    """
    for path in paths:
        try:
            yield from _read_path(path, stdin)
        except (OSError, EOFError, zlib.error) as error:  # EOFError: a .gz that was cut off
            because = (error.strerror if isinstance(error, OSError) else None) or str(error)
            yield Unread(path, because)
        except ValueError:  # a path with a NUL
            yield Unread(path, "not a file name")


def parse_input(item: Input) -> SavedPage:
    """Understand one input as a saved page; a file is named as it was given.

    Raises UnreadablePage for a line that holds no saved page.
    """
    if item.kind == "line":
        return parse_saved_line(item.content, default_id=item.name)
    make = Page.from_html if item.kind == "html" else Page.from_text
    return SavedPage(item.name, make(item.content))


def _read_path(path: str, stdin: BinaryIO) -> Iterator[Input | Unread]:
    name = path.lower()
    if path == "-":
        yield from _read_lines(path, stdin)
    elif name.endswith(".jsonl"):
        with Path(path).open("rb") as file:
            yield from _read_lines(path, file)
    elif name.endswith(".jsonl.gz"):
        with gzip.open(path, "rb") as unpacked:
            yield from _read_lines(path, unpacked)
    elif kind := _KINDS.get(Path(name).suffix):
        yield _read_whole(path, kind)
    else:
        yield Unread(path, "only .html, .htm, .txt, .jsonl and .jsonl.gz are read")


def _read_whole(path: str, kind: InputKind) -> Input | Unread:
    with Path(path).open("rb") as file:
        content = file.read(MAX_INPUT_BYTES + 1)
    return _bounded(path, kind, content)


def _read_lines(path: str, file: BinaryIO | gzip.GzipFile) -> Iterator[Input | Unread]:
    number = 0
    while line := file.readline(MAX_INPUT_BYTES + 1):
        number += 1
        rest = line
        while len(rest) > MAX_INPUT_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_INPUT_BYTES + 1)
        if not line.isspace():
            yield _bounded(f"{path}:{number}", "line", line)


def _bounded(name: str, kind: InputKind, content: bytes) -> Input | Unread:
    if len(content) > MAX_INPUT_BYTES:
        return Unread(name, f"larger than {MAX_INPUT_BYTES // 2**20} MiB")
    return Input(name, kind, content)
