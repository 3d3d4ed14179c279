"""Links and pictures written into plain text: bare addresses, Markdown, simple HTML tags.

The text itself stays as it was written, so that a quote of it can be found in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.parts import BlockRole, LinkRole

_ADDRESS = r"(?:https?://|www\.(?=[^\s.]))[^\s<>\"'`{}|\\^\[\]]{1,2048}"


def _target(name: str) -> str:
    return (
        rf"\(\s{{0,9}}<?(?P<{name}>[^()\s<>]{{1,2048}}(?:\([^()\s]{{0,200}}\)[^()\s]{{0,200}})?)>?"
        r"(?:\s[^()\n]{0,200})?\)"
    )


_PICTURE = r"!\[(?P<{0}_label>[^\[\]\n]{{0,500}})\]"
_MARK = re.compile(
    rf"(?P<linked>\[{_PICTURE.format('linked')}{_target('linked_src')}\s{{0,9}}\]{_target('linked_href')})"
    rf"|(?P<picture>{_PICTURE.format('picture')}{_target('picture_src')})"
    rf"|(?P<link>\[(?P<words>[^\[\]\n]{{1,1000}})\]{_target('link_href')})"
    r"|(?P<tag><(?P<tag_name>a|img)\s(?P<attributes>[^<>]{1,4096})>)"
    r"|(?P<end></a\s{0,9}>)"
    rf"|(?P<bare>{_ADDRESS})",
    re.IGNORECASE,
)
_BARE = re.compile(_ADDRESS, re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([a-z-]{1,30})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_HEADING = re.compile(r"#{1,6}\s")
_ITEM = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s")


@dataclass(frozen=True, slots=True)
class Mark:
    """A link or picture found in text: ``text[start:end]`` are the words that are linked."""

    role: LinkRole | None  # None for a picture
    label: str
    address: str
    start: int
    end: int
    in_link: bool = False


def role_of_line(line: str) -> BlockRole:
    """Name the role of one line of plain text by its Markdown prefix."""
    if _HEADING.match(line):
        return "heading"
    if _ITEM.match(line):
        return "item"
    return "quote" if line.startswith(">") else "paragraph"


def find_addresses(text: str) -> Iterator[Mark]:
    """Yield the addresses that stand in visible text as words, in order."""
    for match in _BARE.finditer(text):
        yield _bare(match[0], match.start())


def find_marks(text: str) -> Iterator[Mark]:
    """Yield the links and pictures of plain text, in order of their ends."""
    opened: Mark | None = None
    for match in _MARK.finditer(text):
        kind = match.lastgroup
        if kind == "tag":
            mark = _tag(match)
            if mark.role is None:
                yield replace(mark, in_link=opened is not None)
            else:
                opened = mark
        elif kind == "end":
            if opened is not None:
                yield Mark("text", "", opened.address, opened.start, match.start())
            opened = None
        elif kind == "bare":
            # Inside <a>...</a> a written address is the link's words, not another link.
            if opened is None:
                yield _bare(match[0], match.start())
        else:
            yield from _markdown(match)
    if opened is not None:
        yield opened


def _bare(address: str, start: int) -> Mark:
    """Leave the sentence's own punctuation and brackets out of an address that ends it."""
    never_opened = address.count(")") - address.count("(")
    end = len(address)
    while address[end - 1] in ".,;:!?*_~" or (address[end - 1] == ")" and never_opened > 0):
        never_opened -= address[end - 1] == ")"
        end -= 1
    address = address[:end]
    href = address if address[:4].lower() == "http" else "http://" + address
    return Mark("bare", "", href, start, start + len(address))


def _markdown(match: re.Match[str]) -> Iterator[Mark]:
    if match["link"]:
        yield Mark("text", "", match["link_href"], *match.span("words"))
    elif match["linked"]:
        label = match["linked_label"]
        yield Mark("image", label, match["linked_href"], match.start(), match.start())
        yield Mark(None, label, match["linked_src"], match.start(), match.end(), in_link=True)
    else:
        yield Mark(None, match["picture_label"], match["picture_src"], match.start(), match.end())


def _tag(match: re.Match[str]) -> Mark:
    attributes = {
        found[1].lower(): unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(match["attributes"])
    }
    if match["tag_name"].lower() == "a":
        return Mark("text", "", attributes.get("href", ""), match.end(), match.end())
    label = attributes.get("alt") or attributes.get("title") or ""
    return Mark(None, label, attributes.get("src", ""), match.start(), match.end())
