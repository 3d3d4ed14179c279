"""What a Document is made of: blocks of visible text, links, images, forms, hidden parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockRole = Literal["heading", "paragraph", "item", "cell", "quote", "code", "button"]
LinkRole = Literal[
    "text",  # <a> with words
    "image",  # <a> around a picture and no words
    "bare",  # an address written out in plain text
    "button",  # onclick, data-href and the like
    "form",  # a form's target
    "area",
    "frame",  # iframe, embed
    "refresh",  # meta refresh
    "script",  # location = "..." or window.open("...")
]


@dataclass(frozen=True, slots=True)
class Block:
    """A run of visible text: ``document.text[start:end]``. Code points, end exclusive."""

    start: int
    end: int
    role: BlockRole
    in_page_frame: bool = False  # inside nav, header, footer or aside: furniture, not prose
    in_noscript: bool = False  # shown only to a reader without scripts


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere the page leads.

    ``href`` is absolute where it could be resolved, else as written. ``text`` is what the reader
    sees of it: its words, or the image's alt text. ``start``/``end`` index ``document.text``; for
    a link without words they are both the place in the text where it stands. ``hidden`` links are
    those the reader cannot see. ``rel`` has the lower-case rel tokens.
    """

    text: str
    href: str
    role: LinkRole
    start: int
    end: int
    hidden: bool = False
    rel: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: its alt (or title) text, its address, and its place in the text."""

    alt: str
    src: str
    position: int
    in_link: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A form: where it sends, and the types of its fields (``text``, ``password``, ...)."""

    action: str
    method: str
    field_types: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """Text that is in the page but that its reader cannot see, with the reason it is hidden.

    Because of ``aria-hidden``, text is hidden from screen readers alone: it is in the visible text
    too.
    """

    text: str
    because: str
    position: int


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page. ``text`` is the visible text: the blocks in order, joined by newlines."""

    url: str | None
    title: str
    text: str
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    forms: tuple[Form, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()  # (name or property, content), in page order
    language: str = ""  # of <html lang>, lower-case primary subtag
    markup: bool = True  # False where the page came as plain text
    cut: bool = False  # some bound was reached: what was read before it is kept
