"""The way from markup to events: BeautifulSoup drives, lxml tokenizes, a reader listens.

The builder makes no tree, because making one is nearly all a page's cost: its events go straight
to the reader, in document order, each start tag with its end tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from lxml.etree import HTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from model.textflow import Limits

_CHUNK = 16_384  # characters fed at a time


class EnoughError(Exception):
    """A reader raises it to stop the parse: a bound was reached."""


class Reader(Protocol):
    """What listens to a parse."""

    cut: bool
    limits: Limits

    def depth(self) -> int:
        """Return how many elements are open."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""

    def end(self, tag: str) -> None:
        """End the element begun last."""

    def data(self, text: str) -> None:
        """Take a piece of text; a run of text may come in several pieces."""

    def close(self) -> None:
        """Take note that the parse ended, at the end of the markup or before; may come twice."""


class ReadingBuilder(HTMLTreeBuilder):
    """A bs4 tree builder that hands lxml's events to a reader instead of growing a tree."""

    NAME = "baitwatch-reading"

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def prepare_markup(
        self, markup: str | bytes, *_args: object, **_kwargs: object
    ) -> Iterable[tuple[str | bytes, None, None, bool]]:
        """Take the markup as it is: it was decoded before it came here."""
        yield markup, None, None, False

    def feed(self, markup: str | bytes) -> None:
        """Parse a str, until its end or until the reader has had enough."""
        assert isinstance(markup, str)
        parser = HTMLParser(target=self._reader, huge_tree=True, encoding="utf-8")
        try:
            for chunk in self._affordable(markup):
                parser.feed(chunk.encode())
            parser.close()
        except EnoughError:
            self._reader.cut = True
        self._reader.close()

    def _affordable(self, markup: str) -> Iterator[str]:
        """Yield the markup in chunks; raise EnoughError before one that would cost too much.

        libxml2 looks for an end tag's element through all the open ones.
        """
        effort = self._reader.limits.effort
        if markup.count("<") ** 2 <= effort:  # as with nearly all pages
            yield markup
            return
        for start in range(0, len(markup), _CHUNK):
            chunk = markup[start : start + _CHUNK]
            effort -= chunk.count("</") * (self._reader.depth() + chunk.count("<"))
            if effort < 0:
                raise EnoughError
            yield chunk


def read_markup(markup: str, reader: Reader) -> None:
    """Parse markup into a reader's ears, until its end or until the reader has had enough."""
    if "<" not in markup:
        markup += "\n"  # tells bs4 that a short text is no file name; adds no text to the page
    BeautifulSoup(markup, builder=ReadingBuilder(reader))
