"""Tables of labels: a CSV that names saved pages in a folder, or labels addresses."""

from __future__ import annotations

import csv
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, get_args

from model.page import Page
from model.saved import Label, LureLabel, SavedPage
from model.url import InvalidUrl, canonicalize_url, registrable_domain
from training.importers.account import MOST_BYTES, Imported, LeftOut

_SUFFIXES = {".html": Page.from_html, ".htm": Page.from_html, ".txt": Page.from_text}
_EXTRA = ("kind", "labelled_by")
_LONGEST_HEADING = 10_000


class TableRefused(Exception):
    """The table as a whole cannot be used; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class AddressLabel:
    """What a table says of an address."""

    label: Label
    group: str | None


def pages_of_table(table: TextIO, folder: Path) -> Iterator[Imported]:
    """Read the pages that a table names below a folder, row by row.

    A row that cannot be used is left out with its number and why. Raises TableRefused.
    """
    for number, row in _rows(table, {"file", "label"}):
        where = f"row {number}"
        if row is None:
            yield LeftOut("a row that is broken", where)
            continue
        try:
            yield _page(row, folder)
        except _Unusable as error:
            yield LeftOut(str(error), f"{where} ({row['file']})")


def labels_of_table(table: TextIO) -> tuple[dict[str, AddressLabel], list[LeftOut]]:
    """Read a table of labels by canonical address, and what of it cannot be used.

    An address that is labelled both ways is left out. Raises TableRefused.
    """
    labels: dict[str, AddressLabel] = {}
    torn: set[str] = set()
    unusable: list[LeftOut] = []
    for number, row in _rows(table, {"url", "label"}):
        try:
            if row is None:
                raise _Unusable("a row that is broken")  # noqa: TRY301  # said like the others
            address, found = _address(row["url"]), AddressLabel(_label(row), _cell(row, "group"))
        except _Unusable as error:
            unusable.append(LeftOut(str(error), f"row {number}"))
            continue
        if address in labels and labels[address].label != found.label:
            torn.add(address)
            unusable.append(LeftOut("an address that is labelled both ways", f"row {number}"))
        labels.setdefault(address, found)
    return {address: found for address, found in labels.items() if address not in torn}, unusable


class _Unusable(Exception):
    """A row cannot be used; the message says why, in words that many rows share."""


def _rows(table: TextIO, needed: set[str]) -> Iterator[tuple[int, Mapping[str, str] | None]]:
    """Yield each row with its number, from 2 on, by lower-case heading; None for a broken one."""
    heading = table.readline(_LONGEST_HEADING).removeprefix("\ufeff")
    delimiter = max(",;\t", key=heading.count)
    names = [name.strip().lower() for name in next(csv.reader([heading], delimiter=delimiter), [])]
    if missing := needed - set(names):
        raise TableRefused(f"The table's heading lacks {' and '.join(sorted(missing))}.")
    reader = csv.reader(table, delimiter=delimiter, strict=True)
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a field without an end, a NUL
            yield number, None
            continue
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * (len(names) - len(cells))]
            yield number, dict(zip(names, map(str.strip, padded), strict=False))


def _page(row: Mapping[str, str], folder: Path) -> SavedPage:
    name, label, url = row["file"], _label(row), _cell(row, "url")
    make = _SUFFIXES.get(Path(name).suffix.lower())
    if make is None:
        raise _Unusable("a file that is no .html, .htm or .txt")
    if url is not None:
        _address(url)
    lure = _cell(row, "lure")
    if lure is not None and lure not in get_args(LureLabel):
        raise _Unusable("a lure that is none")
    body = _read_below(folder, name)
    digest = hashlib.sha256(body).hexdigest()
    page = make(body, url)
    if make is Page.from_text:
        page = Page.from_text(body.decode("utf-8", errors="replace"), url)
    return SavedPage(
        id=_cell(row, "id") or f"{Path(name).stem[:60]}-{digest[:16]}",
        page=page,
        label=label,
        group=_cell(row, "group") or site_of(url),
        lang=_cell(row, "lang"),
        lure=lure,  # type: ignore[arg-type]  # one of its literals
        extra={key: value for key in _EXTRA if (value := _cell(row, key))},
    )


def _label(row: Mapping[str, str]) -> Label:
    label = row["label"].lower()
    if label not in get_args(Label):
        raise _Unusable("a label that is neither bait nor ok")
    return label  # type: ignore[return-value]  # one of its literals


def _cell(row: Mapping[str, str], name: str) -> str | None:
    return row.get(name) or None


def _address(url: str) -> str:
    try:
        return canonicalize_url(url).href
    except InvalidUrl:
        raise _Unusable("an address that is none") from None


def site_of(url: str | None) -> str | None:
    """Name the site of an address, None where it is none."""
    try:
        return registrable_domain(canonicalize_url(url).host) if url else None
    except InvalidUrl:
        return None


def _read_below(folder: Path, name: str) -> bytes:
    """Read a file that a table names, without ever leaving the folder."""
    try:
        path = (folder / name).resolve(strict=True)
        if Path(name).is_absolute() or not path.is_relative_to(folder.resolve(strict=True)):
            raise _Unusable("a file name that leads out of the folder")
        # Opened without waiting: what stands there may be a pipe that nobody writes to.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (OSError, ValueError):  # ValueError: a name with a NUL
        raise _Unusable("a file that cannot be opened") from None
    with os.fdopen(descriptor, "rb") as file:
        return _read_whole(file)


def _read_whole(file: BinaryIO) -> bytes:
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        raise _Unusable("what is no ordinary file")
    body = file.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise _Unusable(f"a page of more than {MOST_BYTES // 2**20} MiB")
    if not body.strip():
        raise _Unusable("a file that is empty")
    return body
