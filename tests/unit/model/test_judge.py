from __future__ import annotations

import sys
import time
from dataclasses import replace

import pytest
from hypothesis import given
from wild_pages import PAGES

from model.artifact import Artifact
from model.document import parse_document
from model.judge import judge_page
from model.page import READABLE, Page, Redirect
from model.verdict import Counterfactual, Thresholds, decide

HOME = "https://site.example/reviews/12"
OPENING = "The harbour lights go out one by one, and nobody in the room says a word. " * 5
CLOSING = (
    '<p>Watch the full movie now for free: <a href="https://unlisted.example/x">click here to '
    "watch on our partner site</a></p>"
)
ARTICLE = f"<h1>The Glass Harbour</h1><p>{OPENING}</p><p>{OPENING}</p><p>{OPENING}</p>"


@pytest.fixture
def strict(small_artifact) -> Artifact:
    """Take everything for bait, so that every page is explained."""
    return replace(small_artifact, thresholds=Thresholds(bait=0.0, suspicious=0.0))


def html(body: str) -> Page:
    return Page.from_html(body, HOME)


@pytest.mark.parametrize("status", [199, 301, 404, 500, 0])
def test_an_error_is_not_judged_as_if_it_were_the_page(small_artifact, status):
    page = replace(html(ARTICLE + CLOSING), status=status)
    verdict = judge_page(page, small_artifact)
    assert (verdict.verdict, verdict.score) == ("unknown", None)
    assert verdict.unknown_because.code == "http_status"
    assert str(status) in verdict.unknown_because.text


@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        ("application/pdf", b"words", "not_html"),
        ("image/png", b"words", "not_html"),
        ("text/html", b"%PDF-1.7 words", "not_html"),
        ("", b"PK\x03\x04words", "not_html"),
        ("text/html", b"", "no_text"),
        ("text/html", b"<p> </p><script>x()</script>", "no_text"),
        ("text/plain", b" \n\t ", "no_text"),
    ],
)
def test_what_is_no_page_or_has_nothing_on_it_is_unknown(small_artifact, content_type, body, code):
    page = Page(HOME, HOME, 200, {"content-type": content_type}, body)
    verdict = judge_page(page, small_artifact)
    assert verdict.verdict == "unknown"
    assert verdict.unknown_because.code == code
    assert verdict.model == small_artifact.model_id


@pytest.mark.parametrize(
    "content_type",
    [*sorted(READABLE), "TEXT/HTML; charset=utf-8"],
)
def test_what_people_read_is_judged_whatever_it_is_called(small_artifact, content_type):
    page = Page(HOME, HOME, 200, {"content-type": content_type}, f"<p>{OPENING}</p>".encode())
    assert judge_page(page, small_artifact).score is not None


def test_a_page_with_nothing_but_a_way_on_is_judged(strict):
    page = html('<meta http-equiv="refresh" content="0;url=https://unlisted.example/">')
    verdict = judge_page(page, strict)
    assert verdict.verdict == "bait"
    assert [quote.href for quote in verdict.evidence] == ["https://unlisted.example/"]


@given(PAGES)
def test_any_page_gets_a_verdict_that_holds_together(small_artifact, page):
    artifact = replace(small_artifact, thresholds=Thresholds(bait=0.5, suspicious=0.0))
    verdict = judge_page(page, artifact)
    if verdict.score is None:
        assert verdict.unknown_because is not None
        return
    text = parse_document(page).text
    assert verdict.verdict == decide(verdict.score, artifact.thresholds)
    assert verdict.lure is not None
    for quote in verdict.evidence:
        if quote.start is not None:
            assert text[quote.start : quote.end] == quote.quote
    assert (verdict.without_evidence is None) == (verdict.evidence == ())


def test_a_clean_page_is_not_explained(small_artifact):
    artifact = replace(small_artifact, thresholds=Thresholds(bait=1.1, suspicious=1.1))
    verdict = judge_page(html(ARTICLE), artifact)
    assert verdict.verdict == "clean"
    assert verdict.score is not None
    assert (verdict.reasons, verdict.evidence, verdict.lure) == ((), (), None)
    assert verdict.without_evidence is None


def test_an_article_with_a_bait_closing_is_shown_by_its_closing(small_artifact):
    scores = [judge_page(html(body), small_artifact).score for body in (ARTICLE, ARTICLE + CLOSING)]
    between = Thresholds(*(sum(scores) / 2,) * 2)
    verdict = judge_page(html(ARTICLE + CLOSING), replace(small_artifact, thresholds=between))
    assert verdict.verdict == "bait"
    assert "partner site" in verdict.evidence[0].quote
    assert "harbour" not in verdict.evidence[0].quote
    assert "https://unlisted.example/x" in [quote.href for quote in verdict.evidence]
    assert verdict.without_evidence.verdict == "clean"
    assert verdict.without_evidence.score < verdict.score
    assert verdict.reasons


def test_without_its_evidence_a_page_scores_what_the_rest_alone_scores(small_artifact):
    scores = [judge_page(html(body), small_artifact).score for body in (ARTICLE, ARTICLE + CLOSING)]
    between = Thresholds(*(sum(scores) / 2,) * 2)
    verdict = judge_page(html(ARTICLE + CLOSING), replace(small_artifact, thresholds=between))
    assert verdict.without_evidence.score == pytest.approx(scores[0], rel=1e-2)  # a line break more


def test_no_more_is_quoted_than_makes_the_page_clean(small_artifact):
    page = html(CLOSING + ARTICLE + CLOSING.replace("/x", "/y"))
    verdict = judge_page(page, replace(small_artifact, thresholds=Thresholds(0.0, 0.0)))
    assert isinstance(verdict.without_evidence, Counterfactual)
    assert sum(quote.kind == "text" for quote in verdict.evidence) <= 5


def test_the_way_a_page_was_reached_by_is_evidence(strict):
    hop = Redirect("https://bit.ly/3x", 302)
    verdict = judge_page(replace(html(ARTICLE), redirects=(hop,)), strict)
    last = verdict.evidence[-1]
    assert (last.kind, last.quote, last.href) == ("redirect", hop.url, HOME)


def test_the_same_page_gets_the_same_verdict(strict):
    page = html(ARTICLE + CLOSING)
    assert judge_page(page, strict) == judge_page(page, strict)


@pytest.mark.parametrize("cut", [0.0, 0.3, 0.7, 1.1])
def test_the_thresholds_decide_the_name_and_not_the_score(small_artifact, cut):
    page = html(ARTICLE + CLOSING)
    verdict = judge_page(page, replace(small_artifact, thresholds=Thresholds(cut, cut)))
    assert verdict.score == judge_page(page, small_artifact).score
    assert verdict.verdict == ("bait" if verdict.score >= cut else "clean")


HEAVY = {
    "Chinese prose": Page.from_text("".join(chr(0x4E00 + n * 7 % 20_000) for n in range(600_000))),
    "Chinese sentences": Page.from_text("立即观看完整版影片，点击这里。" * 40_000),
    "short blocks": Page.from_html("<p>a" * 500_000),
    "links in blocks": Page.from_html(
        "".join(f'<p><a href="//s{n}.example/">watch now</a>' for n in range(40_000))
    ),
    "signs that decompose": Page.from_text("\ufdfa\u3316" * 300_000),
}


@pytest.mark.parametrize("page", HEAVY.values(), ids=HEAVY.keys())
def test_the_heaviest_pages_are_judged_and_explained_in_seconds(strict, page):
    # Counting which lines run takes longer than running them.
    counting = sys.gettrace()
    sys.settrace(None)
    started = time.process_time()
    verdict = judge_page(page, strict)
    took = time.process_time() - started
    sys.settrace(counting)
    assert verdict.without_evidence is not None
    assert took < 6.0
