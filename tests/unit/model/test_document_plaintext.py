"""parse_document on plain text: lines become blocks, written links become links."""

import pytest

from model.document import parse_document
from model.page import Page


def parse(text: str):
    return parse_document(Page.from_text(text, "http://site.test/dir/"))


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see http://o.test/a.", ("bare", "http://o.test/a", "http://o.test/a")),
        ("see (https://o.test/a)", ("bare", "https://o.test/a", "https://o.test/a")),
        ("(see https://o.test/a_(b).)", ("bare", "https://o.test/a_(b)", "https://o.test/a_(b)")),
        ("https://o.test/a_(b)", ("bare", "https://o.test/a_(b)", "https://o.test/a_(b)")),
        ("WWW.o.test now", ("bare", "WWW.o.test", "http://www.o.test/")),
        ("[the words](http://o.test/)", ("text", "the words", "http://o.test/")),
        ("[w](/rel 'title')", ("text", "w", "http://site.test/rel")),
        ("[w](http://o.test/a_(b))", ("text", "w", "http://o.test/a_(b)")),
        ("[![pic](i.png)](http://o.test/)", ("image", "pic", "http://o.test/")),
        ("<a class=x href='http://o.test/?a&amp;b'> w </a>", ("text", "w", "http://o.test/?a&b")),
        (
            "<a href=http://o.test/>http://shown.test</a>",
            ("text", "http://shown.test", "http://o.test/"),
        ),
    ],
)
def test_links_written_into_text_are_found(text, link):
    document = parse(text)
    assert [(each.role, each.text, each.href) for each in document.links] == [link]
    assert document.text == text
    assert not document.markup


def test_pictures_written_into_text_are_found():
    document = parse('![alt](a.png) <img src="b.png" alt="two"> [![x](c.png)](/l)')
    assert [(image.alt, image.src, image.in_link) for image in document.images] == [
        ("alt", "http://site.test/dir/a.png", False),
        ("two", "http://site.test/dir/b.png", False),
        ("x", "http://site.test/dir/c.png", True),
    ]


def test_lines_are_blocks_with_the_role_of_their_prefix():
    document = parse("# Head\r\n\r\n  some   words \n- item\n2. item\n> quote")
    assert [(document.text[b.start : b.end], b.role) for b in document.blocks] == [
        ("# Head", "heading"),
        ("some words", "paragraph"),
        ("- item", "item"),
        ("2. item", "item"),
        ("> quote", "quote"),
    ]


def test_markup_in_plain_text_stays_as_written():
    assert parse("<p>a</p><script>b</script>").text == "<p>a</p><script>b</script>"


@pytest.mark.parametrize(
    ("content_type", "body", "markup"),
    [
        ("", b"<!DOCTYPE html><p>x", True),
        ("", b"plain words, 1 < 2", False),
        ("text/plain; charset=utf-8", b"<p>x", False),
        ("text/markdown", b"<p>x", False),
        ("application/xhtml+xml", b"<p>x</p>", True),
    ],
)
def test_the_media_type_decides_what_is_markup(content_type, body, markup):
    page = Page(None, None, 200, {"content-type": content_type} if content_type else {}, body)
    assert parse_document(page).markup is markup
