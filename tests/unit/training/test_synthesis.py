"""What generate() promises of its pages."""

from __future__ import annotations

import html
import re
from collections import Counter
from itertools import groupby, pairwise

import pytest
from bs4 import BeautifulSoup

from training.synthesis import LANGUAGES, Article, Generated, generate
from training.synthesis.language import load_language
from training.synthesis.templates import TEMPLATES

BODY = tuple(f"Paragraph {n} of an honest report about the harbour of Ostby." for n in range(30))
HARBOUR = Article("a1", "The harbour – Ostby Post", BODY, "en", "ostby.example")


def content(page: Generated) -> str:
    return page.html if page.html is not None else page.text or ""


def as_read(page: Generated) -> str:
    """The page's source and what a parser reads out of it."""
    source = content(page)
    read = BeautifulSoup(source, "lxml").get_text() if page.html is not None else ""
    return "\n".join((source, html.unescape(source), read))


def visible(page: Generated) -> str:
    if page.html is None:
        return page.text or ""
    soup = BeautifulSoup(page.html, "lxml")
    for hidden in soup.find_all(
        lambda tag: tag.name == "div" and (tag.has_attr("hidden") or "style" in tag.attrs)
    ):
        hidden.decompose()
    return soup.get_text()


@pytest.fixture(scope="module")
def pages() -> list[Generated]:
    return list(generate([HARBOUR], count=3000, seed=11))


def test_the_same_arguments_give_the_same_pages(pages: list[Generated]):
    assert list(generate([HARBOUR], count=300, seed=11)) == pages[:300]


def test_another_seed_gives_other_pages(pages: list[Generated]):
    other = {content(page) for page in generate([HARBOUR], count=300, seed=12)}
    assert not other & {content(page) for page in pages[:300]}


def test_as_many_pages_come_as_were_asked_for(pages: list[Generated]):
    assert len(pages) == 3000
    assert len({page.id for page in pages}) == 3000


def test_nothing_comes_when_nothing_was_asked_for():
    assert list(generate([], count=0, seed=1)) == []


def test_a_language_without_phrases_is_refused_at_once():
    with pytest.raises(ValueError, match="xx"):
        generate([], count=1, seed=1, languages=["en", "xx"])


def test_only_the_languages_asked_for_come():
    assert {page.lang for page in generate([], count=200, seed=1, languages=["ko", "fr"])} == {
        "ko",
        "fr",
    }


def test_every_language_template_lure_and_purpose_comes(pages: list[Generated]):
    assert {page.lang for page in pages} == set(LANGUAGES)
    assert {page.template for page in pages} == {template.name for template in TEMPLATES}
    twins = {"bait", "named", "site", "warning", "plain", "busy", "written"}
    kinds = {kind for code in LANGUAGES for kind in load_language(code).page_kinds}
    purposes = {page.purpose for page in pages}
    assert {*twins, *load_language("en").page_kinds} <= purposes <= twins | kinds
    assert {page.lure for page in pages if page.label == "bait"} == {
        "streaming",
        "live-sports",
        "download",
        "giveaway",
        "other",
    }


def test_about_40_in_100_are_bait_and_60_in_100_are_markup(pages: list[Generated]):
    assert 0.37 < sum(page.label == "bait" for page in pages) / len(pages) < 0.43
    assert 0.54 < sum(page.html is not None for page in pages) / len(pages) < 0.66


def test_every_family_has_bait_and_honest_twins_of_one_article_and_site(pages: list[Generated]):
    drawn = [list(members) for _, members in groupby(pages, key=lambda page: page.pair)]
    families = [family for family in drawn[:-1] if len(family) > 1]
    assert len(families) > 500
    for family in families:
        assert {page.label for page in family} == {"bait", "ok"}
        for shared in ("article_group", "group", "url", "lang", "template"):
            assert len({getattr(page, shared) for page in family}) == 1


def test_pages_that_stand_alone_are_honest_and_of_a_kind_the_language_composes(
    pages: list[Generated],
):
    counts = Counter(page.pair for page in pages)
    alone = [page for page in pages[:-4] if counts[page.pair] == 1]
    assert len(alone) > 40
    for page in alone:
        assert page.label == "ok"
        assert page.purpose in load_language(page.lang).page_kinds


def test_bait_stands_in_composed_pages_too(pages: list[Generated]):
    """Words of the honest kinds are no evidence: bait is laid into them as well."""
    kinds = {f"own-en-{kind}" for kind in load_language("en").page_kinds}
    found = {page.article_group for page in pages if page.label == "bait"} & kinds
    assert len(found) > len(kinds) / 2


def test_no_kind_of_lure_is_left_out():
    lines = {
        words
        for page in generate([], count=5000, seed=7, languages=["en"])
        for words in page.planted
        if page.label == "bait"
    }
    said = "\n".join(lines)
    for sign in ("parcel", "contract", "refund", "wallet", "profile", "EPUB", "virus"):
        assert sign in said


def test_the_twin_without_a_passage_holds_the_article_the_bait_holds(pages: list[Generated]):
    checked = 0
    for _, members in groupby(pages, key=lambda page: page.pair):
        family = list(members)
        plain = [page for page in family if page.purpose == "plain"]
        if not plain or family[0].article_group != HARBOUR.group:
            continue
        checked += 1
        told = {frozenset(re.findall(r"Paragraph \d+ of", visible(page))) for page in family}
        assert len(told) == 1
        assert all(told)
    assert checked > 8


def test_what_is_planted_can_be_found_in_the_page(pages: list[Generated]):
    for page in pages:
        found = as_read(page)
        assert [words for words in page.planted if words not in found] == []


def test_bait_has_something_planted_and_honest_pages_have_nothing(pages: list[Generated]):
    for page in pages:
        assert bool(page.planted) == (page.label == "bait")


def test_no_placeholder_or_private_mark_is_left(pages: list[Generated]):
    for page in pages:
        seen = BeautifulSoup(content(page), "lxml").get_text() if page.html else content(page)
        assert not re.search(r"\{[a-z_]+\}|[\ue000\ue001]", seen), page.id
        assert not re.search(r"[\ue000\ue001]", content(page)), page.id


def test_markup_parses_to_a_body_with_the_site_and_its_text(pages: list[Generated]):
    for page in pages:
        if page.html is None:
            continue
        soup = BeautifulSoup(page.html, "lxml")
        assert soup.body is not None
        assert soup.title is not None
        assert soup.title.get_text().strip()


def test_hostile_articles_stay_text():
    bad = Article("x", "<script>alert(1)</script>", ('"><script>alert(2)</script>',), "en", "x")
    for page in generate([bad], count=200, seed=3, languages=["en"]):
        if page.html is not None:
            scripts = BeautifulSoup(page.html, "lxml").find_all("script")
            assert not any("alert(" in script.get_text() for script in scripts)


def test_articles_without_text_or_of_unknown_languages_are_left_out():
    empty = Article("e", "Empty", ("", "  "), "en", "empty")
    foreign = Article("f", "Saga", ("Det var en gång.",), "sv", "foreign")
    groups = {page.article_group for page in generate([empty, foreign], count=200, seed=4)}
    assert groups
    assert not groups & {"empty", "foreign"}


def test_pages_do_not_repeat_themselves(pages: list[Generated]):
    assert len({content(page) for page in pages}) > 0.97 * len(pages)


@pytest.mark.parametrize("code", ["en", "es", "ru", "hi", "tr"])
def test_planted_passages_vary(code: str):
    """1,000 pages of one language have at least 4,000 distinct runs of four planted words."""
    runs: Counter[tuple[str, ...]] = Counter()
    for page in generate([], count=1000, seed=5, languages=[code]):
        for words in page.planted:
            split = re.findall(r"\w+", words)
            runs.update(zip(split, split[1:], split[2:], split[3:], strict=False))
    assert len(runs) >= 4000


def test_form_and_length_do_not_give_the_label_away(pages: list[Generated]):
    """Any one of these counts, taken alone, ranks bait hardly better than chance."""
    for sign in ("<", "<a ", "!", "👉", "Download", "free", "<button", "onclick", "\n", "small"):
        ranks = _auc(pages, lambda page, sign=sign: content(page).count(sign))
        assert 0.4 < ranks < 0.6, sign
    assert 0.4 < _auc(pages, lambda page: len(content(page))) < 0.6


def _auc(pages, measure) -> float:
    """The chance that a bait page measures more than an honest one, ties counted half."""
    ranked = sorted((measure(page), page.label == "bait") for page in pages)
    bait_total = sum(label for _, label in ranked)
    below, score = 0, 0.0
    for _, tied in groupby(ranked, key=lambda pair: pair[0]):
        labels = [label for _, label in tied]
        bait = sum(labels)
        score += bait * (below + (len(labels) - bait) / 2)
        below += len(labels) - bait
    return score / (bait_total * (len(ranked) - bait_total))


def test_families_come_one_after_another(pages: list[Generated]):
    numbers = [int(page.pair.rsplit("-", 1)[1]) for page in pages]
    assert all(later - earlier in (0, 1) for earlier, later in pairwise(numbers))
