"""Filling a plan: with bait, or with what an honest page says in the same place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from training.synthesis import names
from training.synthesis.chance import chance
from training.synthesis.destinations import (
    Site,
    cover_address,
    invent_place,
    own_address,
    place_address,
    shown,
    unnamed_address,
)
from training.synthesis.evasion import Disguise, disguise
from training.synthesis.language import LURE_OF, Language, Place
from training.synthesis.money import Currency, draw_currency, price, sum_of_money
from training.synthesis.plan import LINKING, Piece, Plan, Role

Voice = Literal["bait", "named", "site"]

# What a site says of itself where an offer would stand.
_SITE_RULES: Mapping[Role, tuple[str, ...]] = {
    "heading": ("honest.site_button", "ui.newsletter", "ui.related"),
    "row": ("honest.site_button", "ui.newsletter", "ui.related"),
    "promise": ("honest.site_call",),
    "call": ("honest.site_call",),
    "button": ("honest.site_button",),
}
_FRESH = (
    "{} [{year}]", "{} ({year})", "🔴 {}", "{} | HD", "{} 🔥", "✅ {}", "➤ {}", "{} !!",
    "#{} {year}", "({digit}) {}", "{year}: {}", "{} – {digit}.{year}", "[NEW] {}", "{} • LIVE",
    "★ {} ★", "{} | {word} | {year}", "{word} {year} – {}", "{} #{word}", "⚡ {}", "{} v{digit}",
    "[UPDATE {digit}] {}",
)  # fmt: skip
_COVER_SHARE = 0.12
_COVERED: frozenset[Role] = frozenset({"heading", "promise", "call", "button", "row"})
_SHARED_SLOTS: Mapping[Role, str] = {"image": "alt", "step": "steps"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What the sentences of one page speak of."""

    lang: Language
    site: Site
    subject: str
    teams: tuple[str, str]
    app: str
    year: str
    currency: Currency


def draw_scene(rng: Random, lang: Language, site: Site, subject: str) -> Scene:
    """Draw the names a bait page and its twins share."""
    return Scene(
        lang=lang,
        site=site,
        subject=subject if subject and rng.random() < 0.8 else rng.choice(names.TITLES),
        teams=tuple(rng.sample(names.TEAMS, 2)),  # type: ignore[arg-type]
        app=rng.choice(names.APPS),
        year=str(rng.choice((2023, 2024, 2025, 2025, 2026, 2026, 2027))),
        currency=draw_currency(rng, lang.code),
    )


def draw_place(rng: Random, scene: Scene, lure: str, *, known: bool) -> Place:
    """Choose who is named: a known service, an organisation of its own, or the site itself.

    ``known`` asks for a service, where no words will say who it is.
    """
    roll = rng.random()
    if known or roll < 0.55:
        places = scene.lang.places
        return rng.choice(places[lure] if lure in places else places[LURE_OF[lure]])
    if roll < 0.84:
        return invent_place(rng, scene.lang.code)
    return Place(scene.site.name, scene.site.host)


def words_of(rng: Random, scene: Scene, place: Place) -> Mapping[str, str]:
    """Fill every variable of the grammar for one passage."""
    return {
        "title": scene.subject,
        "year": scene.year,
        "team_a": scene.teams[0],
        "team_b": scene.teams[1],
        "league": rng.choice(names.LEAGUES),
        "app": scene.app,
        "brand": rng.choice(names.BRANDS),
        "coins": rng.choice(names.COINS),
        "company": place.name if rng.random() < 0.3 else names.company_name(rng),
        "place": place.name,
        "pirate": names.pirate_name(rng),
        "site": scene.site.name,
        "version": f"{rng.randint(1, 26)}.{rng.randint(0, 12)}",
        "size": f"{rng.randint(3, 990)}",
        "number": rng.choice(("{:,}", "{}")).format(
            rng.choice((1, 10, 100)) * rng.randint(100, 999)
        ),
        "minutes": str(rng.randint(2, 59)),
        "percent": str(rng.randint(3, 99)),
        "digit": str(rng.randint(1, 9)),
        "amount": sum_of_money(rng, scene.currency),
        "small": price(rng, scene.currency),
        "person": names.person_name(rng),
        "host": place.host,
    }


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice on one page: whose words, and where its links lead."""

    voice: Voice
    scene: Scene
    words: Mapping[str, str]
    place: Place
    address: Callable[[], str]
    cover: bool = False  # bait in the words that a known service's honest page would use

    def say(self, rule: str, rng: Random) -> str:
        """Expand one rule with this page's names."""
        return self.scene.lang.grammar.expand(rule, rng, self.words)


def speaker(rng: Random, voice: Voice, scene: Scene, plan: Plan) -> Speaker:
    """Prepare a voice for a plan, with its destination or destinations."""
    place = draw_place(rng, scene, plan.lure, known=plan.neutral or voice == "bait")
    leads = any(_leads(plan, role) for role in plan.roles)
    cover = voice == "bait" and leads and rng.random() < _COVER_SHARE

    def draw() -> str:
        if cover and rng.random() < 0.4:
            return cover_address(rng, place, scene.subject)
        if voice == "bait":
            return unnamed_address(rng, scene.lang.code, scene.site, scene.subject)
        if voice == "named":
            return place_address(rng, place, scene.site, scene.subject, counted=not plan.neutral)
        return own_address(rng, scene.site)

    only = draw()
    address = (lambda: only) if plan.one_address else draw
    return Speaker(voice, scene, words_of(rng, scene, place), place, address, cover)


def fill(rng: Random, who: Speaker, plan: Plan) -> tuple[Piece, ...]:
    """Write the plan's parts in one voice, in order.

    Some bait wears a known service's name as cover: its words are the honest ones, its address
    is not.
    """
    pieces = []
    for role in plan.roles:
        text = _words_for(rng, who, plan, role)
        href = who.address() if _leads(plan, role) else None
        if role == "address" and href is not None:
            text = _shown_for(rng, who, href, masked=plan.masked)
        if role in ("call", "button", "image") and plan.arrow:
            text = plan.arrow + text
        pieces.append(Piece(role, text, href, planted=who.voice == "bait" and role != "field"))
    return tuple(pieces)


def dress(rng: Random, pieces: tuple[Piece, ...], how: Disguise, share: float) -> tuple[Piece, ...]:
    """Disguise the words of every part that has words of its own."""
    return tuple(_dressed(rng, piece, how, share) for piece in pieces)


def _dressed(rng: Random, piece: Piece, how: Disguise, share: float) -> Piece:
    if piece.role in ("address", "field"):
        return piece
    if piece.spans:
        spans = tuple(replace(s, words=disguise(s.words, how, share, rng)) for s in piece.spans)
        return Piece.of_spans(piece.role, spans, planted=piece.planted)
    return replace(piece, text=disguise(piece.text, how, share, rng))


def quoted(
    rng: Random, who: Speaker, plan: Plan, quotes: Sequence[Piece] | None = None
) -> tuple[Piece, ...]:
    """Write a warning that quotes bait, or news about it: the bait's words, not its purpose.

    ``quotes`` defaults to bait of the grammar's.
    """
    if quotes is None:
        quotes = _bait_quotes(rng, who, plan)
    opening = "honest.news" if rng.random() < 0.25 else "honest.warning_before"
    before = [Piece("promise", who.say(opening, rng))]
    if opening == "honest.news":
        before.append(Piece("promise", who.say("honest.warning_before", rng)))
    after = [Piece("promise", who.say("honest.warning_after", rng))]
    if plan.link != "none" and rng.random() < 0.5:
        after.append(Piece("call", who.say(f"honest.{plan.lure}.call", rng), who.address()))
    return (*before, *quotes, *after)


def _bait_quotes(rng: Random, who: Speaker, plan: Plan) -> list[Piece]:
    quotes = [
        Piece("quote", who.say(f"bait.{plan.lure}.{slot}", rng))
        for slot in rng.choice((("promise",), ("call",), ("promise", "call"), ("headline",)))
    ]
    if rng.random() < 0.3:
        quotes.append(Piece("quote", who.say(rng.choice(("bait.note", "bait.pressure")), rng)))
    return quotes


def freshened(rng: Random, title: str, scene: Scene) -> str:
    """Dress a headline up as new, as both newsrooms and link farms do."""
    return rng.choice(_FRESH).format(
        title, year=scene.year, digit=rng.randint(1, 59), word=title.partition(" ")[0]
    )


def headline(rng: Random, who: Speaker, plan: Plan) -> str:
    """Write the page's headline in this voice."""
    section = "bait" if who.voice == "bait" else "honest"
    return who.say(f"{section}.{plan.lure}.headline", rng)


def _leads(plan: Plan, role: Role) -> bool:
    if plan.link == "none" or role not in LINKING:
        return False
    # Where the address is written out below, the call before it need not be a link as well.
    return not (role == "call" and "address" in plan.roles)


def _words_for(rng: Random, who: Speaker, plan: Plan, role: Role) -> str:
    if role in ("address", "redirect") and not plan.neutral:
        role = "button"
    if role == "field":
        return who.scene.lang.ui("username", rng)
    if role == "stuffing":
        return _stuffing(rng, who, plan)
    if plan.neutral and role in LINKING:
        # Seeded by the scene, so that both sides of a pair say the very same words.
        same = chance(f"{who.scene.subject}{who.scene.app}{plan.roles}{who.scene.teams}")
        rule = f"shared.{plan.lure}_button"
        if rule not in who.scene.lang.grammar:
            rule = f"shared.{LURE_OF[plan.lure]}_button"
        return who.say(rule, same)
    return who.say(_rule_for(rng, who, plan.lure, role), rng)


def _rule_for(rng: Random, who: Speaker, lure: str, role: Role) -> str:
    if who.voice == "site" and role in _SITE_RULES:
        return rng.choice(_SITE_RULES[role])
    bait = who.voice == "bait" and not (who.cover and role in _COVERED)
    section = "bait" if bait else "honest"
    if role == "heading":
        return f"{section}.{lure}.{rng.choice(('headline', 'headline', 'button'))}"
    if role in ("promise", "call", "button", "row"):
        return f"{section}.{lure}.{'button' if role == 'row' else role}"
    return f"{section}.{_SHARED_SLOTS.get(role, role)}"


def _stuffing(rng: Random, who: Speaker, plan: Plan) -> str:
    section = "bait" if who.voice == "bait" else "honest"
    tags = (who.say(f"{section}.{plan.lure}.headline", rng) for _ in range(rng.randint(3, 7)))
    return rng.choice((", ", " | ", " • ", " #")).join(tags)


def _shown_for(rng: Random, who: Speaker, href: str, *, masked: bool) -> str:
    """What an address looks like on the page; a masked one is not the one it leads to."""
    if who.voice == "bait" and masked:
        site = who.scene.site
        return shown(place_address(rng, who.place, site, who.scene.subject), site)
    return shown(href, who.scene.site)
