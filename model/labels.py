"""The words that stand for an element which has none of its own: a picture's, a button's."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

_LABELS = ("alt", "title", "aria-label", "value")
LABELS = frozenset((*_LABELS, "type"))  # attributes that an element with a label has one of
_PENDING_SOURCES = ("data-src", "href", "xlink:href")


def label_of(attributes: Mapping[str, str]) -> str:
    """Return an element's label, '' where it has none; an image button's may be its file's name."""
    for name in _LABELS:
        if name in attributes:
            words = " ".join(attributes[name].split())
            if words:
                return words
    if attributes.get("type", "").lower() == "image":
        return words_of_file_name(source_of(attributes))
    return ""


def source_of(attributes: Mapping[str, str]) -> str:
    """Return a picture's address; one that waits to be loaded goes before its stand-in."""
    src = attributes.get("src", "")
    if src and not src.startswith("data:"):
        return src
    for name in _PENDING_SOURCES:
        if attributes.get(name):
            return attributes[name]
    return src


def words_of_file_name(src: str) -> str:
    """Read a picture's file name as words: ``/i/download-now.png?x`` gives ``download now``."""
    if src.startswith("data:"):
        return ""
    name = unquote(src[:300].partition("?")[0].rpartition("/")[2].rpartition(".")[0])
    return " ".join(name.replace("-", " ").replace("_", " ").split())
