"""One bait page's family: two pages of bait and the honest twins that share all but the purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from training.endings import EndingPair
from training.synthesis.articles import Article, excerpt, subject_of
from training.synthesis.backgrounds import compose
from training.synthesis.destinations import invent_site
from training.synthesis.evasion import (
    MARKUP_DISGUISES,
    ORDINARY_DISGUISES,
    TEXT_DISGUISES,
    reader_sees,
)
from training.synthesis.language import LURE_OF, Language
from training.synthesis.plan import Piece, Plan, Role, draw_plan
from training.synthesis.sheet import Sheet
from training.synthesis.templates import Template
from training.synthesis.voices import (
    Speaker,
    Voice,
    draw_scene,
    dress,
    fill,
    freshened,
    headline,
    quoted,
    speaker,
)
from training.synthesis.written import (
    lure_of,
    planted_words,
    quoted_pieces,
    written_pairs,
    written_pieces,
)

_WRITTEN = 0.6  # families around a hand-written pair, where the language and the layout have any
_COMPOSED = 0.2  # families laid into a composed page, where the language has any
# A site's own asides are made of these.
_ASIDES: tuple[Role, ...] = ("call", "button", "note", "promise", "pressure")

# bait, the same offer from someone named, the site's own requests, a warning that quotes bait,
# no passage at all, an honest page that has several of these at once, and
# the lawful side of a hand-written pair.
Purpose = Literal["bait", "named", "site", "warning", "plain", "busy", "written"]


@dataclass(frozen=True, slots=True)
class Member:
    """One page of a family."""

    purpose: str  # a Purpose, or the kind of a page that stands alone
    content: str
    planted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A bait page's family: what its pages share, and the blank sheet that each fills."""

    template: Template
    article: Article
    sheet: Sheet
    padding: str
    written: EndingPair | None = None  # whose words its pages speak, where not the grammar's

    @property
    def lure(self) -> str:
        """The lure that the bait's section of the phrases belongs to."""
        return LURE_OF.get(self.sheet.plan.lure, self.sheet.plan.lure)


def draw_family(
    rng: Random, seed: str, lang: Language, template: Template, articles: Sequence[Article]
) -> Family:
    """Draw everything that the pages of one family share.

    ``articles`` is not empty; ``seed`` names the family and drives what its layouts draw.
    """
    article = rng.choice(articles)
    asides: tuple[Piece, ...] = ()
    site = invent_site(rng, lang.code, subject_of(article.title))
    if template.stands_alone and rng.random() < _COMPOSED:
        scene = draw_scene(rng, lang, site, "")
        background = compose(rng, lang, rng.choice(lang.page_kinds), scene, "button")
        article, asides = background.article, background.pieces
    count = rng.randint(*template.paragraphs)
    start = 0 if rng.random() < 0.6 else rng.randrange(len(article.paragraphs))
    subject = subject_of(article.title)
    plan = draw_plan(
        rng,
        rng.choice(lang.kinds_of(rng.choice(template.lures))),
        template.shapes,
        links=template.links,
        markup=template.markup,
    )
    if not template.stands_alone:
        plan = replace(plan, titled=template.headlined and rng.random() < 0.75)
    blank = Sheet(
        scene=draw_scene(rng, lang, site, subject),
        plan=plan,
        headline=" ".join(article.title.split()) or subject,
        paragraphs=excerpt(article.paragraphs, start, count),
        pieces=(),
        seed=seed,
        asides=asides,
    )
    if rng.random() < 0.4:
        blank = replace(blank, asides=(*asides, *_asides(rng, blank)))
    written = _draw_written(rng, lang, template, plan)
    if written is not None:
        blank = replace(blank, plan=replace(plan, lure=lure_of(written), neutral=False))
    other = rng.choice(articles)
    padding = " ".join(excerpt(other.paragraphs, rng.randrange(len(other.paragraphs)), 2))
    return Family(template, article, blank, padding, written)


def _draw_written(rng: Random, lang: Language, template: Template, plan: Plan) -> EndingPair | None:
    pairs = written_pairs(lang.code, template.lures) if template.speaks_freely else ()
    if not pairs or rng.random() > _WRITTEN:
        return None
    pair = rng.choice(pairs)
    # Where both sides say the same, only what they lead to tells them apart.
    told_by_link = pair.bait.lines == pair.lawful.lines
    return None if told_by_link and plan.link == "none" else pair


def alone(rng: Random, seed: str, lang: Language, template: Template) -> tuple[Family, Member]:
    """Draw an honest page that has no bait beside it, of a kind that the language can compose."""
    kind = rng.choice(lang.page_kinds)
    scene = draw_scene(rng, lang, invent_site(rng, lang.code, kind), "")
    button: Role = "row" if template.name == "catalogue" else "button"
    background = compose(rng, lang, kind, scene, button)
    article = background.article
    plan = draw_plan(rng, "download", template.shapes, links=template.links, markup=template.markup)
    title = freshened(rng, article.title, scene) if rng.random() < 0.15 else article.title
    sheet = Sheet(
        scene=scene,
        plan=replace(plan, where="spread", repeats=0),
        headline=title,
        paragraphs=article.paragraphs,
        pieces=background.pieces,
        seed=seed,
    )
    family = Family(template, article, sheet, padding=" ".join(article.paragraphs[:2]))
    padded = _padded(rng, family, sheet, hidden=0.04, dots=0.01)
    return family, Member(kind, template.layout(padded), ())


def _asides(rng: Random, sheet: Sheet) -> tuple[Piece, ...]:
    """Write what a site asks of its readers anywhere: bait stands among that too."""
    roles = tuple(rng.choices(_ASIDES, k=rng.randint(1, 3)))
    plan = replace(sheet.plan, roles=roles, neutral=False, one_address=False)
    voice: Voice = "site" if rng.random() < 0.75 else "named"
    return fill(rng, speaker(rng, voice, sheet.scene, plan), plan)


def members(rng: Random, family: Family) -> Iterator[Member]:
    """Write the family: two pages of bait, two twins, and now and then one page more.

    Around a hand-written pair: a page of each side, and one page more.
    """
    if family.written is not None:
        yield from _written_members(rng, family)
        return
    yield _bait(rng, family)
    yield _honest(rng, family, _quiet_twin(rng, family))
    yield _bait(rng, family)
    yield _honest(rng, family, _speaking_twin(rng, family))
    if rng.random() < 0.44:  # brings the share of bait to 45 %
        last: Purpose = "busy" if family.template.stands_alone else "named"
        yield _honest(rng, family, last if rng.random() < 0.6 else _speaking_twin(rng, family))


def _written_members(rng: Random, family: Family) -> Iterator[Member]:
    prose = family.template.stands_alone
    yield _bait(rng, family)
    yield _honest(rng, family, "written")
    roll = rng.random()
    if roll < 0.25:
        yield _bait(rng, family)
    elif roll < 0.55:
        yield _honest(rng, family, "plain" if prose else "written")
    elif roll < 0.85:
        yield _honest(rng, family, "warning" if prose else "named")


def _quiet_twin(rng: Random, family: Family) -> Purpose:
    if family.template.stands_alone and rng.random() < 0.55:
        return "plain"
    # "Watch now" and an address on a site nobody has heard of is no honest page in plain text:
    # nothing there says that it is the site's own.
    bare = family.sheet.plan.neutral and not family.template.markup
    return "named" if bare else "site"


def _speaking_twin(rng: Random, family: Family) -> Purpose:
    # A warning needs prose around it; under a generator's form it would be no honest page.
    prose = family.template.stands_alone or family.template.name in ("comment", "letter", "landing")
    return "warning" if prose and rng.random() < 0.3 else "named"


def _bait(rng: Random, family: Family) -> Member:
    sheet = family.sheet
    who = speaker(rng, "bait", sheet.scene, sheet.plan)
    pieces = _bait_pieces(rng, family, who)
    title = headline(rng, who, sheet.plan) if sheet.plan.titled else sheet.headline
    if sheet.plan.titled and rng.random() < 0.25:
        title = freshened(rng, title, sheet.scene)
    if rng.random() < 0.15:
        kinds = MARKUP_DISGUISES if family.template.markup else TEXT_DISGUISES
        pieces = dress(rng, pieces, rng.choice(kinds), rng.choice((0.3, 0.6, 1.0)))
    filled = replace(sheet, pieces=pieces, headline=title)
    padded = _padded(rng, family, filled, hidden=0.06, dots=0.04)
    planted = [title] if sheet.plan.titled else []
    for piece in pieces:
        if piece.planted:
            planted += planted_words(piece)
    kept = tuple(dict.fromkeys(reader_sees(text) for text in planted))
    return Member("bait", family.template.layout(padded), kept)


def _bait_pieces(rng: Random, family: Family, who: Speaker) -> tuple[Piece, ...]:
    plan = family.sheet.plan
    if family.written is None:
        return fill(rng, who, plan)
    linked = plan.link != "none"
    return written_pieces(rng, family.written.bait, who.scene, bait=True, linked=linked)


def _honest(rng: Random, family: Family, purpose: Purpose) -> Member:
    sheet = family.sheet
    voice: Voice = "site" if purpose == "site" else "named"
    who = speaker(rng, voice, sheet.scene, sheet.plan)
    pieces = _honest_pieces(rng, family, who, purpose)
    if rng.random() < 0.02:
        pieces = dress(rng, pieces, rng.choice(ORDINARY_DISGUISES), 0.4)
    title = sheet.headline
    if sheet.plan.titled and (purpose == "named" or rng.random() < 0.6):
        title = headline(rng, who, sheet.plan)
    if rng.random() < 0.12:
        title = freshened(rng, title, sheet.scene)
    filled = replace(sheet, pieces=pieces, headline=title)
    padded = _padded(rng, family, filled, hidden=0.03, dots=0.01)
    return Member(purpose, family.template.layout(padded), ())


def _honest_pieces(
    rng: Random, family: Family, who: Speaker, purpose: Purpose
) -> tuple[Piece, ...]:
    plan = family.sheet.plan
    if purpose == "plain":
        return ()
    if family.written is not None and purpose == "written":
        linked = plan.link != "none"
        return written_pieces(rng, family.written.lawful, who.scene, bait=False, linked=linked)
    if purpose == "warning":
        quotes = quoted_pieces(rng, family.written.bait, who.scene) if family.written else None
        return quoted(rng, who, plan, quotes)
    if purpose == "busy":
        own = speaker(rng, "site", family.sheet.scene, plan)
        return (*fill(rng, own, plan), *fill(rng, who, plan), *fill(rng, own, plan))
    return fill(rng, who, plan)


def _padded(rng: Random, family: Family, sheet: Sheet, *, hidden: float, dots: float) -> Sheet:
    """Hide good words in some pages of either label, and push some passages down with dots."""
    if family.template.markup and rng.random() < hidden:
        sheet = replace(sheet, hidden=family.padding)
    return replace(sheet, dots=rng.randint(3, 15)) if rng.random() < dots else sheet
