"""The plan of a passage: which parts it has, how it links, where it stands in the page.

A bait page and its twins are filled from the same plan, so that position, number of parts, kind
of button and decoration say nothing about the label.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

Role = Literal[
    "heading", "promise", "call", "button", "image", "address", "pressure", "note", "step",
    "status", "field", "stuffing", "row", "redirect", "quote",
]  # fmt: skip
LinkForm = Literal["text", "button", "onclick", "data", "form", "none"]
Where = Literal["top", "middle", "end", "spread"]

# The parts that can run on in one paragraph.
SENTENCES: frozenset[Role] = frozenset({"promise", "call", "pressure", "note", "address"})
# The parts a reader can follow somewhere.
LINKING: frozenset[Role] = frozenset({"call", "button", "image", "address", "row", "redirect"})

# Passages laid into an article. Repeats in a shape are repeats on the page.
ARTICLE_SHAPES: tuple[tuple[Role, ...], ...] = (
    ("heading", "call", "image", "note"),
    ("promise", "call", "note"),
    ("promise", "button"),
    ("call", "button"),
    ("heading", "promise", "button", "note"),
    ("pressure", "call", "button"),
    ("call", "note"),
    ("call",),
    ("promise", "call"),
    ("button",),
    ("image",),
    ("image", "note"),
    ("call", "address"),
    ("promise", "address", "note"),
    ("heading", "button", "button", "note"),
    ("promise", "call", "pressure", "button", "note"),
    ("stuffing", "call", "button"),
    ("heading", "stuffing", "promise", "button"),
    ("heading", "step", "step", "call"),
    ("promise", "pressure", "button"),
    ("button", "status", "button"),
    ("note", "button"),
    ("promise", "call", "note", "note"),
    ("promise", "promise", "call"),
    ("call", "pressure"),
    ("note", "call"),
    ("heading", "call", "call", "call"),
    ("status", "promise", "call"),
)
LANDING_SHAPES: tuple[tuple[Role, ...], ...] = (
    ("heading", "promise", "button"),
    ("heading", "promise", "button", "note"),
    ("heading", "button"),
    ("promise", "image", "button"),
    ("heading", "status", "promise", "button", "pressure", "note"),
    ("heading", "promise", "promise", "button", "promise", "button", "note"),
)
LOCKER_SHAPES: tuple[tuple[Role, ...], ...] = (
    ("heading", "promise", "status", "step", "step", "step", "button", "note"),
    ("heading", "status", "step", "step", "button"),
    ("heading", "promise", "status", "pressure", "step", "step", "step", "button"),
)
TOOL_SHAPES: tuple[tuple[Role, ...], ...] = (
    ("heading", "status", "promise", "field", "button", "note"),
    ("heading", "promise", "field", "button", "status", "step", "step", "button"),
    ("heading", "field", "button", "step", "step", "step", "note"),
    ("status", "heading", "field", "button"),
)
TABLE_SHAPES: tuple[tuple[Role, ...], ...] = (
    ("heading", "promise", "row", "row", "row", "row", "note"),
    ("heading", "row", "row", "row", "row", "row", "row"),
    ("promise", "call", "row", "row", "row", "pressure", "note"),
    ("heading", "row", "row", "row", "promise"),
)
# What a notice says: an office, a carrier, an employer, or who wears its name.
NOTICE_SHAPES: tuple[tuple[Role, ...], ...] = (
    ("heading", "promise", "status", "promise", "button", "note"),
    ("promise", "status", "pressure", "call", "button"),
    ("heading", "promise", "promise", "call", "button", "note"),
    ("status", "promise", "button"),
    ("promise", "promise", "field", "button", "note"),
)
# One thing to have: a film behind a player, a file behind a button.
PLAYER_SHAPES: tuple[tuple[Role, ...], ...] = (
    ("image", "button", "button", "note"),
    ("image", "status", "promise", "button"),
    ("status", "button", "pressure", "button", "stuffing"),
    ("promise", "image", "row", "row", "row", "note"),
    ("status", "promise", "button", "note"),
)
HUB_SHAPES: tuple[tuple[Role, ...], ...] = (
    ("promise", "button", "button", "button"),
    ("button", "button"),
    ("heading", "button", "button", "button", "button"),
    ("image", "promise", "button", "button", "note"),
)
IMAGE_SHAPES: tuple[tuple[Role, ...], ...] = (("image",), ("image", "image"), ("image", "note"))
REDIRECT_SHAPES: tuple[tuple[Role, ...], ...] = (("redirect",), ("heading", "redirect"))
MAIL_SHAPES: tuple[tuple[Role, ...], ...] = (
    ("promise", "call", "button", "note"),
    ("heading", "promise", "pressure", "button"),
    ("promise", "call"),
    ("promise", "address"),
    ("promise", "call", "address", "pressure"),
)
SHORT_SHAPES: tuple[tuple[Role, ...], ...] = (
    ("promise", "address"),
    ("call", "address"),
    ("call",),
    ("promise", "call"),
    ("promise", "call", "address"),
    ("pressure", "call", "address"),
    ("heading", "address", "stuffing"),
    ("heading", "call", "note"),
)
_ARROWS = ("👉 ", "► ", "➤ ", "▶️ ", "🔴 ", "⬇️ ", "==> ", "✅ ", "🎬 ", "🔥 ", "»» ", "📺 ", "🎁 ")


@dataclass(frozen=True, slots=True)
class Span:
    """Words within a sentence, and where they lead if they lead anywhere."""

    words: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a passage: its words, and where it leads if it leads anywhere.

    Where links stand among the words, ``spans`` has all of them in order, and ``href`` is None.
    """

    role: Role
    text: str
    href: str | None = None
    planted: bool = False  # part of the bait, and so evidence
    spans: tuple[Span, ...] = ()

    @classmethod
    def of_spans(cls, role: Role, spans: tuple[Span, ...], *, planted: bool) -> Piece:
        """Make a sentence with links among its words."""
        return cls(role, "".join(s.words for s in spans), planted=planted, spans=spans)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a passage is built. ``lure`` is the name of the phrases' section."""

    lure: str
    roles: tuple[Role, ...]
    link: LinkForm
    arrow: str
    where: Where
    repeats: int
    neutral: bool  # the words fit any destination: only the address tells the label
    titled: bool  # the page's headline speaks of the offer too
    one_address: bool  # every link leads to the same page
    masked: bool  # a written-out address is not the one it leads to, where bait can do that
    inline: bool  # sentences run on in one paragraph, not each in its own
    attached: bool  # and in the article's own paragraph where they can


def draw_plan(
    rng: Random,
    lure: str,
    shapes: tuple[tuple[Role, ...], ...],
    *,
    links: tuple[LinkForm, ...],
    markup: bool,
) -> Plan:
    """Draw the plan of one passage from the shapes and link forms that a template allows."""
    roles = rng.choice(shapes)
    link = rng.choice(links)
    linking = link != "none" and not LINKING.isdisjoint(roles)
    if link == "none":
        roles = tuple(role for role in roles if role != "address") or ("call",)
    short = linking and len(roles) <= 2 and roles[0] != "promise" and "note" not in roles
    return Plan(
        lure=lure,
        roles=roles,
        link=link,
        arrow=rng.choice(_ARROWS) if rng.random() < 0.3 else "",
        where=rng.choices(("top", "middle", "end", "spread"), (18, 34, 38, 10))[0],
        repeats=rng.choice((1, 1, 2, 3)) if linking and rng.random() < 0.35 else 0,
        neutral=short and rng.random() < 0.45,
        titled=rng.random() < 0.3,
        one_address=rng.random() < 0.8,
        masked=markup and rng.random() < 0.2,
        inline=rng.random() < 0.4,
        attached=rng.random() < 0.4,
    )
