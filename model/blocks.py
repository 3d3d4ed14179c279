"""Where a page's lines end and what stands on them: blocks, their roles, parts not shown.

Each ``_start_`` method is called as its element begins and returns what to call as it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from model.reading import MarkupReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from model.parts import BlockRole
    from model.reading import Attributes, Close
    from model.stylesheet import StyleRules
    from model.textflow import Limits

    Meaning = Callable[["BlockReader", Attributes], Close | None]

_BLOCK_TAGS = (
    *("address", "article", "center", "dir", "div", "dl", "fieldset", "figcaption", "figure"),
    *("frameset", "head", "hgroup", "hr", "legend", "main", "menu", "ol", "optgroup", "p"),
    *("search", "section", "table", "tbody", "tfoot", "thead", "tr", "ul"),
)
_ROLES: dict[str, BlockRole] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd", "option"), "item"),
    **dict.fromkeys(("td", "th", "caption"), "cell"),
    "blockquote": "quote",
}
_PAGE_FRAME_TAGS = ("nav", "header", "footer", "aside")
_FALLBACK_TAGS = ("audio", "canvas", "datalist", "noembed", "noframes", "rp", "video")
_DRAWING_TAGS = ("defs", "desc", "metadata", "symbol")
_CLOSED_DETAILS = "closed details"


def _meaning_of_role(role: BlockRole) -> Meaning:
    return lambda reader, _attributes: reader.start_role(role)


def _meaning_unseen(because: str) -> Meaning:
    return lambda reader, _attributes: reader.start_unseen(because)


class BlockReader(MarkupReader):
    """A MarkupReader that knows the elements that lay out text."""

    def __init__(self, limits: Limits, rules: StyleRules) -> None:
        super().__init__(limits, rules)
        self._roles: list[BlockRole] = []
        self._closed_details_at = -1

    def start_role(self, role: BlockRole) -> Close:
        """Begin a block of a role."""
        self.end_block()
        self._roles.append(self.role)
        self.role = role
        return self.end_role

    def end_role(self) -> None:
        """End the block begun last."""
        self.end_block()
        self.role = self._roles.pop()

    def _start_page_frame(self, _attributes: Attributes) -> Close:
        self.end_block()
        if self.in_frame:
            return self.end_block
        self.in_frame = True
        return self._end_page_frame

    def _end_page_frame(self) -> None:
        self.end_block()
        self.in_frame = False

    def _start_noscript(self, _attributes: Attributes) -> Close | None:
        if self.in_noscript:
            return None
        self.end_block()
        self.in_noscript = True
        return self._end_noscript

    def _end_noscript(self) -> None:
        self.end_block()
        self.in_noscript = False

    def _start_pre(self, _attributes: Attributes) -> Close:
        close = self.start_role("code")
        if self.in_pre:
            return close
        self.in_pre = True
        return self._end_pre

    def _end_pre(self) -> None:
        self.end_role()
        self.in_pre = False

    def _start_br(self, _attributes: Attributes) -> None:
        self.end_block()

    # Parts that are not shown

    def start_unseen(self, because: str) -> Close | None:
        """Begin a part that a browser does not show."""
        if self.hidden_because:
            return None
        self.hide(because)
        return self.reveal

    def _start_closable(self, attributes: Attributes, because: str) -> Close:
        self.end_block()
        if self.hidden_because or "open" in attributes:
            return self.end_block
        self.hide(because)
        return self.reveal

    def _start_details(self, attributes: Attributes) -> Close:
        was_shown = not self.hidden_because
        close = self._start_closable(attributes, _CLOSED_DETAILS)
        if was_shown and self.hidden_because:
            self._closed_details_at = self.depth()
        return close

    def _start_dialog(self, attributes: Attributes) -> Close:
        return self._start_closable(attributes, "closed dialog")

    def _start_summary(self, _attributes: Attributes) -> Close:
        """The summary of closed details is what is seen of them."""
        self.end_block()
        is_theirs = self.depth() == self._closed_details_at + 1
        if not is_theirs or self.hidden_because != _CLOSED_DETAILS:
            return self.end_block
        self._closed_details_at = -1  # a second summary is hidden like the rest
        self.reveal()
        return self._end_summary

    def _end_summary(self) -> None:
        self.end_block()
        self.hide(_CLOSED_DETAILS)

    meanings: ClassVar[Mapping[str, Callable[..., Close | None]]] = {
        **dict.fromkeys((*_BLOCK_TAGS, "body"), MarkupReader.start_block),
        **{tag: _meaning_of_role(role) for tag, role in _ROLES.items()},
        **dict.fromkeys(_PAGE_FRAME_TAGS, _start_page_frame),
        **dict.fromkeys(("listing", "plaintext", "pre", "xmp"), _start_pre),
        **dict.fromkeys(_FALLBACK_TAGS, _meaning_unseen("fallback")),
        **dict.fromkeys(_DRAWING_TAGS, _meaning_unseen("drawing")),
        "br": _start_br,
        "details": _start_details,
        "dialog": _start_dialog,
        "noscript": _start_noscript,
        "summary": _start_summary,
        "template": _meaning_unseen("template"),
    }
