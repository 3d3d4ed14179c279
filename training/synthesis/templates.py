"""Every template: its layout, the passages it can hold, and how often it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from training.synthesis import layouts_articles as articles
from training.synthesis import layouts_offers as offers
from training.synthesis import layouts_platforms as platforms
from training.synthesis import layouts_single as single
from training.synthesis import layouts_text as texts
from training.synthesis import plan
from training.synthesis.language import LURES
from training.synthesis.plan import LinkForm, Role
from training.synthesis.sheet import Sheet

_LINKS: tuple[LinkForm, ...] = (
    "text", "text", "text", "text", "button", "button", "onclick", "data", "form", "none",
)  # fmt: skip
_TEXT_LINKS: tuple[LinkForm, ...] = ("text", "text", "none")


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
    lures: tuple[str, ...] = LURES
    headlined: bool = True

    @property
    def can_stand_alone(self) -> bool:
        """Whether its layout suits a page that is nothing but a site's own lines and buttons."""
        return self.stands_alone or self.name in _ROOMY

    @property
    def speaks_freely(self) -> bool:
        """Whether its layout takes any lines, whatever their number and order."""
        return self.stands_alone or self.name in _FREE

    @property
    def stands_alone(self) -> bool:
        """Whether the page is a page without any passage."""
        return self.paragraphs[0] > 0


_ROOMY = ("landing", "catalogue", "tool", "offer-text", "hub")
_FREE = (
    "landing", "notice", "mail", "offer-text", "notice-text", "comment", "letter", "message", "hub",
)  # fmt: skip
_ARTICLE = plan.ARTICLE_SHAPES
_FOLLOWED: tuple[LinkForm, ...] = ("text", "button", "button", "onclick", "data", "form")

TEMPLATES: tuple[Template, ...] = (
    Template("plain-article", True, articles.plain_article, _ARTICLE, (1, 40), 8),
    Template("blog-feed", True, articles.blog_feed, _ARTICLE, (1, 20), 8),
    Template("press-post", True, articles.press_post, _ARTICLE, (1, 40), 8),
    Template("story", True, articles.story, _ARTICLE, (1, 20), 5),
    Template("farm", True, articles.farm, _ARTICLE, (1, 16), 6),
    Template("old-page", True, articles.old_page, _ARTICLE, (1, 8), 3),
    Template("thread", True, articles.thread, _ARTICLE, (1, 8), 3),
    Template("built-site", True, platforms.built_site, _ARTICLE, (1, 14), 4),
    Template("workspace", True, platforms.workspace, _ARTICLE, (1, 14), 4),
    Template("repository", True, platforms.repository, _ARTICLE, (1, 12), 5),
    Template("issue", True, platforms.issue, _ARTICLE, (1, 10), 4),
    Template("paste", True, platforms.paste, _ARTICLE, (1, 16), 3, _TEXT_LINKS),
    Template(
        "player", True, single.player, plan.PLAYER_SHAPES, (0, 4), 5, _FOLLOWED,
        ("streaming", "streaming", "live"),
    ),
    Template(
        "file", True, single.file_page, plan.PLAYER_SHAPES + plan.LANDING_SHAPES, (0, 3), 4,
        lures=("download",),
    ),
    Template("hub", True, single.hub, plan.HUB_SHAPES, (0, 2), 3, _FOLLOWED),
    Template("notice", True, single.notice, plan.NOTICE_SHAPES, (0, 2), 6, lures=("other",)),
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
    Template("seen-article", False, texts.seen_article, _ARTICLE, (1, 40), 14, _TEXT_LINKS),
    Template("seen-page", False, texts.seen_page, _ARTICLE, (1, 16), 10, _TEXT_LINKS),
    Template(
        "offer-text", False, texts.offer_text,
        plan.LANDING_SHAPES + plan.LOCKER_SHAPES + plan.TOOL_SHAPES, (0, 2), 5, _TEXT_LINKS,
    ),
    Template("notes", False, texts.notes, _ARTICLE, (1, 20), 8, _TEXT_LINKS),
    Template(
        "notice-text", False, texts.offer_text, plan.NOTICE_SHAPES, (0, 2), 6, _TEXT_LINKS,
        ("other",),
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
