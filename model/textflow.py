"""Lays a page's text down: visible lines with their blocks, hidden text apart.

Text gathers in ``_pending`` as the parser delivers it, and is laid down, white space collapsed,
when something happens that its place matters to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.parts import Block

if TYPE_CHECKING:
    from model.parts import BlockRole


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a page is read. Reaching one of them marks the Document as cut."""

    body: int = 2 * 1024 * 1024  # bytes
    depth: int = 10_000  # elements open at once
    effort: int = 100_000_000  # open elements times end tags: what finding their starts can cost
    tags: int = 150_000  # elements; of plain text, lines
    text: int = 1_000_000  # code points of visible text, and as many of hidden text
    links: int = 10_000
    images: int = 5_000
    forms: int = 200
    attributes: int = 500  # of one element
    meta: int = 500
    value: int = 4_096  # code points of one address, label or other attribute


class TextFlow:
    """The text of a page while it is read."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._most_text = limits.text
        self._pending: list[str] = []
        self._line: list[str] = []
        self._line_length = 0
        self._line_start = 0
        self._gap = False  # white space was read that no word followed yet
        self._hidden_pieces: list[str] = []
        self._hidden_length = 0
        self.role: BlockRole = "paragraph"
        self.in_frame = self.in_noscript = self.in_pre = False
        self.hidden_because = ""  # not '' while what is read is hidden
        self.cut = False
        self.lines: list[str] = []
        self.blocks: list[Block] = []
        self.hidden: list[tuple[str, str, int]] = []

    def position(self) -> int:
        """Return where the next visible word will stand, give or take a space before it."""
        return self._line_start + self._line_length

    def write(self, text: str) -> None:
        """Add text that stands in no text node, such as a button's label."""
        self._pending.append(text)

    def take(self) -> str:
        """Return the text read since the last flush, instead of laying it down."""
        raw = "".join(self._pending)
        self._pending.clear()
        return raw

    def flush(self) -> None:
        """Lay down the text read so far."""
        if not self._pending:
            return
        raw = self.take()
        if self.hidden_because:
            self._lay_hidden(raw)
        elif self.in_pre:
            first, *others = raw.split("\n")
            self._lay(first)
            for line in others:
                self.end_line()
                self._lay(line)
        else:
            self._lay(raw)

    def end_block(self) -> None:
        """Lay down the text read so far and end its line, if it is visible."""
        pending = self._pending
        if pending:
            if len(pending) == 1 and pending[0].isspace():
                pending.clear()
            elif self._line or self.hidden_because or self.in_pre:
                self.flush()
            else:
                self._lay_block()
                return
        if self._line and not self.hidden_because:
            self.end_line()

    def _lay_block(self) -> None:
        """Make a block of text that nothing interrupted: most blocks, hence the short way."""
        piece = " ".join("".join(self._pending).split())
        end = self._line_start + len(piece)
        if not piece:
            self._pending.clear()
        elif end > self._most_text:
            self.flush()
            self.end_line()
        else:
            self._pending.clear()
            self.lines.append(piece)
            self.blocks.append(
                Block(self._line_start, end, self.role, self.in_frame, self.in_noscript)
            )
            self._line_start = end + 1
        self._gap = False

    def end_line(self) -> None:
        """Make a block of the words on the line, if there are any."""
        if self._line:
            end = self._line_start + self._line_length
            self.lines.append("".join(self._line))
            self.blocks.append(
                Block(self._line_start, end, self.role, self.in_frame, self.in_noscript)
            )
            self._line.clear()
            self._line_start = end + 1
            self._line_length = 0
        self._gap = False

    def words_on_line(self) -> str:
        """Return the words of the line that is laid down but not yet ended."""
        return "".join(self._line)

    def hide(self, because: str) -> None:
        """Begin hidden text."""
        self.flush()
        self.hidden_because = because

    def reveal(self) -> None:
        """End hidden text and keep it apart."""
        self.flush()
        text = " ".join(self._hidden_pieces)
        if text:
            self.hidden.append((text, self.hidden_because, self.position()))
        self._hidden_pieces.clear()
        self.hidden_because = ""

    def hidden_mark(self) -> int:
        """Return a place in the hidden text, for ``hidden_words``."""
        return len(self._hidden_pieces)

    def hidden_words(self, mark: int, most: int) -> str:
        """Return the hidden text since a place in it, about as much as ``most`` code points."""
        return " ".join(self._hidden_pieces[mark : mark + most])[:most]

    def _lay(self, raw: str) -> None:
        piece = " ".join(raw.split())
        if not piece:
            self._gap = self._gap or bool(raw)
            return
        if self._line and (self._gap or raw[0].isspace()):
            piece = " " + piece
        room = self._most_text - self._line_start - self._line_length
        if len(piece) > room:
            piece = piece[: max(room, 0)].rstrip()
            self.cut = True
        if piece:
            self._line.append(piece)
            self._line_length += len(piece)
        self._gap = raw[-1].isspace()

    def _lay_hidden(self, raw: str) -> None:
        piece = " ".join(raw.split())
        room = self._most_text - self._hidden_length
        if len(piece) > room:
            piece = piece[: max(room, 0)]
            self.cut = True
        if piece:
            self._hidden_pieces.append(piece)
            self._hidden_length += len(piece)
