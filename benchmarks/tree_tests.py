"""html5lib's public tree-construction tests as a yardstick of how markup is understood.

Compared are the sequence of start tags and the text, in document order, white space apart; script
and fragment tests are left out. Ours are the events that a reader hears, the stock ones are read
off BeautifulSoup's own tree over lxml.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

from model.soup import read_markup
from model.textflow import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CASES = Path(__file__).parents[1] / "tests/vectors/html5lib-tests/tree-construction"

_TAG = re.compile(r"\| *<([^!?\s>][^>]*)>$")
_TEXT = re.compile(r'\| *"(.*)"$', re.DOTALL)
_IMPLIED = frozenset(("html", "head", "body"))  # most tests leave them to the parser


@dataclass(frozen=True)
class Reading:
    """What was understood of one piece of markup."""

    tags: tuple[str, ...]
    text: str


def read_cases(folder: Path) -> Iterator[tuple[str, Reading]]:
    """Yield the markup of every test with the reading it expects."""
    for path in sorted(folder.glob("*.dat")):
        for case in path.read_bytes().decode().split("#data\n")[1:]:
            markup, _, rest = case.partition("\n#errors")
            expected = rest.partition("\n#document\n")[2]
            if "#document-fragment" not in rest and "#script-on" not in rest and expected:
                yield markup, _expected(expected.rstrip("\n"))


def _expected(tree: str) -> Reading:
    tags, texts = [], []
    for node in re.split(r"\n(?=\| )", tree):
        tag, text = _TAG.match(node), _TEXT.match(node)
        if tag:
            tags.append(tag[1].rpartition(" ")[2])
        elif text:
            texts.append(text[1])
    return _reading(tags, texts)


def _reading(tags: list[str], texts: list[str]) -> Reading:
    shown = tuple(tag.lower() for tag in tags if tag.lower() not in _IMPLIED)
    return Reading(shown, "".join("".join(texts).split()))


class _Listener:
    """Writes down what a parse says."""

    def __init__(self) -> None:
        self.cut = False
        self.limits = Limits()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def depth(self) -> int:
        return 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        self.tags.append(tag)

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        self.texts.append(text)

    def close(self) -> None:
        pass


def read_ours(markup: str) -> Reading:
    """Read markup as the model's parser hears it."""
    listener = _Listener()
    read_markup(markup.replace("\x00", ""), listener)
    return _reading(listener.tags, listener.texts)


def read_stock(markup: str) -> Reading:
    """Read markup off BeautifulSoup's tree over lxml."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(markup.replace("\x00", ""), "lxml")
    tags, texts = [], []
    for node in soup.descendants:
        if isinstance(node, Tag):
            tags.append(node.name)
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            texts.append(str(node))
    return _reading(tags, texts)


@dataclass(frozen=True)
class Agreement:
    """The number of tests, and the shares of them that agree in tags, in text and in both."""

    count: int
    tags: float
    text: float
    both: float


def agreement(folder: Path, read: Callable[[str], Reading]) -> Agreement:
    """Compare a way to read with what the tests of a folder expect."""
    readings = [(read(markup), expected) for markup, expected in read_cases(folder)]
    count = len(readings)
    return Agreement(
        count,
        sum(ours.tags == theirs.tags for ours, theirs in readings) / count,
        sum(ours.text == theirs.text for ours, theirs in readings) / count,
        sum(ours == theirs for ours, theirs in readings) / count,
    )
