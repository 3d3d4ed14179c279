from __future__ import annotations

import json

import numpy as np
import pytest
from saved_lines import example, line, prose

from model.document import parse_document
from model.features import FEATURES, Reading, extract_features
from model.page import Page
from model.saved import parse_saved_line
from training.corpus import LabelledPage
from training.examples import Rows, from_corpus, in_parallel, source_of, stack


def document(html):
    return parse_document(Page.from_html(html, "https://blog.example/post"))


def labelled(raw):
    saved = parse_saved_line(raw)
    return LabelledPage(saved, parse_document(saved.page))


def length(item):
    return len(item)


ARTICLE = "".join(f"<p>{prose(n, 40)}.</p>" for n in range(12))


def test_an_example_has_the_numbers_and_rows_of_its_page():
    made = example(document(f"<title>t</title>{ARTICLE}"))
    features = extract_features(Reading(document(f"<title>t</title>{ARTICLE}")))
    assert made.numbers == features.numbers
    assert len(made.numbers) == len(FEATURES)
    assert len(made.page) == 1
    assert len(made.passages) == len(features.passages) == len(made.planted)


def test_planted_words_mark_the_passages_that_hold_them():
    words = "Watch the whole film here tonight"
    made = example(document(f"{ARTICLE}<p>{words}</p>{ARTICLE}"), [words])
    reading = Reading(document(f"{ARTICLE}<p>{words}</p>{ARTICLE}"))
    texts = [reading.document.text[p.start : p.end] for p in reading.passages]
    assert made.planted.tolist() == [words in text for text in texts]
    assert 0 < made.planted.sum() < len(made.planted)


def test_a_planted_address_marks_the_passage_its_link_stands_in():
    link = '<p>Go on <a href="https://far.example/x">reading</a></p>'
    made = example(document(f"{ARTICLE}{link}{ARTICLE}"), ["https://far.example/x"])
    reading = Reading(document(f"{ARTICLE}{link}{ARTICLE}"))
    place = reading.document.text.index("Go on reading")
    marked = [p for p, m in zip(reading.passages, made.planted, strict=True) if m]
    assert marked
    assert all(p.start <= place + len("Go on ") < p.end for p in marked)


@pytest.mark.parametrize("planted", [[], ["words that stand nowhere"]])
def test_what_is_not_found_marks_nothing(planted):
    assert not example(document(ARTICLE), planted).planted.any()


def test_a_page_without_text_is_an_example_too():
    made = example(document('<a href="https://far.example/"><img src=x></a>'))
    assert len(made.passages) == 1


def test_what_is_said_of_a_page_goes_with_its_example():
    raw = line("a", prose(1), label="bait", group="c", lang="de", lure="other", kind="k", pair="p")
    source = from_corpus(labelled(raw)).source
    assert (source.id, source.group, source.lang, source.lure) == ("a", "c", "de", "other")
    assert (source.kind, source.pair, source.real, source.is_bait) == ("k", "p", True, True)


@pytest.mark.parametrize("free", [None, "", 7, ["x"], {"a": None}])
def test_keys_the_format_leaves_free_hold_anything(free):
    record = {"id": "a", "text": "words", "label": "ok", "kind": free, "pair": free}
    source = source_of(labelled(json.dumps(record)))
    assert source.kind == source.pair == ("" if free is None else str(free))
    assert (source.lang, source.lure, source.is_bait) == ("und", "", False)


def test_rows_taken_apart_are_put_under_one_another_again():
    examples = [example(document(f"<p>{prose(n)}</p>")) for n in range(3)]
    matrix = stack([made.page for made in examples])
    again = [Rows.of(matrix[n]) for n in range(3)]
    assert matrix.shape[0] == 3
    assert set(matrix.data) == {1.0}
    for made, row in zip(examples, again, strict=True):
        assert np.array_equal(made.page.columns, row.columns)


def test_processes_keep_the_order():
    items = ["x" * n for n in (5, 0, 3, 9, 1)]
    assert in_parallel(length, iter(items), jobs=2) == [5, 0, 3, 9, 1]
