from __future__ import annotations

import base64
import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.page import Page
from model.saved import LureLabel, SavedPage, UnreadablePage, dump_saved_page, parse_saved_line
from model.verdict import Lure


def line(**record):
    return json.dumps({"id": "a", **record})


def test_a_line_is_read_with_all_that_people_say_of_it():
    saved = parse_saved_line(
        line(
            url="https://example.org/",
            html="<p>Hi</p>",
            label="bait",
            group="g",
            lang="en",
            lure="live-sports",
            kind="forum",
            hard=True,
        )
    )
    assert saved.page == Page.from_html("<p>Hi</p>", "https://example.org/")
    assert (saved.id, saved.label, saved.group, saved.lang) == ("a", "bait", "g", "en")
    assert (saved.lure, saved.extra) == ("live-sports", {"kind": "forum", "hard": True})


def test_each_kind_of_content_becomes_its_page():
    wrapped = base64.encodebytes(b"\xff" * 100).decode()
    assert parse_saved_line(line(text="Hi")).page == Page.from_text("Hi")
    assert parse_saved_line(line(html="")).page == Page.from_html("")
    assert parse_saved_line(line(html_base64=wrapped)).page == Page.from_html(b"\xff" * 100)


def test_a_null_counts_as_absent():
    saved = parse_saved_line(line(html=None, text="Hi", url=None, label=None, lure=None))
    assert saved == SavedPage("a", Page.from_text("Hi"))


def test_bytes_are_utf_8_with_or_without_a_mark():
    text = '{"id": "ä", "text": "ö"}'
    expected = SavedPage("ä", Page.from_text("ö"))
    assert parse_saved_line(text.encode()) == expected
    assert parse_saved_line(text.encode("utf-8-sig")) == expected
    assert parse_saved_line("\ufeff" + text + "\r\n") == expected


def test_a_line_without_a_name_takes_the_one_it_is_given():
    assert parse_saved_line('{"text": ""}', default_id="file:3").id == "file:3"
    assert parse_saved_line('{"id": null, "text": ""}', default_id="file:3").id == "file:3"
    assert parse_saved_line(line(text=""), default_id="file:3").id == "a"


def test_half_a_character_in_a_page_is_no_reason_to_refuse_the_page():
    assert parse_saved_line(line(text="a\ud800b")).page == Page.from_text("a?b")


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "broken JSON at column 1"),
        ("{", "broken JSON at column 2"),
        ('{"id": "a", "text": "x"} {}', "Extra data"),
        (b'{"id": "a", "text": "\xff"}', "not UTF-8 at byte 22"),
        ('{"id": "a", "text": "", "n": NaN}', "NaN is no JSON number"),
        ('{"id": "a", "text": "", "n": -Infinity}', "-Infinity is no JSON number"),
        ('{"id": "a", "text": "", "n": 1e999}', "1e999 is no JSON number"),
        ('{"id": "a", "text": "", "n": ' + "9" * 5_000 + "}", "a number has 5,000 digits"),
        ("[" * 100_000, "nested too deeply"),
        ('{"id": "a", "text": "", "n": ' + '{"n":' * 100_000, "nested too deeply"),
        ("[]", "not a JSON object but an array"),
        ('"text"', "not a JSON object but a string"),
        ("null", "not a JSON object but null"),
        ("7", "not a JSON object but a number"),
        ('{"text": ""}', '"id" is missing'),
        ('{"id": 7, "text": ""}', '"id" must be a string, not a number'),
        (line(), "has none of them"),
        (line(html="", text=""), "has html and text"),
        (line(html="", html_base64="", text=""), "has html and html_base64 and text"),
        (line(html=["<p>"]), '"html" must be a string, not an array'),
        (line(text=True), '"text" must be a string, not a boolean'),
        (line(html_base64={}), '"html_base64" must be a string, not an object'),
        (line(html_base64="a"), "not base64"),
        (line(html_base64="a*=="), "not base64"),
        (line(html_base64="ääää"), "not base64"),
        (line(text="", url=1.5), '"url" must be a string, not a number'),
        (line(text="", label="spam"), '"label" must be one of bait, ok'),
        (line(text="", label=False), '"label" must be a string, not a boolean'),
        (line(text="", lure="money"), '"lure" must be one of download, giveaway, live-sports'),
        (line(text="", group=[]), '"group" must be a string, not an array'),
        (line(text="", lang={}), '"lang" must be a string, not an object'),
        (line(text="", url="http://\ud800/"), '"url" holds half a character'),
        ('{"id": "\\udfff", "text": ""}', '"id" holds half a character'),
    ],
)
def test_a_line_that_holds_no_page_is_refused_with_what_is_wrong(text, because):
    with pytest.raises(UnreadablePage) as refusal:
        parse_saved_line(text)
    assert because in str(refusal.value)
    assert len(str(refusal.value)) < 120


def test_the_lures_are_those_of_a_verdict():
    assert get_args(LureLabel) == get_args(Lure)


NAMES = st.text(st.characters(codec="utf-8"), max_size=10)
KNOWN = frozenset("id url html html_base64 text label group lang lure".split())
EXTRA = st.dictionaries(
    st.text(max_size=8).filter(lambda key: key not in KNOWN),
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    max_size=3,
)
PAGES = st.builds(
    lambda make, content, url: make(content, url),
    st.sampled_from([Page.from_html, Page.from_text]),
    st.text(max_size=40),
    st.none() | NAMES,
) | st.builds(Page.from_html, st.binary(max_size=40), st.none() | NAMES)
SAVED = st.builds(
    SavedPage,
    NAMES,
    PAGES,
    st.sampled_from([None, "bait", "ok"]),
    st.none() | NAMES,
    st.none() | NAMES,
    st.sampled_from([None, *get_args(LureLabel)]),
    EXTRA,
)


@given(SAVED)
def test_what_is_dumped_is_read_back_as_it_was(saved):
    text = dump_saved_page(saved)
    assert text.isascii()
    assert "\n" not in text
    assert parse_saved_line(text) == saved


def test_markup_of_another_encoding_keeps_its_bytes():
    page = Page(None, None, 200, {"content-type": "text/html; charset=koi8-r"}, b"\xc1")
    assert json.loads(dump_saved_page(SavedPage("a", page)))["html_base64"] == "wQ=="


def test_plain_text_that_is_not_utf_8_is_not_dumped_as_something_else():
    with pytest.raises(ValueError, match="utf-8"):
        dump_saved_page(SavedPage("a", Page.from_text(b"\xff")))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values),
    max_leaves=8,
)
RECORDS = st.dictionaries(st.sampled_from([*sorted(KNOWN), "other"]), JSON_VALUES)


@given(st.text() | st.binary() | RECORDS.map(json.dumps))
def test_any_line_is_a_page_or_unreadable(text):
    try:
        saved = parse_saved_line(text, default_id="line")
    except UnreadablePage:
        return
    assert parse_saved_line(dump_saved_page(saved)) == saved
