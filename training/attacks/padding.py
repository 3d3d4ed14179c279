"""Attacks by good company: honest prose and honest links beside the bait, shown or hidden."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from random import Random

from model.document import parse_document
from model.page import Page
from training.attacks.pages import (
    body_of,
    element,
    is_markup,
    soup_of,
    source_of,
    with_source,
    written,
)

_SHOWN = 4_000  # characters of honest prose, before and after
_HIDDEN = 3_000
_SIGN = re.compile(r"[^\W\d_]+")

# Attributes that hide an element, and a style sheet where they need one.
_HIDERS = (
    ({"class": "u7 aside"}, ".u7{display:none}"),
    ({"id": "rel-x"}, "#rel-x{visibility:hidden;position:absolute}"),
    ({"class": "z"}, "div.z{position:absolute;left:-12345px;top:auto}"),
    ({"style": "display:none !important"}, ""),
    ({"style": "position:fixed;top:-3000px;height:auto"}, ""),
    ({"style": "background-color:#ffffff;color:#ffffff"}, ""),
    ({"style": "color:#fefefe;background:#fff"}, ""),
    ({"style": "font-size:1px;line-height:1px;color:#fff"}, ""),
    ({"style": "font-size:0.01em"}, ""),
    ({"style": "opacity:0"}, ""),
    ({"style": "opacity:.01;position:absolute"}, ""),
    ({"style": "color:transparent"}, ""),
    ({"style": "color:rgba(0,0,0,0)"}, ""),
    ({"style": "max-height:0;overflow:hidden"}, ""),
    ({"style": "transform:scale(0)"}, ""),
    ({"style": "position:absolute;clip:rect(0,0,0,0)"}, ""),
    ({"style": "position:absolute;clip-path:circle(0)"}, ""),
    ({"style": "text-indent:-9999em;overflow:hidden"}, ""),
    ({"hidden": ""}, ""),
)


@cache
def _prose() -> dict[str, list[str]]:
    return tomllib.loads(files(__package__).joinpath("prose.toml").read_text(encoding="utf-8"))


def honest_prose(page: Page, length: int, rng: Random) -> list[str]:
    """Write paragraphs of about ``length`` characters in the page's language."""
    sentences = _prose()[_language_of(page)]
    joint = "" if sentences[0][-1] == "。" else " "
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < length:
        drawn = rng.sample(sentences, min(len(sentences), rng.randint(3, 6)))
        paragraphs.append(joint.join(drawn))
    return paragraphs


def _language_of(page: Page) -> str:
    """Take the language that the page names, else the one whose prose shares most words with it."""
    document = parse_document(page)
    if document.language in _prose():
        return document.language
    seen = _signs(document.text[:20_000])
    return max(_prose(), key=lambda code: len(seen & _signs(" ".join(_prose()[code]))))


def _signs(text: str) -> set[str]:
    """Return a text's words, and the pairs of letters of those without blanks between them."""
    words = set(_SIGN.findall(text.lower()))
    return words | {w[n : n + 2] for w in words if w >= "\u2e80" for n in range(len(w) - 1)}


def honest_padding(page: Page, rng: Random) -> Page:
    """Put pages of honest prose before and after everything."""
    before, after = (honest_prose(page, _SHOWN, rng) for _ in range(2))
    if not is_markup(page):
        return with_source(page, "\n".join([*before, source_of(page), *after]))
    soup = soup_of(page)
    body = body_of(soup)
    for paragraph in reversed(before):
        body.insert(0, element(soup, "p", paragraph))
    body.extend([element(soup, "p", paragraph) for paragraph in after])
    return with_source(page, written(soup))


def hidden_padding(page: Page, rng: Random) -> Page | None:
    """Hide honest prose before and after everything; in markup alone."""
    if not is_markup(page):
        return None
    soup = soup_of(page)
    body = body_of(soup)
    attributes, sheet = rng.choice(_HIDERS)
    for place in (0, len(body.contents) + 1):
        words = " ".join(honest_prose(page, _HIDDEN, rng))
        body.insert(place, element(soup, "div", words, attributes))
    if sheet:
        (soup.head or body).append(element(soup, "style", sheet))
    return with_source(page, written(soup))


_REFERENCES = (
    "https://en.wikipedia.org/wiki/{}", "https://www.imdb.com/title/{}/",
    "https://archive.org/details/{}", "https://www.goodreads.com/book/show/{}",
    "https://www.bbc.com/news/{}", "https://www.nytimes.com/{}.html",
    "https://www.youtube.com/watch?v={}", "https://www.theguardian.com/culture/{}",
    "https://www.w3.org/TR/{}", "https://www.justwatch.com/us/movie/{}",
)  # fmt: skip


def honest_links(page: Page, rng: Random) -> Page | None:
    """Add a row of links to encyclopaedias, newspapers and catalogues, and a menu of its own."""
    sentences = honest_prose(page, _HIDDEN, rng)
    labels = [" ".join(words.split()[:3])[:24] for words in sentences * 3]
    addresses = [
        rng.choice(_REFERENCES).format(f"{rng.randrange(36**6):x}")
        for _ in range(rng.randint(9, 16))
    ]
    if not is_markup(page):
        lines = [f"[{label}]({to})" for label, to in zip(labels * 2, addresses, strict=False)]
        return with_source(page, "\n".join([source_of(page), *lines]))
    soup = soup_of(page)
    own = [f"/{rng.randrange(9999)}.html" for _ in range(8)]
    row = soup.new_tag("ul")
    for label, to in zip(labels * 3, addresses + own, strict=False):
        item = soup.new_tag("li")
        item.append(element(soup, "a", label, {"href": to}))
        row.append(item)
    body_of(soup).append(row)
    return with_source(page, written(soup))
