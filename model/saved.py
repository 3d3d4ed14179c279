"""Saved pages: one JSON object a line, as people exchange and label them."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn, get_args

from model.page import Page

Label = Literal["bait", "ok"]
LureLabel = Literal["streaming", "live-sports", "download", "giveaway", "other"]

_LABELS = frozenset(get_args(Label))
_LURES = frozenset(get_args(LureLabel))
_CONTENT = ("html", "html_base64", "text")
_KNOWN = frozenset({"id", "url", *_CONTENT, "label", "group", "lang", "lure"})


class UnreadablePage(ValueError):
    """A line holds no saved page; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One saved page with what people say of it; ``extra`` keeps the keys not known here."""

    id: str
    page: Page
    label: Label | None = None
    group: str | None = None
    lang: str | None = None
    lure: LureLabel | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)


def parse_saved_line(line: str | bytes, *, default_id: str | None = None) -> SavedPage:
    """Read one line of a JSON Lines file; bytes are UTF-8.

    ``default_id`` names the page where the line itself does not. A key that is null counts as
    absent. Raises UnreadablePage.
    """
    record = _load(line)
    page_id = _string(record, "id")
    if page_id is None:
        page_id = default_id
    if page_id is None:
        raise UnreadablePage('"id" is missing')
    return SavedPage(
        id=page_id,
        page=_page(record),
        label=_choice(record, "label", _LABELS),
        group=_string(record, "group"),
        lang=_string(record, "lang"),
        lure=_choice(record, "lure", _LURES),
        extra={key: value for key, value in record.items() if key not in _KNOWN},
    )


def dump_saved_page(saved: SavedPage) -> str:
    """Write a saved page as one line of ASCII JSON, without the line's end.

    The format has no place for a status, headers and redirects: they are left out, and markup whose
    header names a character set other than UTF-8 may be read differently afterwards. Raises
    ValueError for plain text that is not UTF-8.
    """
    page = saved.page
    record: dict[str, Any] = {"id": saved.id, "url": page.url, **_content(page)}
    record |= {"label": saved.label, "group": saved.group, "lang": saved.lang, "lure": saved.lure}
    known = {key: value for key, value in record.items() if value is not None}
    return json.dumps({**known, **saved.extra}, allow_nan=False)


def _load(line: str | bytes) -> dict[str, Any]:
    try:
        text = line.decode() if isinstance(line, bytes) else line
        record = json.loads(
            text.removeprefix("\ufeff"),
            parse_constant=_refuse_number,
            parse_float=_finite,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        raise UnreadablePage(f"not UTF-8 at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise UnreadablePage(f"broken JSON at column {error.colno}: {error.msg}") from None
    except ValueError as error:  # from the three readers of numbers below
        raise UnreadablePage(f"broken JSON: {error}") from None
    except RecursionError:
        raise UnreadablePage("the JSON is nested too deeply") from None
    if not isinstance(record, dict):
        raise UnreadablePage(f"not a JSON object but {_kind(record)}")
    return record


def _refuse_number(literal: str) -> NoReturn:
    raise ValueError(f"{literal} is no JSON number")


def _finite(literal: str) -> float:
    number = float(literal)
    return number if math.isfinite(number) else _refuse_number(literal[:40])


def _whole(literal: str) -> int:
    # Python itself refuses longer ones, with advice that is of no use to who sent the line.
    if len(literal) > 4_000:
        raise ValueError(f"a number has {len(literal):,} digits")
    return int(literal)


def _page(record: Mapping[str, Any]) -> Page:
    present = [key for key in _CONTENT if record.get(key) is not None]
    if len(present) != 1:
        found = f"has {' and '.join(present)}" if present else "has none of them"
        raise UnreadablePage(f"needs exactly one of html, html_base64 and text, but {found}")
    content = record[present[0]]
    if not isinstance(content, str):
        raise UnreadablePage(f'"{present[0]}" must be a string, not {_kind(content)}')
    url = _string(record, "url")
    match present[0]:
        case "html":
            return Page.from_html(content, url)
        case "text":
            return Page.from_text(content, url)
        case _:
            return Page.from_html(_decode_base64(content), url)


def _decode_base64(content: str) -> bytes:
    try:
        # The usual tools wrap their output at 76 columns.
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        raise UnreadablePage('"html_base64" is not base64') from None


def _content(page: Page) -> dict[str, str]:
    if page.media_type == "text/plain":
        return {"text": page.body.decode()}
    # Only markup known to be UTF-8 may lose its bytes: the others keep their own encoding.
    if page.headers.get("content-type") == "text/html; charset=utf-8":
        try:
            return {"html": page.body.decode()}
        except UnicodeDecodeError:
            pass
    return {"html_base64": base64.b64encode(page.body).decode("ascii")}


def _string(record: Mapping[str, Any], key: str) -> str | None:
    value = record.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise UnreadablePage(f'"{key}" must be a string, not {_kind(value)}')
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UnreadablePage(f'"{key}" holds half a character (a lone surrogate)') from None
    return value


def _choice(record: Mapping[str, Any], key: str, choices: frozenset[str]) -> Any:  # noqa: ANN401
    value = _string(record, key)
    if value is not None and value not in choices:
        raise UnreadablePage(f'"{key}" must be one of {", ".join(sorted(choices))}')
    return value


def _kind(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string"}
    return names.get(type(value), "an array" if isinstance(value, list) else "an object")
