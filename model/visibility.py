"""What one element's own style hides from the reader, and the reason for it in a few words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST_STYLE = 1_000  # characters read of one declaration list
_LENGTH = re.compile(
    r"(-?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))\s{0,3}(?:px|em|rem|pt|%|vw|vh)?", re.ASCII
)
_OFF_SCREEN = 900.0  # of any unit, to the left of the page or above it
_CLIPS = ("rect(0", "rect(1px", "inset(50%", "inset(100%", "polygon(0 0, 0 0", "circle(0")
_NO_OPACITY = re.compile(r"(?:rgba|hsla)\([^()]{1,40},(?:0|0?\.0{1,4}|0%)\)", re.ASCII)
_HEXADECIMAL = re.compile(r"#(?:[0-9a-f]{3}){1,2}")
_NEAR = 6  # of 255, in each of red, green and blue
_NAMED = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "yellow": "#ffff00"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a declaration list does to the element it applies to.

    ``hides`` is the reason it cannot be seen, or ''. ``display`` and ``visibility`` are the
    values that are declared, colours are ``#rrggbb`` where they can be read, all '' where absent.
    """

    hides: str = ""
    display: str = ""
    visibility: str = ""
    colour: str = ""
    background: str = ""


PLAIN = Look()


def look_of(style: str) -> Look:
    """Read a ``style`` attribute or the body of a CSS rule."""
    return _look_of(style[:LONGEST_STYLE])


def merge_looks(looks: Iterable[Look]) -> Look:
    """Lay one look over another; of what two of them declare, the last one holds."""
    merged = PLAIN
    for look in looks:
        if merged is PLAIN or look is PLAIN:
            merged = look if merged is PLAIN else merged
            continue
        display = look.display or merged.display
        visibility = look.visibility or merged.visibility
        merged = Look(
            look.hides or _still_hides(merged.hides, display, visibility),
            display,
            visibility,
            look.colour or merged.colour,
            look.background or merged.background,
        )
    return merged


def _still_hides(reason: str, display: str, visibility: str) -> str:
    if reason == "display:none":
        return reason if display == "none" else ""
    if reason == "visibility:hidden":
        return "" if visibility == "visible" else reason
    return reason


@lru_cache(maxsize=4_096)
def _look_of(style: str) -> Look:
    declared = _declarations(style)
    background = declared.get("background-color", declared.get("background", ""))
    return Look(
        _why_hidden(declared),
        declared.get("display", ""),
        declared.get("visibility", ""),
        read_colour(declared.get("color", "")),
        read_colour(background),
    )


def _declarations(style: str) -> dict[str, str]:
    declared = {}
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            declared[name.strip()] = value.replace("!important", "").strip()
    return declared


def _why_hidden(declared: Mapping[str, str]) -> str:
    if declared.get("display") == "none":
        return "display:none"
    if declared.get("visibility") in {"hidden", "collapse"}:
        return "visibility:hidden"
    if _is_tiny(declared.get("font-size", "")):
        return "font-size:0"
    if _is_see_through(declared.get("color", "")) and "text" not in declared.get(
        "background-clip", declared.get("-webkit-background-clip", "")
    ):
        return "transparent"
    return _why_placed_away(declared) or _why_too_small(declared)


def _is_tiny(size: str) -> bool:
    """Say whether letters are a pixel high at the most, or a tenth of those around them."""
    length = _length(size)
    return length is not None and length <= (1 if size.endswith(("px", "pt")) else 0.1)


def _is_see_through(colour: str) -> bool:
    value = "".join(colour.split())
    return value == "transparent" or bool(_NO_OPACITY.fullmatch(value))


def _length(value: str | None) -> float | None:
    match = _LENGTH.fullmatch(value) if value else None
    return float(match[1]) if match else None


def _why_placed_away(declared: Mapping[str, str]) -> str:
    indent = _length(declared.get("text-indent"))
    if indent is not None and abs(indent) >= _OFF_SCREEN:
        return "off-screen"
    if declared.get("clip-path", "").startswith(_CLIPS):
        return "clipped"
    if declared.get("position") not in {"absolute", "fixed"}:
        return ""
    if declared.get("clip", "").startswith(_CLIPS):
        return "clipped"
    for side in ("left", "top", "right", "bottom", "margin-left", "margin-top"):
        offset = _length(declared.get(side))
        if offset is not None and offset <= -_OFF_SCREEN:
            return "off-screen"
    return ""


def _why_too_small(declared: Mapping[str, str]) -> str:
    if declared.get("transform", "").startswith(("scale(0)", "scale(0,")):
        return "zero size"
    if declared.get("overflow") not in {"hidden", "clip"}:
        return ""
    width = _length(declared.get("width", declared.get("max-width")))
    height = _length(declared.get("height", declared.get("max-height")))
    if width == 0 or height == 0:
        return "zero size"
    return "one pixel" if width == 1 or height == 1 else ""


def look_alike(one: str, other: str) -> bool:
    """Say whether two colours of ``#rrggbb`` are too near for letters to be read."""
    if one == other:
        return True
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return all(abs(a - b) <= _NEAR for a, b in pairs)


def read_colour(value: str) -> str:
    """Write a CSS or HTML colour as ``#rrggbb``; '' where it is none that stands alone."""
    value = "".join(value.lower().split())
    value = _NAMED.get(value, value)
    if value.startswith("rgb("):
        parts = value[4:].rstrip(")").split(",")
        if len(parts) == 3 and all(part.isdecimal() and int(part[:4]) < 256 for part in parts):
            return "#" + "".join(f"{int(part):02x}" for part in parts)
        return ""
    if not _HEXADECIMAL.fullmatch(value):
        return ""
    return "#" + "".join(digit * 2 for digit in value[1:]) if len(value) == 4 else value
