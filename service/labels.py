"""Moderators' rulings as labelled pages: what an export holds, and what it leaves out and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from model.page import Page
from model.saved import Label, SavedPage
from service.rulings import Decision, Ruling
from service.snapshots import site_of
from service.store.database import Database
from service.store.decisions import decided_pages
from service.verdict_json import utc_text

# What a ruling says of the page it was made on; "unsure" says nothing.
LABELS: dict[Ruling, Label] = {"bait": "bait", "not_bait": "ok"}


def export_labels(db: Database, *, without: Collection[str] = ()) -> Iterator[SavedPage | str]:
    """Yield each person's newest ruling on each page as a labelled page, oldest first.

    Instead of one that cannot be used comes the reason why, as a string. ``without`` names people
    whose rulings are left out. The page is the one that was seen when the ruling was made.
    """
    for decision, page, newest in decided_pages(db):
        if decision.by in without:
            yield "of people who are left out"
        elif not newest:
            yield "replaced by a newer ruling of the same person"
        elif decision.ruling not in LABELS:
            yield "unsure"
        else:
            yield _labelled(decision, page) if page else "no page was seen when it was made"


def _labelled(decision: Decision, page: Page) -> SavedPage:
    return SavedPage(
        id=f"decision-{decision.id}",
        page=page,
        label=LABELS[decision.ruling],
        group=_group(decision, page.url),
        extra={
            "labelled_by": decision.by,
            "labelled_at": utc_text(decision.at),
            "scope": decision.scope,
        },
    )


def _group(decision: Decision, url: str | None) -> str | None:
    """Name what the page is one of many of: the campaign that was ruled on, else its site."""
    if decision.scope == "campaign":
        return f"campaign-{decision.expression[:16]}"
    return site_of(url)
