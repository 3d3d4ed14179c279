"""A page as its reader meets it: ``parse_document(page) -> Document``.

    Page.body --decode_body--> text --read_markup--> PageReader --assemble--> Document
                 |                                                ^
                 '--find_marks (plain text)-----------------------'

The decoding, the parse (``model.soup`` drives BeautifulSoup), the reading and the parts of a
Document have modules of their own; callers import what they need from here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING

from model.decoding import decode_body
from model.elements import PageReader
from model.page import PLAIN_TEXT
from model.parts import (
    Block,
    BlockRole,
    Document,
    Form,
    Hidden,
    Image,
    Link,
    LinkRole,
)
from model.plaintext import find_addresses, find_marks, role_of_line
from model.sheets import find_sheets
from model.soup import read_markup
from model.stylesheet import StyleRules
from model.textflow import Limits
from model.url import resolve_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from model.linkflow import OpenLink
    from model.page import Page
    from model.plaintext import Mark

__all__ = [
    "Block",
    "BlockRole",
    "Document",
    "Form",
    "Hidden",
    "Image",
    "Limits",
    "Link",
    "LinkRole",
    "parse_document",
]

_LOOKS_LIKE_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|a|table|script|title)[\s>]", re.IGNORECASE
)
_SNIFFED = 1_024  # characters


def parse_document(page: Page, limits: Limits = Limits()) -> Document:  # noqa: B008 - frozen
    """Parse a page, whatever its bytes are; nothing is raised.

    A page of plain text or Markdown, and one without a media type that does not look like markup,
    is read as plain text. Where a limit is reached, what was read before it is kept and ``cut`` is
    True.
    """
    text = decode_body(page.body[: limits.body], page.headers.get("content-type", ""))
    cut = len(page.body) > limits.body
    base = page.final_url or page.url
    if _is_markup(page.media_type, text):
        reader = read_page(text, limits)
        document = assemble(base, reader, cut=cut)
        reader.forget()
        return document
    return _parse_plain_text(base, text, limits, cut=cut)


def read_page(
    markup: str, limits: Limits, read: Callable[[str, PageReader], None] = read_markup
) -> PageReader:
    """Read a page with all of its style rules known from the start.

    ``read`` parses markup into a reader's ears. The sheets are looked for first; where the parser
    meets others (one stood in a comment or a script), the page is read again with those.
    """
    sheets = find_sheets(markup)
    reader = PageReader(limits, StyleRules(sheets))
    read(markup, reader)
    if reader.sheets != sheets:
        sheets = reader.sheets
        reader.forget()
        reader = PageReader(limits, StyleRules(sheets))
        read(markup, reader)
    return reader


def _is_markup(media_type: str, text: str) -> bool:
    if media_type:
        return media_type not in PLAIN_TEXT
    return bool(_LOOKS_LIKE_MARKUP.search(text[:_SNIFFED]))


def assemble(url: str | None, reader: PageReader, *, cut: bool = False) -> Document:
    """Make a Document of what a reader collected from a page at ``url``."""
    text = "\n".join(reader.lines)
    resolve = _Resolver(resolve_url(url, reader.base) if reader.base else url)
    longest = reader.limits.value
    links = [_finish_link(link, text, resolve, longest) for link in reader.links]
    links += _bare_links(text, links)
    return Document(
        url=url,
        title=reader.title,
        text=text,
        blocks=tuple(reader.blocks),
        links=tuple(sorted(links, key=attrgetter("start"))[: reader.limits.links]),
        images=tuple(
            Image(alt, resolve(src), min(position, len(text)), in_link)
            for alt, src, position, in_link in reader.images
        ),
        forms=tuple(
            Form(resolve(action), method, tuple(fields), min(position, len(text)))
            for action, method, fields, position in reader.forms
        ),
        hidden=tuple(_hidden_parts(reader, text)),
        meta=tuple(reader.meta),
        language=reader.language,
        cut=cut or reader.cut or len(links) > reader.limits.links,
    )


def _hidden_parts(reader: PageReader, text: str) -> Iterable[Hidden]:
    for words, because, position in reader.hidden:
        yield Hidden(words, because, min(position, len(text)))
    for start, end in reader.aria_hidden:
        words = _collapsed(text[start:end])
        if words:
            yield Hidden(words, "aria-hidden", start)


class _Resolver:
    """Makes a page's references absolute, each distinct one once."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._known: dict[str, str] = {}

    def __call__(self, reference: str) -> str:
        known = self._known.get(reference)
        if known is None:
            known = resolve_url(self._base, reference) if reference else ""
            self._known[reference] = known
        return known


def _finish_link(link: OpenLink, text: str, resolve: _Resolver, longest: int) -> Link:
    """Trim a link's span to its words; without words, keep the place where it stands."""
    start, end = link.start, min(link.end, link.start + longest, len(text))
    shown = text[start:end]
    words = shown.strip()
    if words:
        start += shown.index(words)
        end = start + len(words)
        words = words.replace("\n", " ")
    else:
        start = end = min(link.start, len(text))
    role = "image" if link.role == "text" and link.picture and not words else link.role
    return Link(words or link.label, resolve(link.href), role, start, end, link.hidden, link.rel)


def _bare_links(text: str, links: list[Link]) -> Iterable[Link]:
    """Find the addresses that are written out in the text and are no link's words."""
    if "://" not in text and "www." not in text:
        return
    spans = sorted((link.start, link.end) for link in links if link.end > link.start)
    starts = [start for start, _ in spans]
    for mark in find_addresses(text):
        place = bisect_right(starts, mark.start)
        if place and spans[place - 1][1] > mark.start:
            continue
        yield Link(text[mark.start : mark.end], mark.address, "bare", mark.start, mark.end)


def _parse_plain_text(url: str | None, source: str, limits: Limits, *, cut: bool) -> Document:
    lines = [line for line in map(_collapsed, source.splitlines()) if line]
    text = "\n".join(lines[: limits.tags])
    if len(text) > limits.text:
        text = text[: limits.text].rstrip()
        cut = True
    marks = list(find_marks(text))
    resolve = _Resolver(url)
    links = [_link_of(mark, text, resolve, limits) for mark in marks if mark.role and mark.address]
    images = [
        Image(mark.label, resolve(mark.address), mark.start, mark.in_link)
        for mark in marks
        if mark.role is None
    ]
    beyond = len(lines) > limits.tags or len(links) > limits.links or len(images) > limits.images
    return Document(
        url=url,
        title="",
        text=text,
        blocks=tuple(_blocks_of_lines(text)),
        links=tuple(sorted(links[: limits.links], key=lambda link: link.start)),
        images=tuple(images[: limits.images]),
        markup=False,
        cut=cut or beyond,
    )


def _collapsed(line: str) -> str:
    return " ".join(line.split())


def _blocks_of_lines(text: str) -> Iterable[Block]:
    start = 0
    for line in text.split("\n") if text else ():
        yield Block(start, start + len(line), role_of_line(line))
        start += len(line) + 1


def _link_of(mark: Mark, text: str, resolve: _Resolver, limits: Limits) -> Link:
    assert mark.role is not None
    words = text[mark.start : min(mark.end, mark.start + limits.value)]
    start = mark.start + len(words) - len(words.lstrip())
    words = words.strip()
    return Link(
        _collapsed(words) or mark.label, resolve(mark.address), mark.role, start, start + len(words)
    )
