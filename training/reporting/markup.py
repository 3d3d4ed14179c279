"""Building HTML and SVG: elements whose words and attributes are always escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable

from training.report import plain

_EMPTY = frozenset({"meta", "br", "line", "path", "rect", "circle", "polyline"})


class Html(str):
    """Markup that was made here and may stand in a page as it is."""

    __slots__ = ()


def words(text: str) -> Html:
    """Escape words of whatever origin; characters that command are left out.

    Blanks at either end stay, as one, so that pieces of a sentence keep apart.
    """
    line = plain(text)
    before, after = (" " if end.isspace() else "" for end in (text[:1], text[-1:]))
    return Html(html.escape(f"{before}{line}{after}" if line else before, quote=True))


def element(name: str, /, *children: str, **attributes: str | float) -> Html:
    """Make an element. Children that are no ``Html`` are words, and escaped.

    Attributes are named as in HTML, with ``_`` for ``-`` and after Python's own words
    (``class_``); numbers are written with at most two decimals.
    """
    stated = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{words(_written(value))}"'
        for key, value in attributes.items()
    )
    if name in _EMPTY:
        return Html(f"<{name}{stated}/>" if name != "meta" else f"<{name}{stated}>")
    return Html(f"<{name}{stated}>{together(children)}</{name}>")


def together(children: Iterable[str]) -> Html:
    """Put children one after the other."""
    return Html("".join(c if isinstance(c, Html) else words(c) for c in children))


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], caption: str = "") -> Html:
    """Make a table that scrolls by itself where the screen is narrow; its first cells are heads."""
    head = element("tr", *(element("th", name, scope="col") for name in heads))
    body = [_row(list(cells)) for cells in rows]
    named = [element("caption", caption)] if caption else []
    inner = element("table", *named, element("thead", head), element("tbody", *body))
    return element("div", inner, class_="wide", tabindex="0", role="region", aria_label="Table")


def _row(cells: list[str]) -> Html:
    first = element("th", cells[0], scope="row")
    return element("tr", first, *(element("td", cell) for cell in cells[1:]))


def folded(summary: str, *children: str) -> Html:
    """Make a part that opens when it is asked for."""
    return element("details", element("summary", summary), *children)
