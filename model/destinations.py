"""Where markup leads besides plain links: scripts, event handlers, refreshes, data attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CLICKS = (
    *("onclick", "onmousedown", "onmouseup", "onmouseover", "onpointerdown", "onsubmit"),
    *("ontouchend", "ontouchstart"),
)
_ARRIVALS = ("onerror", "onload")  # they need no click
_ALWAYS_ADDRESSES = ("data-href", "formaction")
_MAYBE_ADDRESSES = ("data-url", "data-link", "data-target-url", "data-redirect", "data-go")
DESTINATION_ATTRIBUTES = frozenset((*_CLICKS, *_ARRIVALS, *_ALWAYS_ADDRESSES, *_MAYBE_ADDRESSES))

# What browsers overlook in front of an address and within its scheme.
_SCRIPT_ADDRESS = re.compile(r"[\x00-\x20]*" + r"[\t\n]*".join("javascript:"), re.IGNORECASE)
_QUOTED = r"\s{0,9}(?:\"([^\"\s<>]{1,2048})\"|'([^'\s<>]{1,2048})'|`([^`$\s<>]{1,2048})`)"
# Both begin with a literal, which the re module finds fast; what may not stand before it follows.
_ASSIGNED = re.compile(
    r"location(?<![\w$-]location)"
    r"(?:(?:\.href|\[[\"']href[\"']\])?\s{0,9}=(?!=)"
    r"|(?:\.(?:replace|assign)|\[[\"'](?:replace|assign)[\"']\])\s{0,9}\()" + _QUOTED
)
_OPENED = re.compile(r"window\.open\s{0,9}\(" + _QUOTED)
_REFRESH = re.compile(
    r"\s{0,9}[\d.]{1,20}[\s;,]{1,9}(?:url\s{0,9}=\s{0,9})?[\"']?([^\"'\s]{1,2048})", re.IGNORECASE
)
_ADDRESS_START = ("http://", "https://", "//")


def script_targets(script: str) -> Iterator[str]:
    """Yield the literal addresses a script sends its reader to, as written.

    Reads ``location = "..."``, ``location.href = "..."``, ``location.replace("...")``,
    ``location.assign("...")`` and ``window.open("...")``; computed addresses are not followed.
    """
    for word, pattern in (("location", _ASSIGNED), ("window.open", _OPENED)):
        if word in script:
            for match in pattern.finditer(script):
                yield (match[1] or match[2] or match[3]).replace("\\/", "/")


def is_script_address(href: str) -> bool:
    """Tell whether an address is a ``javascript:`` one."""
    return _SCRIPT_ADDRESS.match(href) is not None


def click_target(attributes: Mapping[str, str]) -> str:
    """Return where an element's event handlers send a click, as written, or ''."""
    return _target_of(_CLICKS, attributes)


def arrival_target(attributes: Mapping[str, str]) -> str:
    """Return where an element's event handlers send whoever opens the page, or ''."""
    return _target_of(_ARRIVALS, attributes)


def _target_of(handlers: tuple[str, ...], attributes: Mapping[str, str]) -> str:
    for name in handlers:
        if name in attributes:
            target = next(script_targets(attributes[name]), "")
            if target:
                return target
    return ""


def attribute_target(attributes: Mapping[str, str]) -> str:
    """Return where an element's handlers or data attributes send a click, as written, or ''."""
    target = click_target(attributes)
    if target:
        return target
    for name in _ALWAYS_ADDRESSES:
        if attributes.get(name):
            return attributes[name].strip()
    for name in _MAYBE_ADDRESSES:
        target = attributes.get(name, "").strip()
        if target.startswith(_ADDRESS_START):
            return target
    return ""


def refresh_target(content: str) -> str:
    """Return the address of a ``<meta http-equiv=refresh>``, as written, or '' for a reload."""
    match = _REFRESH.match(content)
    return match[1] if match else ""
