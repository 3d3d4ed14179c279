"""Keeps a page's links while it is read: where each begins and ends in the text laid down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.labels import LABELS, label_of
from model.textflow import TextFlow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.parts import LinkRole
    from model.textflow import Limits


class OpenLink:
    """A link while it is read: offsets into the text as laid down, before trimming."""

    __slots__ = ("end", "hidden", "hidden_mark", "href", "label", "picture", "rel", "role", "start")

    def __init__(self, href: str, role: LinkRole, start: int, label: str) -> None:
        self.href = href
        self.role = role
        self.start = self.end = start
        self.label = label  # its words where it is hidden, else what stands for missing words
        self.hidden = False
        self.hidden_mark = 0
        self.picture = False
        self.rel: tuple[str, ...] = ()


class LinkFlow(TextFlow):
    """A TextFlow with links. ``open_links`` are those whose words are being read."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self._longest = limits.value
        self._most_links = limits.links
        self.links: list[OpenLink] = []
        self.open_links: list[OpenLink] = []

    def add_link(self, href: str, role: LinkRole, attributes: Mapping[str, str]) -> OpenLink:
        """Add a link that has no words of its own."""
        self.flush()
        href = self.clip(href.strip())
        label = "" if LABELS.isdisjoint(attributes) else self.clip(label_of(attributes))
        link = OpenLink(href, role, self.position(), label)
        if self.hidden_because:
            link.hidden = True
            link.hidden_mark = self.hidden_mark()
        if len(self.links) < self._most_links:
            self.links.append(link)
        else:
            self.cut = True
        return link

    def open_link(self, href: str, role: LinkRole, attributes: Mapping[str, str]) -> OpenLink:
        """Begin a link whose words are those of its element; ``close_link`` ends it."""
        link = self.add_link(href, role, attributes)
        self.open_links.append(link)
        return link

    def close_link(self) -> None:
        """End the link begun last."""
        self.flush()
        link = self.open_links.pop()
        link.end = self.position()
        if link.hidden and self.hidden_because:
            link.label = self.hidden_words(link.hidden_mark, self._longest) or link.label

    def clip(self, value: str) -> str:
        """Return as much of a value as is kept of one; notes where something is left out."""
        if len(value) <= self._longest:
            return value
        self.cut = True
        return value[: self._longest]
