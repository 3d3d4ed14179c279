"""Taking a page apart for an attack and putting it together again: markup or plain text."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString
from bs4.formatter import HTMLFormatter

from model.decoding import decode_body
from model.page import Page

Rewriting = Callable[[str, Random], str]  # of a stretch of text that the reader sees

# What a line must keep to be followed: addresses, Markdown targets, tags in plain text.
_KEPT = re.compile(
    r"(\b(?:https?://|www\.)\S{1,2048}|\]\([^()\s]{1,2048}\)|<[^<>]{1,4096}>|\S{1,64}@\S{1,255}"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,24}/\S{0,2048}|&[#\w]{1,31};)",
    re.IGNORECASE,
)
_OFFER_TAGS = ["a", "button", "h1", "h2", "h3", "h4", "title"]
_LONGEST_OFFER = 200  # characters of a line that may be a call to action
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|a|table|script|title)[\s>]", re.IGNORECASE)

# Noncharacters stand for pieces of markup within text until it is written out.
_FIRST_MARK = 0xFDD0
_MARKS = re.compile("[\ufdd0-\ufdef]")


def is_markup(page: Page) -> bool:
    """Say whether a page is read as markup; one without a media type, by its beginning."""
    if page.media_type:
        return page.media_type != "text/plain"
    return bool(_MARKUP.search(source_of(page)[:1_024]))


def source_of(page: Page) -> str:
    """Decode a page as the model does."""
    return decode_body(page.body, page.headers.get("content-type", ""))


def with_source(page: Page, source: str) -> Page:
    """Return the page with another source, in UTF-8; a half character becomes ``?``."""
    kind = page.media_type or ("text/html" if is_markup(page) else "text/plain")
    headers = {**page.headers, "content-type": f"{kind}; charset=utf-8"}
    return replace(page, headers=headers, body=source.encode("utf-8", errors="replace"))


def soup_of(page: Page) -> BeautifulSoup:
    """Parse a page's markup; what calls itself XML is read as a browser shows it, as markup."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(_MARKS.sub("", source_of(page)) + "\n", "lxml")


def written(soup: BeautifulSoup, formatter: HTMLFormatter | str = "minimal") -> str:
    """Write a parsed page out."""
    return str(soup.decode(formatter=formatter))


def rewrite(page: Page, rewriting: Rewriting, rng: Random) -> Page | None:
    """Rewrite what the reader sees, in half of the pages only the lines that may be calls to act.

    None where nothing could be rewritten.
    """
    only_offers = rng.random() < 0.5
    if is_markup(page):
        return _rewrite_markup(page, rewriting, rng, only_offers=only_offers)
    lines = source_of(page).split("\n")
    found = [
        line if only_offers and not _is_short(line) else _kept(line, rewriting, rng)
        for line in lines
    ]
    if found == lines and only_offers:
        found = [_kept(line, rewriting, rng) for line in lines]
    return None if found == lines else with_source(page, "\n".join(found))


def _rewrite_markup(
    page: Page, rewriting: Rewriting, rng: Random, *, only_offers: bool
) -> Page | None:
    soup = soup_of(page)
    nodes = list(seen_strings(soup))
    offers = [node for node in nodes if _is_offer(node)] if only_offers else nodes
    changed = [_replace(node, rewriting, rng) for node in offers]
    if not any(changed) and offers != nodes:
        changed = [_replace(node, rewriting, rng) for node in nodes]
    return with_source(page, written(soup)) if any(changed) else None


def rewrite_as_markup(
    page: Page, rewriting: Rewriting, pieces: tuple[str, ...], rng: Random
) -> Page | None:
    """Rewrite the visible text of markup, where ``mark(n)`` in it becomes ``pieces[n]``."""
    if not is_markup(page):
        return None
    soup = soup_of(page)
    only_offers = rng.random() < 0.5
    nodes = [node for node in seen_strings(soup) if not node.find_parent("title")]
    chosen = [node for node in nodes if not only_offers or _is_offer(node)] or nodes
    changed = [_replace(node, rewriting, rng) for node in chosen]
    if not any(changed):
        return None
    source = _MARKS.sub(lambda found: pieces[ord(found[0]) - _FIRST_MARK], written(soup))
    return with_source(page, source)


def mark(number: int) -> str:
    """Return the character that stands for one piece of markup, of at most 32."""
    return chr(_FIRST_MARK + number)


def seen_strings(soup: BeautifulSoup) -> Iterator[NavigableString]:
    """Yield the text nodes that a reader may see; scripts, styles and comments are others."""
    for node in list(soup.find_all(string=True)):
        if type(node) is NavigableString and node.strip() and not node.find_parent("textarea"):
            yield node


def body_of(soup: BeautifulSoup) -> Tag:
    """Return the element that holds the page: its body, or all there is."""
    return soup.body or soup


def element(
    soup: BeautifulSoup, tag: str, words: str, attributes: Mapping[str, str] | None = None
) -> Tag:
    """Make an element that holds words."""
    made = soup.new_tag(tag, attrs=dict(attributes or {}))
    made.string = words
    return made


def host_of(address: str | None) -> str:
    """Return the host that an address names; "" where it names none."""
    try:
        return urlsplit(address or "").hostname or ""
    except ValueError:
        return ""


def _is_offer(node: NavigableString) -> bool:
    return _is_short(node) or node.find_parent(_OFFER_TAGS) is not None


def _is_short(line: str) -> bool:
    return len(line.strip()) <= _LONGEST_OFFER


def _replace(node: NavigableString, rewriting: Rewriting, rng: Random) -> bool:
    rewritten = _kept(str(node), rewriting, rng)
    if rewritten == node:
        return False
    node.replace_with(NavigableString(rewritten))
    return True


def _kept(line: str, rewriting: Rewriting, rng: Random) -> str:
    """Rewrite a line around the addresses in it."""
    pieces = _KEPT.split(line)
    pieces[::2] = [rewriting(piece, rng) if piece.strip() else piece for piece in pieces[::2]]
    return "".join(pieces)
