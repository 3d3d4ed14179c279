"""Reads a page's elements in one pass: who is visible, who is a link, where blocks end.

A MarkupReader listens to start tags, end tags and text. Nothing recurses: ``_stack`` has an entry
for each open element, which is what to call at its end. What single elements mean is told by
``model.elements``.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from model.destinations import (
    DESTINATION_ATTRIBUTES,
    arrival_target,
    attribute_target,
    click_target,
)
from model.linkflow import LinkFlow
from model.soup import EnoughError
from model.stylesheet import BLOCK_DISPLAYS, UNSTYLED
from model.visibility import LONGEST_STYLE, PLAIN, look_alike, look_of, merge_looks, read_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from model.selectors import Context
    from model.stylesheet import Styled, StyleRules
    from model.textflow import Limits
    from model.visibility import Look

    Attributes = Mapping[str, str]
    Close = Callable[[], None]

_TELLING = DESTINATION_ATTRIBUTES | {"aria-hidden", "bgcolor", "color", "hidden", "style"}
_NO_ATTRIBUTES: Attributes = {}  # asked faster than lxml's own empty mapping
_ROOTS = frozenset(("html", "body"))


class _Open:
    """What the end of an element with looks of its own must undo."""

    after = ""
    aria = -1
    around: tuple[Context | None, int] | None = None
    background: str | None = None
    button = False
    close: Close | None = None
    reveals = False


class MarkupReader(LinkFlow):
    """Collects what a page shows and hides. Feed it by ``model.soup.read_markup``.

    ``rules`` are the page's style rules; the sheets that are met are noted in ``sheets``.
    """

    # What each tag means: called at its start, returns what to call at its end.
    meanings: ClassVar[Mapping[str, Callable[..., Close | None]]] = {}

    def __init__(self, limits: Limits, rules: StyleRules) -> None:
        super().__init__(limits)
        self.data = self._pending.append
        self.sheets: list[str] = []
        self.aria_hidden: list[tuple[int, int]] = []
        self._meanings = self.meanings
        self._rules = rules
        self._has_rules = len(rules) > 0
        self._stack: list[Close | None] = []
        self._opens: list[_Open] = []
        self._room = limits.tags
        self._deepest = limits.depth
        self._most_attributes = limits.attributes
        self._background = ""
        self._in_aria_hidden = False
        self._context: Context | None = None
        self._context_depth = -1

    def depth(self) -> int:
        """Return how many elements are open."""
        return len(self._stack)

    # Events

    def start(self, tag: str, attributes: Attributes) -> None:
        """Begin an element. Raises EnoughError beyond the limits."""
        stack = self._stack
        if self._room <= 0 or len(stack) >= self._deepest:
            raise EnoughError
        self._room -= 1
        tells = False
        if not attributes:
            attributes = _NO_ATTRIBUTES
        else:
            if len(attributes) > self._most_attributes:
                attributes = dict(islice(attributes.items(), self._most_attributes))
                self.cut = True
            tells = not _TELLING.isdisjoint(attributes)
        styled = UNSTYLED
        if self._has_rules:
            styled = self._rules.styled(tag, attributes.get("class"), attributes.get("id"))
            if styled.rules:
                is_child = self._context_depth == len(stack) - 1
                styled = self._rules.within(styled, tag, self._context, is_child=is_child)
        if tells or styled.matters:
            stack.append(self._open(tag, attributes, styled))
            return
        meaning = self._meanings.get(tag)
        if meaning is None:
            stack.append(None)
        elif meaning is _START_BLOCK:  # most elements: taken the short way
            if self._pending or self._line:
                self.end_block()
            stack.append(self.end_block)
        else:
            stack.append(meaning(self, attributes))

    def end(self, _tag: str) -> None:
        """End the element begun last."""
        close = self._stack.pop()
        if close is not None:
            close()

    def close(self) -> None:
        """Lay down what is still open, at the end of the markup or where it was cut."""
        while self._stack:
            self.end("")
        self.end_block()
        self.cut = self.cut or not self._rules.complete

    def forget(self) -> None:
        """Let go of everything. A parser and its target are a cycle, which lives on for a while."""
        vars(self).clear()

    # Elements with looks of their own

    def _open(self, tag: str, attributes: Attributes, styled: Styled) -> Close:
        opened = _Open()
        if styled.bears:
            self._stand_around(styled.bears, opened)
        meaning = self._meanings.get(tag)
        if not self.hidden_because:
            look = self._look_at(tag, attributes, styled, opened)
            if meaning is None and look.display in BLOCK_DISPLAYS:
                meaning = MarkupReader.start_block
        links = len(self.open_links)
        if meaning is not None:
            opened.close = meaning(self, attributes)
        if styled.before and not self.hidden_because:
            self.write(styled.before + " ")
        if not DESTINATION_ATTRIBUTES.isdisjoint(attributes):
            opened.button = self._open_button(attributes, is_link=len(self.open_links) > links)
        self._opens.append(opened)
        return self._close_opened

    def _open_button(self, attributes: Attributes, *, is_link: bool) -> bool:
        """Begin the link that an element's handlers make of it, beside what its ``href`` does."""
        arrival = arrival_target(attributes)
        if arrival:
            self.add_link(arrival, "script", {})
        target = click_target(attributes) if is_link else attribute_target(attributes)
        if not target or (is_link and target == self.open_links[-1].href):
            return False
        self.open_link(target, "button", attributes)
        return True

    def _stand_around(self, bears: tuple[str, ...], opened: _Open) -> None:
        """Note that the element is what rules for others ask to stand in."""
        depth = len(self._stack)
        is_child = self._context_depth == depth - 1
        opened.around = (self._context, self._context_depth)
        self._context = self._rules.context(bears, self._context, is_child=is_child)
        self._context_depth = depth

    def _look_at(self, tag: str, attributes: Attributes, styled: Styled, opened: _Open) -> Look:
        """Apply what the element's attributes and the page's rules say about its looks."""
        style = attributes.get("style")
        look = styled.look
        if style:
            self.cut = self.cut or len(style) > LONGEST_STYLE
            look = look_of(style) if look is PLAIN else merge_looks((look, look_of(style)))
        background = look.background
        if not background and "bgcolor" in attributes:
            background = read_colour(attributes["bgcolor"])
        if background:
            opened.background, self._background = self._background, background
        # A page that hides all of itself waits for a script to show it.
        if tag in _ROOTS:
            return look
        opened.after = styled.after
        if not self._in_aria_hidden and attributes.get("aria-hidden", "").lower() == "true":
            self.flush()
            self._in_aria_hidden = True
            opened.aria = self.position()
        reason = self._why_hidden(attributes, look)
        if reason:
            self.hide(reason)
            opened.reveals = True
        return look

    def _why_hidden(self, attributes: Attributes, look: Look) -> str:
        if look.hides:
            return look.hides
        if "hidden" in attributes and not look.display:
            return "hidden attribute"
        colour = look.colour
        if not colour and "color" in attributes:
            colour = read_colour(attributes["color"])
        alike = colour and self._background and look_alike(colour, self._background)
        return "background's colour" if alike else ""

    def _close_opened(self) -> None:
        opened = self._opens.pop()
        if opened.button:
            self.close_link()
        if opened.after and not self.hidden_because:
            self.write(" " + opened.after)
        if opened.close is not None:
            opened.close()
        if opened.background is not None:
            self._background = opened.background
        if opened.around is not None:
            self._context, self._context_depth = opened.around
        if opened.reveals:
            self.reveal()
        if opened.aria >= 0:
            self.flush()
            self._in_aria_hidden = False
            self.aria_hidden.append((opened.aria, self.position()))

    def start_block(self, _attributes: Attributes) -> Close:
        """Begin an element that stands on lines of its own."""
        self.end_block()
        return self.end_block


_START_BLOCK = MarkupReader.start_block
