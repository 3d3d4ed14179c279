"""Reads a page's elements in one pass: who is visible, who is a link, where blocks end.

A MarkupReader listens to start tags, end tags and text. Nothing recurses: ``_stack`` has an entry
for each open element, with what its end must undo. What single elements mean beyond that is told
by ``model.elements``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from model.destinations import DESTINATION_ATTRIBUTES, attribute_target
from model.soup import EnoughError
from model.stylesheet import UNSTYLED, StyleRules
from model.textflow import Limits, TextFlow
from model.visibility import look_of, merge_looks, read_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from model.parts import BlockRole, LinkRole
    from model.stylesheet import Styled
    from model.visibility import Look

    Attributes = Mapping[str, str]


class OpenLink:
    """A link while it is read: offsets into the text as laid down, before trimming."""

    __slots__ = ("end", "hidden", "hidden_mark", "href", "label", "picture", "rel", "role", "start")

    def __init__(self, href: str, role: LinkRole, start: int, label: str, *, hidden: bool) -> None:
        self.href = href
        self.role = role
        self.start = self.end = start
        self.label = label  # its words where it is hidden, else what stands for missing words
        self.hidden = hidden
        self.hidden_mark = 0
        self.picture = False
        self.rel: tuple[str, ...] = ()


class Open:
    """What the end of an element must undo."""

    __slots__ = (
        "after",
        "aria",
        "background",
        "block",
        "finish",
        "frame",
        "link",
        "reveals",
        "role",
    )

    def __init__(self) -> None:
        self.block = self.reveals = self.frame = False
        self.after = ""
        self.aria = -1
        self.role: BlockRole | None = None
        self.background: str | None = None
        self.link: OpenLink | None = None
        self.finish: Callable[[], None] | None = None


_BLOCK = Open()  # shared by every block element that needs no more than a line's end
_BLOCK.block = True

BLOCK_TAGS = frozenset(
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
_ROOTS = frozenset(("html", "body"))
_TELLING = DESTINATION_ATTRIBUTES | {"aria-hidden", "bgcolor", "color", "hidden", "style"}


class MarkupReader(TextFlow):
    """Collects what a page shows and hides. Feed it by ``model.soup.read_markup``.

    ``rules`` are style rules known from an earlier reading of the same page; rules met on the way
    are added to them.
    """

    handlers: ClassVar[Mapping[str, Callable[..., None]]] = {}
    special_tags: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, limits: Limits, rules: StyleRules | None = None) -> None:
        super().__init__(limits)
        self.data = self._pending.append
        self.rules = rules or StyleRules()
        self.links: list[OpenLink] = []
        self.open_links: list[OpenLink] = []
        self._stack: list[Open | None] = []
        self._tags = 0
        self._background = ""
        self._in_aria_hidden = False
        self.aria_hidden: list[tuple[int, int]] = []

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        named = (*_ROLES, *_FRAME_TAGS, *_NEVER_SHOWN, *_SHUT)
        cls.special_tags = frozenset((*cls.handlers, *named, "summary"))

    def depth(self) -> int:
        """Return how many elements are open."""
        return len(self._stack)

    def start(self, tag: str, attributes: Attributes) -> None:
        """Begin an element. Raises EnoughError beyond the limits."""
        stack = self._stack
        if len(stack) >= self.limits.depth or self._tags >= self.limits.tags:
            raise EnoughError
        self._tags += 1
        styled = UNSTYLED
        if self.rules and not self.hidden_because:
            styled = self.rules.styled(tag, attributes)
        if (
            styled is UNSTYLED
            and tag not in self.special_tags
            and (not attributes or _TELLING.isdisjoint(attributes))
        ):
            if tag in BLOCK_TAGS:
                self.end_block()
                stack.append(_BLOCK)
            else:
                stack.append(None)
            return
        opened = Open()
        stack.append(opened)
        self._open(tag, attributes, styled, opened)

    def end(self, _tag: str) -> None:
        """End the element begun last."""
        opened = self._stack.pop()
        if opened is None:
            return
        if opened is _BLOCK:
            self.end_block()
        else:
            self._close(opened)

    def close(self) -> None:
        """Lay down what is still open, at the end of the markup or where it was cut."""
        while self._stack:
            self.end("")
        self.end_block()

    # Elements that mean more than a place in the line

    def _open(self, tag: str, attributes: Attributes, styled: Styled, opened: Open) -> None:
        if not self.hidden_because:
            self._look_at(tag, attributes, styled, opened)
        elif tag == "summary" and self.hidden_because == _SHUT["details"]:
            self._show_summary(opened)
        # An element that takes no room breaks no line: "wa<p hidden>x</p>tch" reads "watch".
        if tag in BLOCK_TAGS and not self.hidden_because:
            self.end_block()
            opened.block = True
        self._enter(tag, opened)
        if styled.before and not self.hidden_because:
            self.write(styled.before + " ")
        handler = self.handlers.get(tag)
        if handler is not None:
            handler(self, attributes, opened)
        if opened.link is None and not DESTINATION_ATTRIBUTES.isdisjoint(attributes):
            self._open_button(attributes, opened)
        if not self.hidden_because:
            shut = "" if "open" in attributes else _SHUT.get(tag, "")
            self._hide(_NEVER_SHOWN.get(tag, shut), opened)

    def _look_at(self, tag: str, attributes: Attributes, styled: Styled, opened: Open) -> None:
        """Apply what the element's attributes and the page's rules say about its looks."""
        style = attributes.get("style")
        look = merge_looks((styled.look, look_of(style))) if style else styled.look
        background = look.background or read_colour(attributes.get("bgcolor", ""))
        if background:
            opened.background, self._background = self._background, background
        # A page that hides all of itself waits for a script to show it.
        if tag in _ROOTS:
            return
        opened.after = styled.after
        if not self._in_aria_hidden and attributes.get("aria-hidden", "").lower() == "true":
            self.flush()
            self._in_aria_hidden = True
            opened.aria = self.position()
        self._hide(self._why_hidden(attributes, look), opened)

    def _why_hidden(self, attributes: Attributes, look: Look) -> str:
        if look.hides:
            return look.hides
        if "hidden" in attributes and not look.display:
            return "hidden attribute"
        colour = look.colour or read_colour(attributes.get("color", ""))
        return "background's colour" if colour and colour == self._background else ""

    def _hide(self, reason: str, opened: Open) -> None:
        if reason:
            self.hide(reason)
            opened.reveals = True

    def _enter(self, tag: str, opened: Open) -> None:
        role = _ROLES.get(tag)
        if role is not None:
            opened.role, self.role = self.role, role
        if tag in _FRAME_TAGS and not self.in_frame:
            self.in_frame = opened.frame = True

    def _show_summary(self, opened: Open) -> None:
        details = self._stack[-2]
        if details is not None and details.reveals:
            self.reveal()
            opened.finish = self._hide_details

    def _hide_details(self) -> None:
        self.end_block()
        self.hide(_SHUT["details"])

    def _close(self, opened: Open) -> None:
        if opened.link is not None:
            self._close_link(opened.link)
        if opened.finish is not None:
            opened.finish()
        if opened.after and not self.hidden_because:
            self.write(" " + opened.after)
        if opened.block:
            self.end_block()
        if opened.role is not None:
            self.role = opened.role
        if opened.frame:
            self.in_frame = False
        if opened.background is not None:
            self._background = opened.background
        if opened.reveals:
            self.reveal()
        if opened.aria >= 0:
            self.flush()
            self._in_aria_hidden = False
            self.aria_hidden.append((opened.aria, self.position()))

    # Links

    def open_link(
        self, href: str, role: LinkRole, opened: Open | None, attributes: Attributes
    ) -> OpenLink:
        """Add a link; with ``opened``, one whose words are the element's."""
        self.flush()
        href = href.strip()
        if len(href) > self.limits.value:
            href = href[: self.limits.value]
            self.cut = True
        hidden = bool(self.hidden_because)
        link = OpenLink(href, role, self.position(), self.label_of(attributes), hidden=hidden)
        link.hidden_mark = self.hidden_mark()
        if len(self.links) < self.limits.links:
            self.links.append(link)
        else:
            self.cut = True
        if opened is not None:
            opened.link = link
            self.open_links.append(link)
        return link

    def _close_link(self, link: OpenLink) -> None:
        self.flush()
        link.end = self.position()
        if link.hidden and self.hidden_because:
            link.label = self.hidden_words(link.hidden_mark, self.limits.value) or link.label
        if self.open_links and self.open_links[-1] is link:
            self.open_links.pop()

    def _open_button(self, attributes: Attributes, opened: Open) -> None:
        target = attribute_target(attributes)
        if target:
            self.open_link(target, "button", opened, attributes)

    def label_of(self, attributes: Attributes) -> str:
        """Return the words that stand for an element without any, or ''."""
        for name in ("alt", "title", "aria-label", "value"):
            words = " ".join(attributes.get(name, "")[: self.limits.value].split())
            if words:
                return words
        return ""
