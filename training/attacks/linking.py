"""Attacks on links: the reader gets to the same place, by a way that is harder to see."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from random import Random
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag

from model.page import Page
from training.attacks.pages import (
    body_of,
    host_of,
    is_markup,
    soup_of,
    source_of,
    with_source,
    written,
)

_BARE = re.compile(r"\bhttps?://[^\s<>\"'()\[\]]{1,2048}", re.IGNORECASE)
_SHOWN = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'()\[\]]{1,2048}", re.IGNORECASE)
_MARKDOWN = re.compile(r"(?<!!)\[([^\[\]\n!]{1,300})\](?=\(https?://)")
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_SHORTENERS = ("bit.ly", "tinyurl.com", "cutt.ly", "is.gd", "rb.gy", "shorturl.at", "t.ly")
_PATHS = ("/go/?to={}", "/out.php?url={}", "/redirect?u={}", "/away?dest={}", "/exit/?target={}")


def _host(address: str | None) -> str:
    return host_of(address).removeprefix("www.")


def _leading_away(soup: BeautifulSoup, page: Page) -> Iterator[Tag]:
    """Yield the anchors that lead to another host than the page's."""
    own = _host(page.final_url or page.url)
    for anchor in soup.find_all("a", href=True):
        href = str(anchor["href"]).strip()
        if href[:4].lower() == "http" and _host(href) not in ("", own):
            yield anchor


def _relinked(
    page: Page, rng: Random, change: Callable[[BeautifulSoup, Tag, Random], bool]
) -> Page | None:
    if not is_markup(page):
        return None
    soup = soup_of(page)
    changed = [change(soup, anchor, rng) for anchor in list(_leading_away(soup, page))]
    return with_source(page, written(soup)) if any(changed) else None


def image_calls(page: Page, rng: Random) -> Page | None:
    """Make pictures of links' words; what is left of them is the alternative text or the file."""

    def change(soup: BeautifulSoup, anchor: Tag, rng: Random) -> bool:
        words = " ".join(anchor.get_text(" ").split())[:90]
        if not words:
            return False
        anchor.clear()
        picture = soup.new_tag("img")
        name = quote("-".join(re.findall(r"\w+", words.lower()))) or "button"
        folder = rng.choice(("/images/", "https://cdn.images.example/2026/", "img/"))
        if rng.random() < 0.5:
            picture["src"] = f"{folder}{name}.{rng.choice(('png', 'gif', 'jpeg'))}"
        else:
            picture["src"] = f"{folder}{rng.randrange(10**6)}.png"
            picture["alt"] = words
        anchor.append(picture)
        return True

    if is_markup(page):
        return _relinked(page, rng, change)
    source = source_of(page)
    found = _MARKDOWN.sub(lambda m: f"[![{m[1]}](https://cdn.images.example/b.png)]", source)
    return None if found == source else with_source(page, found)


def scripted_links(page: Page, rng: Random) -> Page | None:
    """Let handlers, data attributes and forms lead where anchors led."""

    def change(soup: BeautifulSoup, anchor: Tag, rng: Random) -> bool:
        address = str(anchor["href"]).strip().replace("'", "%27")
        del anchor["href"]
        way = rng.randrange(5)
        if way == 0:
            anchor["href"] = f"javascript:window.open('{address}')"
        elif way == 1:
            anchor.name = "button"
            anchor["onclick"] = f"window.location.href = '{address}'; return false"
        elif way == 2:
            anchor.name = "span"
            anchor["data-url"] = address
            anchor["role"] = "link"
        elif way == 3:
            anchor["href"] = "#"
            anchor["onmousedown"] = f"location.assign('{address}')"
        else:
            anchor.name = "button"
            anchor.wrap(soup.new_tag("form", action=address, method="get"))
        return True

    return _relinked(page, rng, change)


def computed_links(page: Page, _rng: Random) -> Page | None:
    """Let a script put the addresses together, so that no markup names them."""
    if not is_markup(page):
        return None
    soup = soup_of(page)
    anchors = list(_leading_away(soup, page))
    if not anchors:
        return None
    hidden = []
    for anchor in anchors:
        hidden.append(b64encode(str(anchor["href"]).strip().encode()).decode())
        anchor["href"] = "#"
        anchor["data-n"] = str(len(hidden) - 1)
    script = soup.new_tag("script")
    script.string = (
        f"var q={hidden!r};document.onclick=function(e){{var a=e.target.closest('[data-n]');"
        f"if(a){{window['loca'+'tion']=atob(q[a.dataset.n])}}}}"
    )
    body_of(soup).append(script)
    return with_source(page, written(soup))


def shortened_links(page: Page, rng: Random) -> Page | None:
    """Lead through a shortener."""
    known: dict[str, str] = {}

    def short(address: str) -> str:
        if address not in known:
            name = "".join(rng.choices(_ALPHABET, k=rng.randint(5, 8)))
            known[address] = f"https://{rng.choice(_SHORTENERS)}/{name}"
        return known[address]

    return _readdressed(page, rng, short)


def redirected_links(page: Page, rng: Random) -> Page | None:
    """Lead through a script of the page's own host, or of a host that redirects for anyone."""
    base = page.final_url or page.url
    origin = f"https://{_host(base) or 'redirects.example'}"
    path = rng.choice(_PATHS)
    return _readdressed(page, rng, lambda address: origin + path.format(quote(address, safe="")))


def _readdressed(page: Page, rng: Random, lead: Callable[[str], str]) -> Page | None:
    def change(_soup: BeautifulSoup, anchor: Tag, _rng: Random) -> bool:
        anchor["href"] = lead(str(anchor["href"]).strip())
        return True

    if is_markup(page):
        return _relinked(page, rng, change)
    source = source_of(page)
    own = _host(page.final_url or page.url)
    found = _BARE.sub(lambda m: m[0] if _host(m[0]) in ("", own) else lead(m[0]), source)
    return None if found == source else with_source(page, found)


def spelled_addresses(page: Page, rng: Random) -> Page | None:
    """Write addresses that are shown so that a reader types them: with words for their dots."""
    dot = rng.choice((" dot ", " [.] ", "(dot)", " . ", "[dot]"))

    def spelled(found: re.Match[str]) -> str:
        bare = re.sub(r"^https?://", "", found[0], flags=re.IGNORECASE)
        return bare.replace(".", dot)

    if not is_markup(page):
        source = source_of(page)
        said = _SHOWN.sub(spelled, re.sub(r"\[([^\[\]\n]*)\]\((\S+?)\)", r"\1 \2", source))
        return None if said == source else with_source(page, said)

    def change(_soup: BeautifulSoup, anchor: Tag, _rng: Random) -> bool:
        words, address = anchor.get_text(), str(anchor["href"]).strip()
        shown = _SHOWN.sub(spelled, address)
        anchor.insert_after(shown if _SHOWN.search(words) else f"{words} {shown}")
        anchor.decompose()
        return True

    return _relinked(page, rng, change)
