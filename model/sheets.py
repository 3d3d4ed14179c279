"""A page's style sheets as text: where they stand in the markup, which of their rules apply."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WINDOW = 1_280.0  # pixels: the width that media queries are asked about

_WIDTH = re.compile(r"\((min|max)-width\s{0,3}:\s{0,3}(\d{1,6}(?:\.\d{1,3})?)(px|em|rem)\)")
# What holds text that is no markup: comments, scripts and the sheets themselves.
_RAW = re.compile(r"<(?:(!--)|(script)[\s>/]|style((?:[\s/][^>]{0,4000})?)>)", re.IGNORECASE)
_COMMENT_END = re.compile("-->")
_SCRIPT_END = re.compile("</script", re.IGNORECASE)
_STYLE_END = re.compile("</style", re.IGNORECASE)
_MEDIA = re.compile(r"\bmedia\s{0,3}=\s{0,3}[\"']?([^\"'>]{0,100})", re.IGNORECASE)
_TYPE = re.compile(r"\btype\s{0,3}=\s{0,3}[\"']?([^\"'>]{0,100})", re.IGNORECASE)
_CSS_TYPES = frozenset(("", "text/css"))


def find_sheets(markup: str) -> list[str]:
    """Look for the sheets of a page before it is parsed, fast but easily fooled.

    The parser's word counts: what it meets must be compared with what was found here.
    """
    sheets: list[str] = []
    begun = _RAW.search(markup)
    while begun is not None:
        end = _COMMENT_END if begun[1] else _SCRIPT_END if begun[2] else _STYLE_END
        ended = end.search(markup, begun.end())
        if ended is None:
            break
        if begun[3] is not None:
            media, kind = _MEDIA.search(begun[3]), _TYPE.search(begun[3])
            if is_sheet(media[1] if media else "", kind[1] if kind else ""):
                sheets.append(markup[begun.end() : ended.start()])
        begun = _RAW.search(markup, ended.end())
    return sheets


def is_sheet(media: str, kind: str) -> bool:
    """Tell by its ``media`` and ``type`` whether a style element applies on a screen."""
    return media.strip().lower() in {"", "all", "screen"} and kind.strip().lower() in _CSS_TYPES


def applied_rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and the body of every rule of a sheet that applies on a screen."""
    css = _without_comments(css.replace("<!--", ""))
    applies = [True]
    for piece in css.split("}")[:-1]:
        head, opened, body = piece.rpartition("{")
        if not opened:
            applies = applies[:-1] or [True]
            continue
        *groups, prelude = head.split("{")
        for group in groups:
            applies.append(applies[-1] and _group_applies(group.rpartition(";")[2].strip().lower()))
        prelude = prelude.rpartition(";")[2]
        if applies[-1] and "@" not in prelude:
            yield prelude, body


def _without_comments(css: str) -> str:
    first, *rest = css.split("/*")
    return first + " ".join(part.partition("*/")[2] for part in rest)


def _group_applies(prelude: str) -> bool:
    if prelude.startswith(("@supports", "@layer")):
        return True
    if not prelude.startswith("@media"):
        return False  # for printing, for an animation; a rule within a rule is for its descendants
    query = prelude[len("@media") :].strip()
    for bound, width, unit in _WIDTH.findall(query):
        pixels = float(width) * (1 if unit == "px" else 16)
        if (bound == "min") != (pixels <= _WINDOW):
            return False
    remaining = _WIDTH.sub("", query).replace("only ", "").replace(" and ", " ").split()
    return set(remaining) <= {"screen", "all", "and"}
