"""What ships, on articles of the classic form: an honest review, and bait that closes it."""

from __future__ import annotations

import html

import pytest
from written_articles import ARTICLES, Written

from model.artifact import Artifact, load_artifact
from model.document import parse_document
from model.judge import judge_page
from model.page import Page
from model.verdict import Verdict

HOME = "https://reviews.example/2026/11/a-review"
ELSEWHERE = "https://view-now-hd.example/t/8841"
CASES = [
    pytest.param(article, closing, id=f"{article.lang}-{number}")
    for article in ARTICLES
    for number, closing in enumerate(article.closings)
]
# Where the model is certain; in the other languages it is at least suspicious.
FLAGGED = {"en": {"bait"}, "es": {"bait"}}
EACH_ARTICLE = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.lang)


@pytest.fixture(scope="module")
def shipped() -> Artifact:
    return load_artifact()


def as_text(article: Written, closing: tuple[str, ...] = ()) -> Page:
    return Page.from_text("\n\n".join([article.title, *article.paragraphs, *closing]))


def as_html(article: Written, closing: str = "") -> Page:
    title = html.escape(article.title)
    prose = "".join(f"<p>{html.escape(words)}</p>" for words in article.paragraphs)
    return Page.from_html(
        f'<html lang="{article.lang}"><title>{title}</title><nav><a href="/">Home</a>'
        f'<a href="/reviews">Reviews</a><a href="/about">About</a></nav><article>'
        f"<h1>{title}</h1>{prose}{closing}</article><footer><a href='/i'>Imprint</a></footer>",
        HOME,
    )


def picture_link(closing: tuple[str, ...]) -> str:
    heading, call, *notes = closing
    return (
        f'<h2>{heading}</h2><p><a href="{ELSEWHERE}"><img src="/preview.jpg" alt="{call}"></a></p>'
        + "".join(f"<p><small>{note}</small></p>" for note in notes)
    )


def assert_quotes_are_the_page(page: Page, verdict: Verdict) -> None:
    text = parse_document(page).text
    for quote in verdict.evidence:
        if quote.start is not None:
            assert text[quote.start : quote.end] == quote.quote


@pytest.mark.parametrize(("article", "closing"), CASES)
def test_a_review_that_bait_closes_is_bait_and_its_closing_is_quoted(shipped, article, closing):
    page = as_text(article, closing)
    verdict = judge_page(page, shipped)
    assert verdict.verdict in FLAGGED.get(article.lang, {"bait", "suspicious"})
    assert verdict.reasons
    assert_quotes_are_the_page(page, verdict)
    quoted = "\n".join(quote.quote for quote in verdict.evidence)
    assert all(line in quoted for line in closing[:2])
    assert not any(words[:60] in quoted for words in article.paragraphs[:3])
    assert verdict.without_evidence.verdict == "clean"


def test_a_review_that_sends_its_reader_to_watch_promises_streaming(shipped):
    article = ARTICLES[0]
    lures = [judge_page(as_text(article, c), shipped).lure for c in article.closings]
    assert lures.count("streaming") >= 2, lures


@EACH_ARTICLE
def test_the_same_review_without_the_closing_is_clean(shipped, article):
    assert judge_page(as_text(article), shipped).verdict == "clean"
    assert judge_page(as_html(article), shipped).verdict == "clean"


@pytest.mark.parametrize(("article", "closing"), CASES)
def test_a_picture_that_leads_away_is_quoted_with_its_link(shipped, article, closing):
    page = as_html(article, picture_link(closing))
    verdict = judge_page(page, shipped)
    assert verdict.verdict in FLAGGED.get(article.lang, {"bait", "suspicious"})
    assert_quotes_are_the_page(page, verdict)
    assert ELSEWHERE in [quote.href for quote in verdict.evidence if quote.kind == "link"]
    assert verdict.without_evidence.verdict == "clean"


@EACH_ARTICLE
def test_a_review_that_ends_by_naming_a_cinema_and_a_known_service_is_clean(shipped, article):
    closing = article.honest_closing
    assert judge_page(as_text(article, (closing,)), shipped).verdict == "clean"
    assert (
        judge_page(as_html(article, f"<p>{html.escape(closing)}</p>"), shipped).verdict == "clean"
    )
