"""Concepts of words: the lists of each language, and how a text is read with them."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import model.concepts
from model.concepts import ConceptReader
from model.passages import words_of

LISTS = sorted(Path(model.concepts.__file__).with_name("wordlists").glob("*.toml"))
LANGUAGES = "ar de en es fr hi id it ja ko nl pl pt ru tr vi zh".split()


@cache
def reader():
    return ConceptReader(words_of)


def concepts(*texts):
    ((*found,),) = reader().read([[words_of(text) for text in texts]])
    return found


def entries(path):
    return {
        concept: [entry.strip() for entry in listed.split("|")]
        for concept, listed in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def test_there_is_a_list_for_each_language_of_the_generator():
    assert [path.stem for path in LISTS] == LANGUAGES


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_each_list_has_the_same_concepts_with_words_for_each(path):
    listed = entries(path)
    assert list(listed) == list(entries(LISTS[LANGUAGES.index("en")]))
    assert all(len(words) >= 8 and all(words) for words in listed.values())


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_no_entry_of_a_list_stands_under_two_concepts(path):
    count = Counter(entry for listed in entries(path).values() for entry in set(listed))
    assert [entry for entry, times in count.items() if times > 1] == []


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_no_entry_is_any_number(path):
    # Words stand for numbers by their shape alone: 18+ would be every number of two digits.
    for listed in entries(path).values():
        for entry in listed:
            assert any(word[0] not in "#%" for word in words_of(entry.removesuffix("$"))), entry


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Watch the whole film here, free", ["watch", "whole", "film", "here", "free"]),
        ("Schau den ganzen Film hier gratis", ["watch", "whole", "film", "here", "free"]),
        ("Смотри фильм здесь бесплатно", ["watch", "film", "here", "free"]),
        ("이 영화를 여기서 무료로 보세요", ["film", "here", "free", "watch"]),
        ("شاهد الفيلم هنا مجانا", ["watch", "film", "here", "free"]),
        ("Xem phim ở đây miễn phí", ["watch", "film", "here", "free"]),
    ],
)
def test_the_same_is_said_in_many_languages(text, found):
    assert concepts(text) == [tuple(found)]


def test_an_expression_is_one_concept_and_its_words_none():
    assert concepts("Sign up with our partner") == [("sign_up", "partner")]
    assert concepts("a sign of them") == [()]


def test_a_whole_word_is_not_a_beginning():
    assert concepts("the key") == [("software",)]
    assert concepts("the keyboard") == [()]


def test_a_particle_tied_to_an_arabic_word_is_no_part_of_it():
    assert concepts("والفيلم") == concepts("فيلم") == [("film",)]


def test_a_loan_in_latin_letters_is_known_in_other_scripts():
    assert "file" in concepts("この映画のpdfをここからダウンロード")[0]


def test_a_word_is_read_in_the_language_of_what_stands_around_it():
    dutch = "kijk de hele film hier gratis want wij hebben het voor je"
    french = "regardez le film complet ici gratuitement avec nos amis, je"
    assert concepts(dutch, "je") != concepts(french, "je")
    # A few words alone are read in the page's language.
    alone, within = reader().read([[words_of("je")], [words_of(dutch)]])
    assert alone == [concepts(dutch, "je")[1]]
    assert within == [concepts(dutch)[0]]


def test_words_of_no_known_language_have_no_concepts():
    assert concepts("ქართული ტექსტი", "", "12345") == [(), (), ()]
    assert reader().read([]) == []


@given(st.lists(st.lists(st.text(max_size=60), max_size=3), max_size=4))
def test_any_text_is_read_and_always_the_same_way(parts):
    parts = [[words_of(text) for text in texts] for texts in parts]
    found = reader().read(parts)
    assert [len(texts) for texts in found] == [len(texts) for texts in parts]
    assert reader().read(parts) == found
