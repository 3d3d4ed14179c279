"""Reads a page's markup in one pass: visible text, links, images, forms and hidden parts.

A MarkupReader listens to start tags, end tags and text. Text gathers in ``_pending`` and is laid
down, white space collapsed, when something happens that its place matters to. Nothing recurses:
``_stack`` has an entry for each open element, with what its end must undo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.destinations import (
    DESTINATION_ATTRIBUTES,
    attribute_target,
    refresh_target,
    script_targets,
)
from model.soup import EnoughError
from model.visibility import why_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from model.parts import BlockRole, LinkRole

    Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a page is read. Reaching one of them marks the Document as cut."""

    body: int = 2 * 1024 * 1024  # bytes
    depth: int = 2_000  # elements open at once
    tags: int = 150_000
    text: int = 1_000_000  # code points of visible text, and as many of hidden text
    links: int = 10_000
    images: int = 5_000
    forms: int = 200
    meta: int = 500
    value: int = 4_096  # code points of one address, label or other attribute


class OpenLink:
    """A link while it is read: offsets into the text as laid down, before trimming."""

    __slots__ = ("end", "hidden", "hidden_from", "href", "label", "picture", "rel", "role", "start")

    def __init__(self, href: str, role: LinkRole, start: int, *, hidden: bool) -> None:
        self.href = href
        self.role = role
        self.start = self.end = start
        self.hidden = hidden
        self.hidden_from = 0  # where its words begin among the hidden pieces
        self.label = ""  # its words where it is hidden, else what stands for missing words
        self.picture = False
        self.rel: tuple[str, ...] = ()


class _Open:
    """What the end of an element must undo."""

    __slots__ = ("block", "finish", "frame", "link", "reveals", "role")

    def __init__(self) -> None:
        self.block = self.reveals = self.frame = False
        self.role: BlockRole | None = None
        self.link: OpenLink | None = None
        self.finish: Callable[[MarkupReader], None] | None = None


_BLOCK = _Open()  # shared by every block element that needs no more than a line's end
_BLOCK.block = True

_BLOCK_TAGS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "button", "caption", "center"),
        *("dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header"),
        *("hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol"),
        *("optgroup", "option", "p", "plaintext", "pre", "search", "section", "select", "summary"),
        *("table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul", "xmp"),
    )
)
_ROLES: dict[str, BlockRole] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd", "option"), "item"),
    **dict.fromkeys(("td", "th", "caption"), "cell"),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), "code"),
    "blockquote": "quote",
    "button": "button",
}
_FRAME_TAGS = frozenset(("nav", "header", "footer", "aside"))
_NEVER_SHOWN = {
    "template": "template",
    **dict.fromkeys(
        ("audio", "canvas", "datalist", "iframe", "noembed", "noframes", "object", "rp", "video"),
        "fallback",
    ),
    **dict.fromkeys(("defs", "desc", "metadata", "symbol"), "drawing"),
}
_SHUT = {"details": "closed details", "dialog": "closed dialog"}
_TELLING = DESTINATION_ATTRIBUTES | {"hidden", "style"}


class MarkupReader:
    """Collects what a page shows and hides. Feed it by ``model.soup.read_markup``."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pending: list[str] = []
        self.data = self._pending.append
        self._stack: list[_Open | None] = []
        self._tags = 0
        self._line: list[str] = []
        self._line_length = 0
        self._line_start = 0
        self._gap = False
        self._role: BlockRole = "paragraph"
        self._in_frame = self._in_pre = self._in_svg = False
        self._hidden = ""
        self._hidden_pieces: list[str] = []
        self._hidden_length = 0
        self._open_links: list[OpenLink] = []
        self._field_types: list[str] | None = None
        self.cut = False
        self.lines: list[str] = []
        self.blocks: list[tuple[int, int, BlockRole, bool]] = []
        self.links: list[OpenLink] = []
        self.images: list[tuple[str, str, int, bool]] = []
        self.forms: list[tuple[str, str, list[str], int]] = []
        self.hidden: list[tuple[str, str, int]] = []
        self.meta: list[tuple[str, str]] = []
        self.title = self.base = self.language = ""

    # Events

    def start(self, tag: str, attributes: Attributes) -> None:
        """Begin an element."""
        stack = self._stack
        if len(stack) >= self._limits.depth or self._tags >= self._limits.tags:
            raise EnoughError
        self._tags += 1
        if tag not in _SPECIAL_TAGS and (not attributes or _TELLING.isdisjoint(attributes)):
            if tag in _BLOCK_TAGS:
                self._end_block()
                stack.append(_BLOCK)
            else:
                stack.append(None)
            return
        opened = _Open()
        stack.append(opened)
        self._open(tag, attributes, opened)

    def end(self, _tag: str) -> None:
        """End the element begun last."""
        opened = self._stack.pop()
        if opened is None:
            return
        if opened is _BLOCK:
            self._end_block()
        else:
            self._close(opened)

    def close(self) -> None:
        """Lay down what is still open, at the end of the markup or where it was cut."""
        while self._stack:
            self.end("")
        self._end_block()

    # Elements that mean more than a place in the line

    def _open(self, tag: str, attributes: Attributes, opened: _Open) -> None:
        if not self._hidden:
            self._hide(why_hidden(attributes), opened)
        elif tag == "summary" and self._hidden == _SHUT["details"]:
            self._show_summary(opened)
        # An element that takes no room breaks no line: "wa<div hidden>x</div>tch" reads "watch".
        if tag in _BLOCK_TAGS and not self._hidden:
            self._end_block()
            opened.block = True
        self._enter(tag, opened)
        handler = _HANDLERS.get(tag)
        if handler:
            handler(self, attributes, opened)
        if opened.link is None and not DESTINATION_ATTRIBUTES.isdisjoint(attributes):
            self._open_button(attributes, opened)
        if not self._hidden:
            shut = "" if "open" in attributes else _SHUT.get(tag, "")
            self._hide(_NEVER_SHOWN.get(tag, shut), opened)

    def _hide(self, reason: str, opened: _Open) -> None:
        if reason:
            self._flush()
            self._hidden = reason
            opened.reveals = True

    def _enter(self, tag: str, opened: _Open) -> None:
        role = _ROLES.get(tag)
        if role or (tag == "p" and self._role == "cell"):
            opened.role = self._role
            self._role = role or "paragraph"
        if tag in _FRAME_TAGS and not self._in_frame:
            self._in_frame = opened.frame = True

    def _show_summary(self, opened: _Open) -> None:
        details = self._stack[-2]
        if details is not None and details.reveals:
            self._reveal()
            opened.finish = MarkupReader._hide_details

    def _hide_details(self) -> None:
        self._end_block()
        self._hidden = _SHUT["details"]

    def _close(self, opened: _Open) -> None:
        if opened.link is not None:
            self._close_link(opened.link)
        if opened.finish is not None:
            opened.finish(self)
        if opened.block:
            self._end_block()
        if opened.role is not None:
            self._role = opened.role
        if opened.frame:
            self._in_frame = False
        if opened.reveals:
            self._reveal()

    def _reveal(self) -> None:
        self._flush()
        text = " ".join(self._hidden_pieces)
        if text:
            self.hidden.append((text, self._hidden, self._position()))
        self._hidden_pieces.clear()
        self._hidden = ""

    # Text

    def _position(self) -> int:
        return self._line_start + self._line_length

    def _flush(self) -> None:
        if not self._pending:
            return
        raw = self._take()
        if self._hidden:
            self._lay_hidden(raw)
        elif self._in_pre:
            for number, line in enumerate(raw.split("\n")):
                if number:
                    self._end_line()
                self._lay(line)
        else:
            self._lay(raw)

    def _take(self) -> str:
        raw = "".join(self._pending)
        self._pending.clear()
        return raw

    def _lay(self, raw: str) -> None:
        piece = " ".join(raw.split())
        if not piece:
            self._gap = self._gap or bool(raw)
            return
        if self._line and (self._gap or raw[0].isspace()):
            piece = " " + piece
        room = self._limits.text - self._position()
        if len(piece) > room:
            piece = piece[: max(room, 0)].rstrip()
            self.cut = True
        if piece:
            self._line.append(piece)
            self._line_length += len(piece)
        self._gap = raw[-1].isspace()

    def _lay_hidden(self, raw: str) -> None:
        piece = " ".join(raw.split())
        room = self._limits.text - self._hidden_length
        if len(piece) > room:
            piece = piece[: max(room, 0)]
            self.cut = True
        if piece:
            self._hidden_pieces.append(piece)
            self._hidden_length += len(piece)

    def _end_block(self) -> None:
        if self._pending:
            self._flush()
        if self._line and not self._hidden:
            self._end_line()

    def _end_line(self) -> None:
        if self._line:
            end = self._position()
            self.lines.append("".join(self._line))
            self.blocks.append((self._line_start, end, self._role, self._in_frame))
            self._line.clear()
            self._line_start = end + 1
            self._line_length = 0
        self._gap = False

    # Links

    def _open_link(self, href: str, role: LinkRole, opened: _Open | None) -> OpenLink:
        self._flush()
        href = href.strip()
        if len(href) > self._limits.value:
            href = href[: self._limits.value]
            self.cut = True
        link = OpenLink(href, role, self._position(), hidden=bool(self._hidden))
        link.hidden_from = len(self._hidden_pieces)
        if len(self.links) < self._limits.links:
            self.links.append(link)
        else:
            self.cut = True
        if opened is not None:
            opened.link = link
            self._open_links.append(link)
        return link

    def _close_link(self, link: OpenLink) -> None:
        self._flush()
        link.end = self._position()
        if link.hidden and self._hidden:
            words = " ".join(self._hidden_pieces[link.hidden_from :])
            link.label = words or link.label
        if self._open_links and self._open_links[-1] is link:
            self._open_links.pop()

    def _open_button(self, attributes: Attributes, opened: _Open) -> None:
        target = attribute_target(attributes)
        if target:
            link = self._open_link(target, "button", opened)
            link.label = self._label_of(attributes)

    def _label_of(self, attributes: Attributes) -> str:
        for name in ("alt", "title", "aria-label"):
            words = " ".join(attributes.get(name, "")[: self._limits.value].split())
            if words:
                return words
        return ""

    # One method for each element that has a meaning of its own

    def _start_a(self, attributes: Attributes, opened: _Open) -> None:
        href = attributes.get("href", attributes.get("xlink:href"))
        if href is None:
            return
        href = href.strip()
        role: LinkRole = "text"
        if href[:11].lower() == "javascript:":
            role = "button"
            href = next(script_targets(href), href)
        elif href in {"", "#", "#!"}:
            role = "button"
            href = attribute_target(attributes) or "#"
        link = self._open_link(href, role, opened)
        link.label = self._label_of(attributes)
        link.rel = tuple(attributes.get("rel", "")[:200].lower().split())

    def _start_img(self, attributes: Attributes, _opened: _Open) -> None:
        label = self._label_of(attributes)
        if self._open_links:
            link = self._open_links[-1]
            link.picture = True
            link.label = link.label or label
        if self._hidden:
            return
        self._flush()
        if len(self.images) >= self._limits.images:
            self.cut = True
            return
        src = attributes.get("src") or attributes.get("data-src") or ""
        place = self._position()
        self.images.append((label, src[: self._limits.value], place, bool(self._open_links)))

    def _start_br(self, _attributes: Attributes, _opened: _Open) -> None:
        self._end_block()

    def _start_pre(self, _attributes: Attributes, opened: _Open) -> None:
        if not self._in_pre:
            self._in_pre = True
            opened.finish = MarkupReader._end_pre

    def _end_pre(self) -> None:
        self._flush()
        self._in_pre = False

    def _start_script(self, _attributes: Attributes, opened: _Open) -> None:
        self._flush()
        opened.finish = MarkupReader._end_script

    def _end_script(self) -> None:
        for target in script_targets(self._take()):
            self._open_link(target, "script", None)

    def _start_style(self, _attributes: Attributes, opened: _Open) -> None:
        self._flush()
        opened.finish = MarkupReader._end_style

    def _end_style(self) -> None:
        self._pending.clear()

    def _start_title(self, _attributes: Attributes, opened: _Open) -> None:
        self._flush()
        opened.finish = MarkupReader._end_title

    def _end_title(self) -> None:
        title = " ".join(self._take().split())
        if not self.title and not self._in_svg:
            self.title = title[: self._limits.value]

    def _start_svg(self, _attributes: Attributes, opened: _Open) -> None:
        if not self._in_svg:
            self._in_svg = True
            opened.finish = MarkupReader._end_svg

    def _end_svg(self) -> None:
        self._in_svg = False

    def _start_html(self, attributes: Attributes, _opened: _Open) -> None:
        language = attributes.get("lang", attributes.get("xml:lang", ""))
        self.language = language[:40].strip().lower().replace("_", "-").partition("-")[0]

    def _start_base(self, attributes: Attributes, _opened: _Open) -> None:
        self.base = self.base or attributes.get("href", "").strip()[: self._limits.value]

    def _start_meta(self, attributes: Attributes, _opened: _Open) -> None:
        content = attributes.get("content", "")[: self._limits.value]
        equivalent = attributes.get("http-equiv", "").strip().lower()
        if equivalent == "refresh":
            target = refresh_target(content)
            if target:
                self._open_link(target, "refresh", None)
        name = attributes.get("property") or attributes.get("name") or equivalent
        if name and content and len(self.meta) < self._limits.meta:
            self.meta.append((name.strip().lower()[:100], " ".join(content.split())))

    def _start_frame(self, attributes: Attributes, _opened: _Open) -> None:
        target = attributes.get("src") or attributes.get("data")
        if target:
            link = self._open_link(target, "frame", None)
            link.label = self._label_of(attributes)

    def _start_area(self, attributes: Attributes, _opened: _Open) -> None:
        if attributes.get("href"):
            link = self._open_link(attributes["href"], "area", None)
            link.label = self._label_of(attributes)

    def _start_form(self, attributes: Attributes, opened: _Open) -> None:
        if self._field_types is not None or len(self.forms) >= self._limits.forms:
            self.cut = self.cut or self._field_types is None
            return
        self._field_types = []
        opened.finish = MarkupReader._end_form
        action = attributes.get("action", "").strip()[: self._limits.value]
        method = attributes.get("method", "get").strip().lower()[:10]
        self.forms.append((action, method, self._field_types, self._position()))
        if action:
            self._open_link(action, "form", None)

    def _end_form(self) -> None:
        self._field_types = None

    def _start_field(self, field_type: str) -> None:
        if self._field_types is not None and len(self._field_types) < 200:
            self._field_types.append(field_type)

    def _start_input(self, attributes: Attributes, _opened: _Open) -> None:
        field_type = attributes.get("type", "text").strip().lower()[:20]
        self._start_field(field_type)
        if field_type in {"submit", "button", "reset"} and attributes.get("value"):
            self._end_block()
            before, self._role = self._role, "button"
            self._pending.append(attributes["value"])
            self._end_block()
            self._role = before

    def _start_select(self, _attributes: Attributes, _opened: _Open) -> None:
        self._start_field("select")

    def _start_textarea(self, _attributes: Attributes, _opened: _Open) -> None:
        self._start_field("textarea")

    def _start_button(self, _attributes: Attributes, _opened: _Open) -> None:
        self._start_field("button")


_HANDLERS: dict[str, Callable[[MarkupReader, Attributes, _Open], None]] = {
    "a": MarkupReader._start_a,
    "area": MarkupReader._start_area,
    "base": MarkupReader._start_base,
    "br": MarkupReader._start_br,
    "button": MarkupReader._start_button,
    "embed": MarkupReader._start_frame,
    "form": MarkupReader._start_form,
    "frame": MarkupReader._start_frame,
    "html": MarkupReader._start_html,
    "iframe": MarkupReader._start_frame,
    "img": MarkupReader._start_img,
    "input": MarkupReader._start_input,
    "listing": MarkupReader._start_pre,
    "meta": MarkupReader._start_meta,
    "object": MarkupReader._start_frame,
    "plaintext": MarkupReader._start_pre,
    "pre": MarkupReader._start_pre,
    "script": MarkupReader._start_script,
    "select": MarkupReader._start_select,
    "style": MarkupReader._start_style,
    "svg": MarkupReader._start_svg,
    "textarea": MarkupReader._start_textarea,
    "title": MarkupReader._start_title,
    "xmp": MarkupReader._start_pre,
}
_SPECIAL_TAGS = frozenset((*_HANDLERS, *_ROLES, *_FRAME_TAGS, *_NEVER_SHOWN, *_SHUT, "summary"))
