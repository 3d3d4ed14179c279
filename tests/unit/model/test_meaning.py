"""What the units of a page are about."""

from __future__ import annotations

from model.document import parse_document
from model.meaning import unit_meanings
from model.page import Page
from model.passages import cut_units, find_destinations


def meanings(html):
    document = parse_document(Page.from_html(html, "https://paper.example/"))
    return unit_meanings(document, cut_units(document, find_destinations(document)), {})


def test_a_unit_speaks_with_its_concepts_and_their_neighbours():
    (unit,) = meanings("<p>Watch the whole film now")
    assert unit.signals == {"K:watch", "K:whole", "K:film", "K:fresh"}
    assert {"K:watch whole", "K:watch film", "K:watch fresh", "K:whole film"} <= set(unit.tokens)
    assert "K:film whole" not in unit.tokens


def test_a_links_words_are_joined_with_where_it_leads():
    (unit,) = meanings('<p>The film: <a href="https://unlisted.example/x">watch it here</a>')
    assert {"K:elsewhere:text", "K:elsewhere:watch", "K:elsewhere:here"} <= set(unit.tokens)
    (unit,) = meanings('<p>The film: <a href="/x">watch it here</a>')
    assert {"K:own:text", "K:own:watch", "K:own:here"} <= set(unit.tokens)


def test_a_picture_button_is_read_like_words():
    (unit,) = meanings('<p>Now<a href="https://unlisted.example/"><img alt="Watch here"></a></p>')
    assert {"K:watch", "K:here"} <= unit.signals
    assert {"K:elsewhere:image", "K:elsewhere:watch"} <= set(unit.tokens)


def test_what_one_language_says_another_says_too():
    (english,), (italian,) = (
        meanings(f'<p>{words} <a href="https://unlisted.example/x">{link}</a>')
        for words, link in (("The whole film", "here"), ("Il film intero", "qui"))
    )
    assert english.signals == italian.signals
