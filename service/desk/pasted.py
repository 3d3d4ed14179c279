"""Addresses out of what somebody pastes or uploads: lists, whole messages, tables. Pure.

One that cannot be read is reported in its place and stops nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from model.plaintext import find_marks
from model.url import InvalidUrl, canonicalize_url
from service.desk.language import gettext
from service.errors import InvalidRequestError
from service.store.batches import Sent
from service.store.case_page import storable

MOST_ADDRESSES = 500
LONGEST_TEXT = 1_000_000  # characters

# The names of the column that holds addresses, the likeliest first.
COLUMNS = ("url", "address", "link", "uri", "href", "page")

_LONGEST_SHOWN = 300
# How people write addresses so that nobody opens them by accident, the desk itself included.
_DEFANGED = re.compile(r"\bhxxp", re.IGNORECASE)
_BRACKETED = {"[.]": ".", "(.)": ".", "[dot]": ".", "[:]": ":", "[://]": "://"}
# One word that was meant as an address: a name with a dot and an end, or with a scheme.
_MEANT = re.compile(r"[^\s@]+\.[^\s.@/]{2,}(?:[/:?#]\S*)?|[A-Za-z][A-Za-z0-9+.-]*:\S+")
_AROUND = "<>\"'`,;"


def addresses_in(text: str) -> list[Sent]:
    """Find the addresses of a text, each once: one a line, or anywhere in a message.

    Links of Markdown and HTML count too. Raises InvalidRequestError where there is none, or more
    than ``MOST_ADDRESSES``.
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidRequestError(_too_long())
    return _each_once(found for line in refang(text).splitlines() for found in _of_line(line))


def addresses_in_table(content: bytes) -> list[Sent]:
    """Read the addresses of a CSV file, from the column that is named like one of ``COLUMNS``.

    Raises InvalidRequestError where there is no such column or no address, or too many.
    """
    text = _decoded(content)
    if len(text) > LONGEST_TEXT:
        raise InvalidRequestError(_too_long())
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = [cell.strip().casefold() for cell in next(rows, [])]
        column = next((header.index(name) for name in COLUMNS if name in header), None)
        if column is None:
            raise InvalidRequestError(
                gettext("The first line of the table names no column of addresses: call it url.")
            )
        cells = [row[column].strip() for row in rows if len(row) > column]
    except csv.Error as error:
        raise InvalidRequestError(gettext("The file cannot be read as CSV.")) from error
    return _each_once(_read(refang(cell)) for cell in cells if cell)


def refang(text: str) -> str:
    """Undo what keeps addresses from being opened by accident."""
    text = _DEFANGED.sub("http", text)
    for bracketed, plain in _BRACKETED.items():
        text = text.replace(bracketed, plain)
    return text


def _of_line(line: str) -> Iterator[Sent]:
    word = line.strip().strip(_AROUND)
    alone = bool(word) and not re.search(r"\s", word)
    if alone and word.lower().startswith(("http://", "https://")):
        yield _read(word)
        return
    marks = [mark.address for mark in find_marks(line) if mark.role is not None]
    yield from map(_read, marks)
    if alone and not marks and _MEANT.fullmatch(word):
        yield _read(word)


def _read(text: str) -> Sent:
    try:
        url = canonicalize_url(text)
    except InvalidUrl as error:
        return Sent(storable(text)[:_LONGEST_SHOWN], None, str(error))
    return Sent(storable(text), url)


def _each_once(every: Iterable[Sent]) -> list[Sent]:
    found: dict[str, Sent] = {}
    for sent in every:
        found.setdefault(sent.text if sent.url is None else sent.url.href, sent)
        if len(found) > MOST_ADDRESSES:
            raise InvalidRequestError(
                gettext(
                    "At most %(count)s addresses are taken at once: send the rest apart.",
                    count=MOST_ADDRESSES,
                )
            )
    if not found:
        raise InvalidRequestError(
            gettext("There is no address in this: write them with https:// in front.")
        )
    return list(found.values())


def _too_long() -> str:
    return gettext("At most %(count)s characters are read at once.", count=LONGEST_TEXT)


def _decoded(content: bytes) -> str:
    """Decode what spreadsheets write: UTF-8, UTF-16 with its mark, or the code page of the West."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max((",", ";", "\t", "|"), key=first.count)
