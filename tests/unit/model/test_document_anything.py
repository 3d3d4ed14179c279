"""Whatever comes in, a Document comes out, and its spans lie where they say."""

from hypothesis import given
from hypothesis import strategies as st

from model.document import Document, Limits, parse_document
from model.page import Page

_PIECES = st.sampled_from(
    """<div> </div> <p> <a~href=x> </a> <br> <table> <td> </x> <li> <span~hidden> </span>
    <template> </template> <details> <summary> </details> <script> </script> <style> </style>
    <title> </title> <svg> </svg> <!-- --> <pre> </pre> &#xD800; &nbsp; &amp < > " ' ~
    <img~alt=pic~src=i> <div~style=display:none> <iframe~src=f> </iframe> http://a.test
    www.b.test <input~type=submit~value=go> <form~action=a> </form> <textarea> <select> <option>
    <div~data-href='http://c.test'> [x](y) ![x](y) [![x](y)](z) <a~href='#'> <button> <noscript>
    </noscript> <plaintext> <html> <body> <b~class=c> <i~id=d> .c{display:none} #d{left:-999px}
    .c::before{content:'words'} @media~print{ } <p~aria-hidden=true> <base~href=http://e.test/>
    <meta~http-equiv=refresh~content='0;url=q'> <script~type=application/ld+json> {"name":["x"]}
    {"name":"\\ud800"} content:'\\d800bcd'
    location='http://f.test/'
    <image~href=i> <p~onload=location='/g'> .c~b{display:none} .c>i{display:none}
    <a~href='javascript:'~onclick=window.open('/h')> """.replace("\n", " ").split(" ")
).map(lambda piece: piece.replace("~", " "))
_WILD = st.one_of(_PIECES, st.text(max_size=8), st.sampled_from(["\n", "\x00", "\u3000", "\u200b"]))
_MARKUP = st.lists(_WILD, max_size=40).map("".join)
_TYPES = st.sampled_from(["text/html", "text/plain", "", "text/html; charset=gbk"])
_LIMITS = st.builds(
    Limits,
    body=st.integers(0, 200),
    depth=st.integers(0, 6),
    effort=st.integers(0, 20),
    tags=st.integers(0, 20),
    text=st.integers(0, 20),
    links=st.integers(0, 3),
    images=st.integers(0, 2),
    forms=st.integers(0, 1),
    meta=st.integers(0, 1),
    attributes=st.integers(0, 3),
    value=st.integers(0, 5),
)


def check(document: Document) -> None:
    text = document.text
    assert text == "\n".join(text[block.start : block.end] for block in document.blocks)
    assert all(block.start < block.end for block in document.blocks)
    assert all("\n" not in text[block.start : block.end] for block in document.blocks)
    assert "\x00" not in text
    words = [text, document.title, *(part.text for part in document.hidden)]
    words += [words for link in document.links for words in (link.text, link.href)]
    words += [words for entry in document.meta for words in entry]
    "".join(words).encode()  # raises where half a character was left
    places = [link.start for link in document.links]
    assert places == sorted(places)
    for link in document.links:
        assert 0 <= link.start <= link.end <= len(text)
        assert link.start == link.end or link.text == " ".join(text[link.start : link.end].split())
    for part in (*document.images, *document.forms, *document.hidden):
        assert 0 <= part.position <= len(text)


@given(st.binary(max_size=400), _TYPES)
def test_any_bytes_give_a_document(body, content_type):
    check(parse_document(Page(None, None, 200, {"content-type": content_type}, body)))


@given(_MARKUP, st.sampled_from([None, "http://site.test/", "not an address"]))
def test_any_markup_gives_a_document(markup, url):
    check(parse_document(Page.from_html(markup, url)))
    check(parse_document(Page.from_text(markup, url)))


@given(_MARKUP, _LIMITS)
def test_any_bounds_hold(markup, limits):
    for page in (Page.from_html(markup), Page.from_text(markup)):
        document = parse_document(page, limits)
        check(document)
        assert len(document.text) <= limits.text
        assert len(document.links) <= limits.links
        assert len(document.images) <= limits.images
        assert sum(len(part.text) for part in document.hidden) <= 3 * limits.text


@given(_MARKUP)
def test_a_page_reads_the_same_every_time(markup):
    page = Page.from_html(markup, "http://site.test/")
    assert parse_document(page) == parse_document(page)
