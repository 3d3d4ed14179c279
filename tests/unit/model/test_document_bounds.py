"""What lies beyond a bound is left out, what was read stays, and the Document says so."""

import gc

import pytest

from model.document import Document, Limits, parse_document
from model.linkflow import OpenLink
from model.page import Page
from model.stylesheet import StyleRules

MANY_ELEMENTS = "".join(f"<p class='a c n{number}'>x" for number in range(600))


def parse(html: str, **limits: int) -> Document:
    return parse_document(Page.from_html(html, "http://site.test/"), Limits(**limits))


def test_of_too_many_attributes_the_first_are_read():
    document = parse("<a href=/x hidden>b</a>", attributes=1)
    assert (document.cut, document.text) == (True, "b")
    assert [link.href for link in document.links] == ["http://site.test/x"]


def test_attributes_within_the_bound_cut_nothing():
    assert not parse("<a href=/x title=y>b</a>", attributes=2).cut


@pytest.mark.parametrize(
    "html",
    [
        "<title>abcdef</title>",
        "<a href=/bcdef>x</a>",
        "<a href=/x title=abcdef></a>",
        "<base href=/bcdef>",
        "<meta name=a content=abcdef>",
        "<img src=/abcdef>",
        "<form action=/abcdef></form>",
        "<form action=/x><button>abcdef</button></form>",
    ],
)
def test_a_value_that_is_too_long_is_shortened(html):
    assert parse(html, value=5).cut
    assert not parse(html, value=6 + len("/")).cut


def test_a_picture_that_stands_in_the_page_as_data_cuts_nothing():
    document = parse("<img src='data:image/gif;base64,AAAA'>", value=5)
    assert (document.cut, [image.src for image in document.images]) == (False, ["data:"])


def test_images_beyond_the_bound_are_left_out():
    document = parse("<img src=a><img src=b>", images=1)
    assert (document.cut, len(document.images)) == (True, 1)


def test_forms_and_fields_beyond_the_bound_are_left_out():
    assert parse("<form></form><form></form>", forms=1).cut
    document = parse("<form>" + "<input>" * 201 + "</form>")
    assert (document.cut, len(document.forms[0].field_types)) == (True, 200)


@pytest.mark.parametrize(
    "html",
    [
        f"<script type=application/ld+json>{' ' * 200_000}{{}}</script>",
        f"<p style='{'color:red;' * 100}display:none'>x",
        "<style>" + ".a{display:none}" * 10_001 + "</style>",
        "<style>p{}" + " " * 1_000_000 + "</style>",
        "<style>" + ".a{display:none}" * 2_000 + "</style>" + MANY_ELEMENTS,
        "<style>" + ".a .b .c{display:none}" * 2_000 + "</style>" + MANY_ELEMENTS,
    ],
    ids=["claims", "style attribute", "rules", "sheet", "rules times elements", "in each other"],
)
def test_more_than_is_read_or_applied_cuts_the_document(html):
    assert parse(html).cut


def test_a_page_that_was_read_is_let_go_of_at_once():
    gc.collect()
    gc.disable()
    try:
        parse("<style>.a{display:none}</style><a href=/x>y</a>")
        kept = [each for each in gc.get_objects() if type(each) in {OpenLink, StyleRules}]
    finally:
        gc.enable()
    assert kept == []
