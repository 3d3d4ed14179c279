"""A desk as it looks on a working day: cases of several kinds, rulings, people, a submission."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from furnished import MODEL, FurnishedDesk, furnished_desk

from model.document import Document, parse_document
from model.judge import Judged
from model.page import Page
from model.verdict import Evidence, Reason, Verdict
from service.store.views import save_view

_PROMISE = "See all of it for nothing: press the button at the end of this page."
_HIDDEN = "<p style='display:none'>free stream in full length, no account</p>"
# Title, host, what the page is about, whether it is bait, and where its button leads.
_STORIES = (
    ("The Lamp on the Skerry: a review", "films.example", "a lamp keeper's last winter", True),
    ("How to prune an old apple tree", "gardens.example", "dead wood, and patience", False),
    ("Nine walks above the river", "walks.example", "paths that end at a station", False),
    ("Table after the fifth round", "scores.example", "two clubs that share the lead", True),
    ("A letter about the new library", "town.example", "a reading room for autumn", False),
    ("Bread with a long rest", "kitchen.example", "two nights in the cold", True),
    ("What the tide leaves behind", "shore.example", "shells, rope and bottles", True),
    ("A short history of the bicycle bell", "wheels.example", "a sound that is polite", True),
)


def everyday_pages() -> dict[str, str]:
    """Write the pages; those that are bait send their reader elsewhere by a promise."""
    return {
        f"https://{host}/{place}/article": _page(title, host, about, place, bait=bait)
        for place, (title, host, about, bait) in enumerate(_STORIES)
    }


def _page(title: str, host: str, about: str, place: int, *, bait: bool) -> str:
    words = " ".join(
        f"This part, number {part}, of the text about {about} on {host} has little to add."
        for part in range(4)
    )
    end = (
        f"<p>{_PROMISE}</p><a href='https://go{place}.example/now'>{host}</a>{_HIDDEN}"
        if bait
        else f"<p>Read on in <a href='https://{host}/archive'>the archive</a>.</p>"
    )
    return f"<html lang=en><title>{title}</title><h1>{title}</h1><p>{words}</p>{end}"


def judge(page: Page) -> Judged:
    """Name bait by its promise, and doubt some of it, as the tests want it: no model is asked."""
    document = parse_document(page)
    return Judged(_verdict(document), document)


def _verdict(document: Document) -> Verdict:
    start = document.text.find(_PROMISE)
    if start < 0:
        return Verdict("clean", 0.04, MODEL)
    sure = "films" in document.text or "scores" in document.text
    evidence = (
        Evidence("text", _PROMISE, start=start, end=start + len(_PROMISE)),
        Evidence("link", document.links[-1].text, href=document.links[-1].href),
        Evidence("hidden", document.hidden[0].text),
    )
    reasons = (
        Reason("promise", "It promises something for nothing.", 2.5),
        Reason("masked", "A link shows one address and leads to another.", 1.1),
    )
    name, score = ("bait", 0.96) if sure else ("suspicious", 0.55)
    return Verdict(name, score, MODEL, "streaming", reasons, evidence)


@contextmanager
def everyday_desk(data: Path) -> Iterator[FurnishedDesk]:
    """Serve the desk until the block ends; `ada` is an admin, `grace` a moderator."""
    pages = everyday_pages()
    with furnished_desk(data, pages, judge) as desk:
        admin = desk.seat("ada", "admin")
        for name, role in (("grace", "moderator"), ("lin", "lead"), ("otto", "reporter")):
            desk.seat(name, role)
        for url in pages:
            desk.check(url)
        bait = [url for url, (*_, is_bait) in zip(pages, _STORIES, strict=True) if is_bait]
        for url in bait[:2]:
            desk.report(url, "not_bait", "This is our own page, and it names its source.")
        for _ in range(4):
            desk.report(bait[3], "bait", "Sent to our whole list this morning.")
        desk.rule("https://kitchen.example/5/article", "bait", note="The button leads elsewhere.")
        desk.rule("https://elsewhere.example/", "not_bait", "host", note="A shop that we know.")
        save_view(desk.db, admin, "Films, urgent", urlencode({"lure": "streaming"}))
        yield desk
