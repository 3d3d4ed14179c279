"""The engine: draws family after family and hands their pages out one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count as counting
from random import Random
from typing import Literal

from training.synthesis.articles import Article, by_language
from training.synthesis.chance import chance
from training.synthesis.language import LANGUAGES, Language, load_language
from training.synthesis.templates import TEMPLATES, Template
from training.synthesis.twins import Family, Member, alone, draw_family, members

# Shares of what is drawn: English has the richest grammar, and given articles are richer than
# the few that every language brings along.
_ENGLISH = 0.2
_GIVEN_ARTICLE = 0.85
_ALONE = 0.55  # families of one honest page, where the layout can show one
_FOREIGN_ARTICLE = 0.05  # a closing in another language than its article's
_HTML_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Generated:
    """One generated page. Exactly one of ``html`` and ``text`` is there.

    ``pair`` is shared by a family of bait and honest twins; some honest pages stand alone.
    ``group`` joins the template and the article's group; a split must keep both ``template`` and
    the article's group on one side.
    ``lure`` is a verdict's lure on bait and None on honest pages. ``planted`` holds the words and
    addresses that make the page bait, as a parser finds them; it is empty on honest pages.
    ``purpose`` tells the kinds of honest pages apart. ``passage`` names the hand-written pair that
    its family is made around; it is empty where the grammar speaks.
    """

    id: str
    label: Literal["bait", "ok"]
    html: str | None
    text: str | None
    url: str | None
    group: str
    lang: str
    lure: str | None
    pair: str
    planted: tuple[str, ...]
    template: str
    article_group: str
    purpose: str
    passage: str = ""


def generate(
    articles: Sequence[Article],
    *,
    count: int,
    seed: int,
    languages: Sequence[str] | None = None,
) -> Iterator[Generated]:
    """Generate ``count`` pages, about 40 % of them bait; the same arguments give the same pages.

    ``articles`` are honest texts in any of the languages (others are left out); where there are
    none, the few that come with each language serve. ``languages`` defaults to all of
    ``LANGUAGES``. Families come whole, except the last one where ``count`` cuts it.

    Raises:
        ValueError: a language has no phrases.
    """
    codes = tuple(LANGUAGES if languages is None else languages)
    if unknown := set(codes) - set(LANGUAGES):
        raise ValueError(f"no phrases for {', '.join(sorted(unknown))}")
    return _pages(by_language(articles), codes, count, seed)


def _pages(
    given: Mapping[str, tuple[Article, ...]], codes: tuple[str, ...], count: int, seed: int
) -> Iterator[Generated]:
    made = 0
    for number in counting():
        pair = f"syn-{seed}-{number}"
        rng = chance(pair)
        lang = load_language(_draw_code(rng, codes))
        markup = rng.random() < _HTML_SHARE
        chosen = [t for t in TEMPLATES if t.markup == markup]
        template = rng.choices(chosen, [t.weight for t in chosen])[0]
        family, pages = _family(rng, pair, lang, template, _shelf(rng, given, lang, codes))
        for member in pages:
            if made == count:
                return
            yield _generated(pair, made, family, member)
            made += 1


def _family(
    rng: Random, pair: str, lang: Language, template: Template, shelf: tuple[Article, ...]
) -> tuple[Family, Iterator[Member]]:
    """Draw bait with its twins, or an honest page that stands alone."""
    if template.can_stand_alone and rng.random() < _ALONE:
        family, member = alone(rng, pair, lang, template)
        return family, iter((member,))
    family = draw_family(rng, pair, lang, template, shelf)
    return family, members(rng, family)


def _draw_code(rng: Random, codes: tuple[str, ...]) -> str:
    return "en" if "en" in codes and rng.random() < _ENGLISH else rng.choice(codes)


def _shelf(
    rng: Random,
    given: Mapping[str, tuple[Article, ...]],
    lang: Language,
    codes: tuple[str, ...],
) -> tuple[Article, ...]:
    """Choose the articles that a family may be laid into."""
    code = rng.choice(codes) if rng.random() < _FOREIGN_ARTICLE else lang.code
    if code in given and rng.random() < _GIVEN_ARTICLE:
        return given[code]
    return load_language(code).articles


def _generated(pair: str, made: int, family: Family, member: Member) -> Generated:
    bait = member.purpose == "bait"
    template = family.template
    lure = "live-sports" if family.lure == "live" else family.lure
    return Generated(
        id=f"{pair}-{made}",
        label="bait" if bait else "ok",
        html=member.content if template.markup else None,
        text=None if template.markup else member.content,
        url=family.sheet.scene.site.url,
        group=f"{template.name}/{family.article.group}",
        lang=family.sheet.lang.code,
        lure=lure if bait else None,
        pair=pair,
        planted=member.planted,
        template=template.name,
        article_group=family.article.group,
        purpose=member.purpose,
        passage="" if family.written is None else family.written.name,
    )
