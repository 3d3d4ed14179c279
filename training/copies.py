"""Copies of real pages that say the same among other things, or lead there by another way.

Real bait is scarce, and a view that counts the words of a whole page is easily drowned. Bait and
honest pages are copied alike, so that being padded, disguised or led through a counter is no
evidence; only what no honest page does, hiding behind a shortener or spelling an address out, is
done to bait alone.
``training.attacks`` measures with other prose, other characters, other means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag

from model.document import parse_document
from model.page import Page
from training.attacks.pages import (
    body_of,
    element,
    host_of,
    is_markup,
    rewrite,
    soup_of,
    source_of,
    with_source,
    written,
)
from training.corpus import LabelledPage
from training.examples import Example, Source, make_example
from training.synthesis import Article
from training.synthesis.articles import by_language, excerpt
from training.synthesis.chance import chance
from training.synthesis.destinations import SHORTENERS, cited_address, code
from training.synthesis.evasion import TEXT_DISGUISES, disguise
from training.synthesis.language import LANGUAGES, load_language

_COPIES = 6  # of each real bait page; as many are made of honest pages altogether
_ADDRESS = re.compile(r"https?://[^\s<>\"'()\[\]]{1,2048}")
_MENU = ("home", "about", "contact", "search", "related", "newsletter", "more", "privacy")

Shelf = Mapping[str, tuple[Article, ...]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a page is altered with: its language, whose prose it borrows, and what it is."""

    lang: str
    lender: Article
    bait: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a real page, and what is known of it."""

    source: Source
    page: Page


def copies_of(pages: Sequence[LabelledPage], articles: Sequence[Article], seed: int) -> list[Copy]:
    """Copy every bait page in several ways, and honest pages as often.

    ``articles`` lend their prose, one to a copy. The same arguments give the same copies; a copy
    is of its page's campaign or site.
    """
    shelf = by_language(articles)
    bait = [page for page in pages if page.label == "bait" and not page.labelled_by]
    honest = [page for page in pages if page.label == "ok" and not page.labelled_by]
    rng = chance(f"copies/{seed}")
    rng.shuffle(honest)
    chosen = [*bait * _COPIES, *honest[: len(bait) * _COPIES]]
    made = (_copy(page, number, shelf, seed) for number, page in enumerate(chosen))
    return [copy for copy in made if copy is not None]


def from_copy(copy: Copy) -> Example:
    """Make the example of a copy."""
    return make_example(copy.source, parse_document(copy.page))


def _copy(page: LabelledPage, number: int, shelf: Shelf, seed: int) -> Copy | None:
    rng = chance(f"copy/{seed}/{page.saved.id}/{number}")
    lang = _known(page.saved.lang)
    lender = rng.choice(shelf.get(lang) or load_language(lang).articles)
    way = rng.choice(_WAYS)
    copied = way(page.saved.page, rng, Surroundings(lang, lender, page.label == "bait"))
    if copied is None:
        return None
    source = Source(
        id=f"{page.saved.id}/copy-{number}",
        label=page.label,
        group=page.group,
        lang=page.saved.lang or "und",
        lure=page.saved.lure or "",
        real=False,
        kind=way.__name__.strip("_"),
        lender=lender.group,
    )
    return Copy(source, copied)


def _known(lang: str | None) -> str:
    return lang if lang in LANGUAGES else "en"


def _among_prose(page: Page, rng: Random, around: Surroundings) -> Page | None:
    """Put honest paragraphs before, behind and between."""
    said = _paragraphs(rng, around.lender)
    if not is_markup(page):
        lines = source_of(page).split("\n")
        for paragraph in said:
            lines.insert(rng.choice((0, len(lines), rng.randint(0, len(lines)))), paragraph)
        return with_source(page, "\n".join(lines))
    soup = soup_of(page)
    tag = rng.choice(("p", "p", "div", "section", "blockquote"))
    for paragraph in said:
        _insert(soup, rng, element(soup, tag, paragraph))
    return with_source(page, written(soup))


def _behind_curtains(page: Page, rng: Random, around: Surroundings) -> Page | None:
    """Hide honest paragraphs in the page."""
    if not is_markup(page):
        return None
    soup = soup_of(page)
    hidden = rng.choice(("display:none", "font-size:0", "visibility:hidden", "left:-9999px"))
    box = element(soup, "div", " ".join(_paragraphs(rng, around.lender)))
    box["style"] = f"position:absolute;{hidden}"
    _insert(soup, rng, box)
    return with_source(page, written(soup))


def _among_links(page: Page, rng: Random, around: Surroundings) -> Page | None:
    """Put a menu of its own and a list of what it cites into the page."""
    menu = [
        (load_language(around.lang).ui(slot, rng), f"/{slot}")
        for slot in rng.sample(_MENU, rng.randint(2, 6))
    ]
    cited = [
        (
            " ".join(rng.choice(_paragraphs(rng, around.lender)).split()[:4])[:30],
            cited_address(rng, around.lang),
        )
        for _ in range(rng.randint(3, 14))
    ]
    if not is_markup(page):
        said = [f"[{words}]({address})" for words, address in cited]
        return with_source(page, "\n".join([source_of(page), *said]))
    soup = soup_of(page)
    for links in (menu, cited):
        row = soup.new_tag(rng.choice(("ul", "nav", "div", "footer")))
        for words, address in links:
            anchor = element(soup, "a", words)
            anchor["href"] = address
            row.append(anchor)
            row.append(" ")
        _insert(soup, rng, row)
    return with_source(page, written(soup))


def _disguised(page: Page, rng: Random, _around: Surroundings) -> Page | None:
    """Write its words, or those of its short lines alone, so that filters do not read them."""
    how, share = rng.choice(TEXT_DISGUISES), rng.choice((0.3, 0.6, 1.0))
    return rewrite(page, lambda text, chances: disguise(text, how, share, chances), rng)


def _led_otherwise(page: Page, rng: Random, around: Surroundings) -> Page | None:
    """Let its links lead through a counter, a shortener, a script, or write them out in words."""
    if not is_markup(page):
        return _shown_otherwise(page, rng) if around.bait else None
    lead = rng.choice(_BAIT_LEADS if around.bait else _HONEST_LEADS)
    soup = soup_of(page)
    for anchor in soup.find_all("a", href=_ADDRESS):
        to = lead(str(anchor["href"]), rng)
        if lead is _spelled_out:
            anchor.insert_after(f" {to}")
            anchor.unwrap()
        elif to is None:
            anchor["href"] = rng.choice(("#", "javascript:;", "javascript:void(0)", "#open"))
            anchor[rng.choice(("data-go", "data-id", "data-x"))] = code(rng)
        else:
            anchor["href"] = to
    return with_source(page, written(soup))


def _shown_otherwise(page: Page, rng: Random) -> Page | None:
    lead, source = rng.choice((_shortened, _spelled_out)), source_of(page)
    found = _ADDRESS.sub(lambda address: lead(address[0], rng), source)
    return None if found == source else with_source(page, found)


def _counted(address: str, rng: Random) -> str:
    way = rng.choice(("/r/{}", "/click.php?id={}", "/visit?u={}", "/link/{}", "/l.php?u={}"))
    return way.format(rng.choice((code(rng), host_of(address), quote(address, safe=""))))


def _shortened(_address: str, rng: Random) -> str:
    return f"https://{rng.choice(SHORTENERS)}/{code(rng)}"


def _by_script(_address: str, _rng: Random) -> None:
    return None


def _spelled_out(address: str, rng: Random) -> str:
    dot = rng.choice((" DOT ", "{dot}", " (.) ", " punto ", "•", " dot "))
    return host_of(address).replace(".", dot)


_HONEST_LEADS: tuple[Callable[[str, Random], str | None], ...] = (_counted, _by_script)
_BAIT_LEADS = (*_HONEST_LEADS, _shortened, _spelled_out)
_WAYS = (
    _among_prose, _among_prose, _among_links, _behind_curtains, _disguised, _disguised,
    _led_otherwise, _led_otherwise,
)  # fmt: skip


def _paragraphs(rng: Random, lender: Article) -> tuple[str, ...]:
    start = rng.randrange(len(lender.paragraphs))
    return excerpt(lender.paragraphs, start, rng.randint(2, 12))


def _insert(soup: BeautifulSoup, rng: Random, element: Tag) -> None:
    """Put an element at the beginning, at the end or among the children of the body."""
    body = body_of(soup)
    count = len(body.contents)
    body.insert(rng.choice((0, count, rng.randint(0, count))), element)
