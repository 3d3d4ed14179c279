from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_pages import DOCUMENTS, TELLING_TEXT

from model.document import Document, parse_document
from model.page import Page
from model.passages import (
    PASSAGE_CHARACTERS,
    ReadText,
    cut_passages,
    cut_units,
    destination_tokens,
    find_destinations,
    letters_of,
    link_tokens,
    ngrams_of,
    passage_tokens,
    unit_signals,
    unit_tokens,
    words_of,
)

HOME = "https://site.example/reviews/12"


def document_of(html: str, url: str | None = HOME) -> Document:
    return parse_document(Page.from_html(html, url))


def kind_of(href: str, words: str = "here", url: str | None = HOME) -> str:
    (destination,) = find_destinations(document_of(f'<a href="{href}">{words}</a>', url))
    return destination.kind


@pytest.mark.parametrize(
    ("href", "kind"),
    [
        ("https://unlisted.example/x", "unlisted"),
        ("//unlisted.example/x", "unlisted"),
        ("https://bit.ly/3x", "shortener"),
        ("https://mega.nz/file", "locker"),
        ("https://anyone.blogspot.com/", "free-host"),
        ("https://www.netflix.com/title/1", "service"),
        ("https://www.amazon.de/dp/1", "store"),
        ("https://github.com/a/b", "code"),
        ("https://en.wikipedia.org/wiki/Bait", "reference"),
        ("https://t.me/channel", "social"),
        ("/about", "own"),
        ("https://www.site.example/about", "own"),
        ("/go/123", "redirector"),
        ("/out.php?id=5", "redirector"),
        ("/r?url=https%3A%2F%2Funlisted.example", "redirector"),
        ("/r?a=1&TO=//unlisted.example", "redirector"),
        ("/r?url=summer", "own"),  # a parameter of that name that carries no address
        ("/r?youareurl=https://unlisted.example", "own"),
        ("/gopher", "own"),
        ("mailto:desk@site.example", "none"),
        ("JavaScript:void(0)", "none"),
        ("tel:112", "none"),
    ],
)
def test_a_destination_has_the_kind_of_its_host_or_its_path(href, kind):
    assert kind_of(href) == kind


def test_a_place_on_the_same_page_is_a_fragment_where_the_page_has_no_address():
    assert kind_of("#top", url=None) == "fragment"


def test_a_relative_address_of_a_page_without_one_is_its_own():
    assert kind_of("/about", url=None) == "own"
    assert kind_of("/go/1", url=None) == "redirector"


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        ("https://netflix.com/watch", True),
        ("netflix.com", True),
        ("unlisted.example/x", False),
        ("www.unlisted.example", False),
        ("Watch now.", False),
        ("3.5 stars", False),
    ],
)
def test_words_that_show_another_address_mask_the_destination(words, masked):
    (found,) = find_destinations(document_of(f'<a href="https://unlisted.example/x">{words}</a>'))
    assert found.masked is masked


def test_a_page_says_itself_whose_it_is_where_it_has_no_address():
    html = (
        '<link rel="canonical" href="https://mine.example/p"><a href="https://mine.example/">x</a>'
    )
    assert [d.kind for d in find_destinations(document_of(html, None))] == ["own"]


def test_a_page_that_does_not_say_is_taken_for_the_site_it_links_to_most():
    links = "".join(f'<a href="https://mine.example/{n}">{n}</a>' for n in range(5))
    html = links + '<a href="https://unlisted.example/">x</a>'
    kinds = [d.kind for d in find_destinations(document_of(html, None))]
    assert kinds == ["own"] * 5 + ["unlisted"]


def test_one_address_repeated_makes_no_site_of_its_own():
    html = '<a href="https://mine.example/1">1</a>' * 9
    assert {d.kind for d in find_destinations(document_of(html, None))} == {"unlisted"}


@given(DOCUMENTS)
def test_units_tile_the_blocks(document):
    units = cut_units(document, find_destinations(document))
    if not document.blocks:
        assert [(u.start, u.end) for u in units] == [(0, 0)]
        return
    for block in document.blocks:
        inside = [u for u in units if block.start <= u.start < block.end]
        assert (inside[0].start, inside[-1].end) == (block.start, block.end)
        assert all(a.end == b.start for a, b in pairwise(inside))
        assert all(u.start < u.end and u.role == block.role for u in inside)


@given(DOCUMENTS)
def test_every_link_is_held_by_one_unit(document):
    destinations = find_destinations(document)
    held = [d for unit in cut_units(document, destinations) for d in unit.destinations]
    assert sorted(map(id, held)) == sorted(map(id, destinations))


@given(DOCUMENTS)
def test_passages_cover_every_unit_in_order_within_their_length(document):
    units = cut_units(document, find_destinations(document))
    passages = cut_passages(units)
    covered = {i for p in passages for i in range(p.first, p.last + 1)}
    assert covered == set(range(len(units)))
    assert all((a.first, a.last) < (b.first, b.last) for a, b in pairwise(passages))
    for passage in passages:
        assert passage.start == units[passage.first].start
        assert passage.end == units[passage.last].end <= len(document.text)
        assert passage.first == passage.last or passage.end - passage.start <= PASSAGE_CHARACTERS


def test_a_long_block_is_cut_behind_its_sentences():
    sentence = "The harbour lights go out one by one, and nobody in the room says a word. "
    text = (sentence * 6).strip()
    document = parse_document(Page.from_text(text))
    pieces = [text[u.start : u.end] for u in cut_units(document, ())]
    assert pieces == [sentence] * 5 + [sentence.strip()]


def test_a_sentence_without_end_is_cut_at_blanks():
    text = ("word " * 200).strip()
    pieces = [text[u.start : u.end] for u in cut_units(parse_document(Page.from_text(text)), ())]
    assert len(pieces) > 3
    assert max(map(len, pieces)) <= 260
    assert all(piece.endswith(" ") for piece in pieces[:-1])


def test_of_a_very_long_text_the_beginning_and_the_end_are_looked_at():
    middle = "".join(f"<p>Paragraph {n} of a very long book.</p>" for n in range(5_000))
    html = (
        '<p>Opening <a href="https://first.example/">one</a></p>'
        f'{middle[: len(middle) // 2]}<p><a href="https://middle.example/">two</a></p>{middle}'
        '<p>Closing <a href="https://last.example/">three</a></p>'
    )
    document = document_of(html)
    units = cut_units(document, find_destinations(document))
    assert document.text[units[0].start : units[0].end] == "Opening one"
    assert document.text[units[-1].start : units[-1].end] == "Closing three"
    assert [d.domain for u in units for d in u.destinations] == ["first.example", "last.example"]
    assert len(units) <= 3_000


def test_cutting_two_megabytes_and_ten_thousand_links_takes_moments():
    line = "One short line, and a <a href='https://s{}.example/'>link</a> ! ? "
    document = document_of("".join(line.format(n) for n in range(30_000)))
    started = time.process_time()
    units = cut_units(document, find_destinations(document))
    known: dict[str, ReadText] = {}
    total = sum(len(unit_tokens(document, unit, known)) for unit in units)
    cut_passages(units)
    assert time.process_time() - started < 4.0
    assert total < 500_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Watch it NOW!", ["watch", "it", "now", "!"]),
        ("in 2026, 90 minutes", ["in", "#year", "#2", "minutes"]),
        ("$499 *", ["$", "#3", "*"]),
        ("► here →", ["→", "here", "→"]),
        ("下载看", ["下载", "载看"]),
        ("看", ["看"]),
        ("कि की", ["कि", "की"]),
        ("a" * 50, ["a" * 24]),
        ("snake_case", ["snake", "case"]),
        ("", []),
    ],
)
def test_words_numbers_and_marks_are_taken_in_order(text, words):
    assert words_of(text) == words


@given(st.one_of(TELLING_TEXT, st.text()))
def test_any_text_has_words_without_blanks(text):
    assert all(word and not word.isspace() and len(word) <= 24 for word in words_of(text))


def test_ngrams_are_words_stems_pairs_and_triples():
    assert ngrams_of(["watch", "episodes", "now"]) == [
        "watch", "episodes", "now", "episo~", "watch episo", "episo now", "watch episo now",
    ]  # fmt: skip


def test_tokens_name_the_kind_of_a_destination_and_never_the_site():
    html = (
        '<a href="https://unlisted-site.top/x">netflix.com</a>'
        '<a href="https://unlisted-site.top/x"><img alt="play"></a><a href="/own">own</a>'
    )
    tokens = destination_tokens(find_destinations(document_of(html)))
    assert {"L:unlisted", "L:elsewhere", "L:text:elsewhere", "L:image:elsewhere"} <= set(tokens)
    assert {"L:own", "L:masked", "L:.top", "L:repeated"} <= set(tokens)
    assert not any("unlisted-site" in token or "netflix" in token for token in tokens)
    assert len(tokens) == len(set(tokens))


def test_a_unit_speaks_with_its_words_its_pictures_and_its_links():
    html = '<p>Look: <a href="https://unlisted.example/"><img alt="Watch the preview"></a></p>'
    document = document_of(html)
    (unit,) = cut_units(document, find_destinations(document))
    tokens = unit_tokens(document, unit, {})
    assert {"look", "watch", "watch the previ", "L:image:elsewhere"} <= set(tokens)


def test_a_link_speaks_with_its_words_and_with_where_it_leads():
    html = (
        '<p><a href="https://unlisted.example/">Watch now</a> <a href="https://mubi.com/">Mubi</a>'
    )
    tokens = [link_tokens(destination) for destination in find_destinations(document_of(html))]
    assert tokens == [["elsewhere:watch", "elsewhere:now", "elsewhere:watch now"], ["known:mubi"]]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("The Harbour Library lends it", True),
        ("HARBOUR-LIBRARY", True),
        ("See harbour-library.org", False),
        ("See https://harbour-library.org/films", False),
        ("Watch it here", False),
    ],
)
def test_a_site_is_named_where_the_words_say_more_than_its_address(words, named):
    document = document_of(f'<p>{words} <a href="https://harbour-library.org/x">there</a>')
    assert {d.named for d in find_destinations(document)} == {named}


@pytest.mark.parametrize(("sign", "density"), [("a", 1), ("я", 1), ("한", 2), ("看", 3), ("カ", 3)])
def test_passages_hold_fewer_signs_of_scripts_whose_signs_say_more(sign, density):
    text = "\n".join([sign * 20] * 60)
    units = cut_units(parse_document(Page.from_text(text)), ())
    lengths = [
        sum(u.end - u.start for u in units[p.first : p.last + 1]) for p in cut_passages(units)
    ]
    assert max(lengths) == 20 * (PASSAGE_CHARACTERS // (21 * density))


def test_long_words_speak_with_runs_of_their_letters():
    assert letters_of(["watch", "download"]) == ["_ownl", "_wnlo", "_nloa", "_load", "_oad_"]
    assert letters_of(["다운로드"]) == ["_다운", "_운로", "_로드"]


def test_a_wordless_picture_button_is_a_token_of_its_own():
    document = document_of('<p>Look<a href="https://unlisted.example/"><img src="x"></a></p>')
    (unit,) = cut_units(document, find_destinations(document))
    assert "L:image:wordless" in unit_tokens(document, unit, {})


def test_what_was_read_before_gives_the_same_tokens():
    document = document_of("<p>The same words, twice.</p>")
    (unit,) = cut_units(document, ())
    known: dict[str, ReadText] = {}
    assert unit_tokens(document, unit, known) == unit_tokens(document, unit, known)
    assert list(known) == ["The same words, twice."]


def test_a_unit_signals_what_it_says_and_where_it_leads_whatever_its_language():
    for words, link in (("Cliquez ici", "https://mubi.com/"), ("Klik hier", "https://itv.com/")):
        document = document_of(f'<p>{words} <a href="{link}">x</a></p>')
        (unit,) = cut_units(document, find_destinations(document))
        assert unit_signals(document, unit, {}) == {"C:call_to_action", "W:known"}


def test_a_passage_has_the_signals_of_its_units_alone_and_together():
    signals = [frozenset({"C:offer"}), frozenset({"C:call_to_action", "W:masked"})]
    assert passage_tokens(signals) == [
        "C:call_to_action", "C:offer", "W:masked", "C:call_to_action+C:offer",
        "C:call_to_action+W:masked", "C:offer+W:masked", "C:call_to_action+C:offer+W:masked",
    ]  # fmt: skip
    assert passage_tokens([frozenset()]) == ["W:none"]


def test_what_a_passage_is_about_is_joined_with_where_it_leads_if_anywhere():
    film = frozenset({"K:film"})
    assert passage_tokens([film]) == ["W:none"]
    assert passage_tokens([film, frozenset({"W:own"})]) == ["W:own", "K:film+W:own"]
