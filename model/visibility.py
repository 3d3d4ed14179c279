"""What a page's markup hides from its reader, and the reason for it in a few words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONSIDERED = 1_000  # characters of one declaration list; a longer one hides nothing new
_LENGTH = re.compile(r"\s*(-?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))(?:px|em|rem|pt|%|vw|vh)?\s*")
_OFF_SCREEN = 900.0  # pixels (or any unit) to the left of or above the page
_CLIPS = ("rect(0", "rect(1px", "inset(50%", "inset(100%")


def why_hidden(attributes: Mapping[str, str]) -> str:
    """Say why an element's own attributes hide it from the reader, or ''."""
    if "hidden" in attributes:
        return "hidden attribute"
    style = attributes.get("style")
    return why_style_hides(style[:_CONSIDERED]) if style else ""


@lru_cache(maxsize=4_096)
def why_style_hides(style: str) -> str:
    """Say why a CSS declaration list hides the element it applies to, or ''."""
    declared = parse_declarations(style)
    if declared.get("display") == "none":
        return "display:none"
    if declared.get("visibility") in {"hidden", "collapse"}:
        return "visibility:hidden"
    if _length(declared.get("font-size")) == 0:
        return "font-size:0"
    return _why_placed_away(declared) or _why_too_small(declared) or _why_same_colour(declared)


def parse_declarations(style: str) -> dict[str, str]:
    """Split a declaration list into lower-case properties and values; later ones win."""
    declared = {}
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            declared[name.strip()] = value.replace("!important", "").strip()
    return declared


def _length(value: str | None) -> float | None:
    match = _LENGTH.fullmatch(value) if value else None
    return float(match[1]) if match else None


def _why_placed_away(declared: Mapping[str, str]) -> str:
    indent = _length(declared.get("text-indent"))
    if indent is not None and abs(indent) >= _OFF_SCREEN:
        return "off-screen"
    if declared.get("position") not in {"absolute", "fixed"}:
        return ""
    if declared.get("clip", declared.get("clip-path", "")).startswith(_CLIPS):
        return "clipped"
    for side in ("left", "top", "right", "bottom", "margin-left", "margin-top"):
        offset = _length(declared.get(side))
        if offset is not None and offset <= -_OFF_SCREEN:
            return "off-screen"
    return ""


def _why_too_small(declared: Mapping[str, str]) -> str:
    if declared.get("overflow") not in {"hidden", "clip"}:
        return ""
    width = _length(declared.get("width", declared.get("max-width")))
    height = _length(declared.get("height", declared.get("max-height")))
    if width == 0 or height == 0:
        return "zero size"
    return "one pixel" if width == 1 or height == 1 else ""


def _why_same_colour(declared: Mapping[str, str]) -> str:
    background = declared.get("background-color", declared.get("background"))
    colour = declared.get("color")
    if colour and background and _colour(colour) == _colour(background):
        return "background's colour"
    return ""


_NAMED = {"white": "#ffffff", "black": "#000000", "red": "#ff0000"}


def _colour(value: str) -> str:
    value = "".join(_NAMED.get(value, value).split())
    if len(value) == 4 and value.startswith("#"):
        return "#" + "".join(digit * 2 for digit in value[1:])
    if value.startswith("rgb("):
        parts = value[4:].rstrip(")").split(",")
        if len(parts) == 3 and all(part.isdecimal() and len(part) < 4 for part in parts):
            return "#" + "".join(f"{int(part):02x}" for part in parts)
    return value
