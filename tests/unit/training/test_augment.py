from __future__ import annotations

from dataclasses import replace

from saved_lines import line, prose

from model.document import parse_document
from model.saved import parse_saved_line
from training.augment import articles_of, from_generated, generated_pages
from training.corpus import LabelledPage
from training.synthesis import generate


def labelled(html, label="ok", lang="en", group="site"):
    saved = parse_saved_line(line("a", None, html=html, label=label, lang=lang, group=group))
    return LabelledPage(saved, parse_document(saved.page))


def paragraphs(count, words=30):
    return "".join(f"<p>{prose(n, words)}.</p>" for n in range(count))


def test_an_article_is_the_prose_of_an_honest_page():
    frame = f"<nav><p>{prose(99)}</p></nav><h2>{prose(98)}</h2><p>Short.</p>"
    (article,) = articles_of([labelled(f"<title>The title</title>{frame}{paragraphs(4)}")])
    assert article.paragraphs == tuple(f"{prose(n, 30)}." for n in range(4))
    assert (article.title, article.lang, article.group) == ("The title", "en", "site")


def test_a_page_without_a_title_goes_by_its_first_line():
    (article,) = articles_of([labelled(f"<p>First line</p>{paragraphs(3)}")])
    assert article.title == "First line"


def test_bait_thin_pages_and_languages_without_phrases_give_no_article():
    pages = [
        labelled(paragraphs(4), label="bait"),
        labelled(paragraphs(2)),
        labelled(paragraphs(4), lang="xx"),
        labelled(paragraphs(4), lang=None),
    ]
    assert articles_of(pages) == []


def test_long_paragraphs_are_cut_and_nothing_of_them_is_lost():
    sentences = " ".join(f"{prose(n, 12)}." for n in range(40))
    (article,) = articles_of([labelled(f"<p>{sentences}</p>")])
    assert all(80 <= len(paragraph) <= 700 for paragraph in article.paragraphs)
    assert sentences.startswith(" ".join(article.paragraphs))
    assert len(sentences) - len(" ".join(article.paragraphs)) < 80


def test_generated_pages_are_the_same_for_the_same_articles_and_seed():
    articles = articles_of([labelled(paragraphs(6))])
    told = []
    first = generated_pages(articles, 20, 3, progress=told.append)
    assert first == generated_pages(articles, 20, 3)
    assert first != generated_pages(articles, 20, 4)
    assert told[-1] == "generating pages: 20 of 20"


def test_a_generated_page_goes_with_the_site_its_article_is_from():
    articles = articles_of([labelled(paragraphs(6), group="the site")])
    sources = [from_generated(page).source for page in generated_pages(articles, 200, 0)]
    assert not any(source.real for source in sources)
    by_pair = {}
    for source in sources:
        by_pair.setdefault(source.pair, set()).add(source.group)
    assert all(len(groups) == 1 for groups in by_pair.values())
    assert "the site" in {source.group for source in sources}


def test_generated_bait_has_marked_passages_and_honest_twins_have_none():
    pages = list(generate([], count=60, seed=8, languages=("en",)))
    made = [from_generated(page) for page in pages]
    honest = [example for example in made if not example.source.is_bait]
    bait = [example for example in made if example.source.is_bait]
    assert not any(example.planted.any() for example in honest)
    assert sum(example.planted.any() for example in bait) > 0.8 * len(bait)


def test_text_is_read_as_text_and_markup_as_markup():
    (page, *_) = (page for page in generate([], count=40, seed=8) if page.text is not None)
    words = "First <p>second"
    as_text = from_generated(replace(page, text=words, planted=(words,)))
    as_markup = from_generated(replace(page, text=None, html=words, planted=(words,)))
    assert as_text.planted.any()
    assert not as_markup.planted.any()
