"""Every template: its layout, the passages it can hold, and how often it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from training.synthesis import layouts_articles as articles
from training.synthesis import layouts_offers as offers
from training.synthesis import layouts_text as texts
from training.synthesis import plan
from training.synthesis.language import LURES
from training.synthesis.plan import LinkForm, Role
from training.synthesis.sheet import Sheet

_LINKS: tuple[LinkForm, ...] = (
    "text", "text", "text", "text", "button", "button", "onclick", "data", "form", "none",
)  # fmt: skip
_TEXT_LINKS: tuple[LinkForm, ...] = ("text", "text", "none")
_ALL_LURES = LURES + LURES[:4]  # parcels and refunds come a little less often than films


@dataclass(frozen=True, slots=True)
class Template:
    """One template. ``paragraphs`` bounds how much of an article it carries."""

    name: str
    markup: bool
    layout: Callable[[Sheet], str]
    shapes: tuple[tuple[Role, ...], ...]
    paragraphs: tuple[int, int]
    weight: int
    links: tuple[LinkForm, ...] = _LINKS
    lures: tuple[str, ...] = _ALL_LURES
    headlined: bool = True

    @property
    def stands_alone(self) -> bool:
        """Whether the page is a page without any passage."""
        return self.paragraphs[0] > 0


_ARTICLE = plan.ARTICLE_SHAPES
_FOLLOWED: tuple[LinkForm, ...] = ("text", "button", "button", "onclick", "data", "form")

TEMPLATES: tuple[Template, ...] = (
    Template("plain-article", True, articles.plain_article, _ARTICLE, (1, 24), 8),
    Template("blog-feed", True, articles.blog_feed, _ARTICLE, (1, 20), 8),
    Template("press-post", True, articles.press_post, _ARTICLE, (1, 24), 8),
    Template("story", True, articles.story, _ARTICLE, (1, 20), 5),
    Template("farm", True, articles.farm, _ARTICLE, (1, 16), 6),
    Template("old-page", True, articles.old_page, _ARTICLE, (1, 8), 3),
    Template("thread", True, articles.thread, _ARTICLE, (1, 8), 3),
    Template("landing", True, offers.landing, plan.LANDING_SHAPES, (0, 3), 7),
    Template("steps", True, offers.steps_page, plan.LOCKER_SHAPES, (0, 1), 4, _FOLLOWED),
    Template(
        "tool", True, offers.tool, plan.TOOL_SHAPES, (0, 2), 4, lures=("giveaway", "download")
    ),
    Template("schedule", True, offers.schedule, plan.TABLE_SHAPES, (0, 3), 3, _FOLLOWED, ("live",)),
    Template(
        "catalogue", True, offers.catalogue, plan.TABLE_SHAPES, (0, 3), 4, _FOLLOWED,
        ("streaming", "download", "giveaway"),
    ),
    Template("picture", True, offers.picture, plan.IMAGE_SHAPES, (0, 1), 2, ("text",)),
    Template("redirect", True, offers.redirect, plan.REDIRECT_SHAPES, (0, 1), 2, ("text",)),
    Template("mail", True, offers.mail, plan.MAIL_SHAPES, (0, 2), 3),
    Template("seen-article", False, texts.seen_article, _ARTICLE, (1, 24), 14, _TEXT_LINKS),
    Template("seen-page", False, texts.seen_page, _ARTICLE, (1, 16), 10, _TEXT_LINKS),
    Template(
        "offer-text", False, texts.offer_text,
        plan.LANDING_SHAPES + plan.LOCKER_SHAPES + plan.TOOL_SHAPES, (0, 2), 5, _TEXT_LINKS,
    ),
    Template("readme", False, texts.readme, _ARTICLE, (1, 10), 7, ("text",)),
    Template(
        "comment", False, texts.comment, plan.SHORT_SHAPES, (0, 2), 5, _TEXT_LINKS,
        headlined=False,
    ),
    Template(
        "letter", False, texts.letter, plan.MAIL_SHAPES, (0, 2), 3, _TEXT_LINKS, headlined=False
    ),
    Template(
        "message", False, texts.message, plan.SHORT_SHAPES, (0, 0), 3, _TEXT_LINKS,
        headlined=False,
    ),
)  # fmt: skip
