"""What is read while the parser runs equals what is read off bs4's stock tree over lxml."""

import os
import warnings
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag, XMLParsedAsHTMLWarning
from bs4.element import PreformattedString
from hypothesis import given
from hypothesis import strategies as st

from model.document import Document, assemble, parse_document, read_page
from model.elements import PageReader
from model.page import Page
from model.saved import parse_saved_line
from model.textflow import Limits

URL = "http://site.test/dir/page.html"

AWKWARD = [
    "",
    "words alone",
    "<p>one<p>two<b>three<p>four</b>five",
    "<b><p>one</b>two</p>three",
    "<a href=a>one<a href=b>two</a>three",
    "<table><p>before</p><tr><td>cell<table><tr><td>inner</table></table>after",
    "<table><a href=x>one</table>two</a>",
    "<ul><li>one<ul><li>two</ul><li>three</ul>",
    "<select><option>one<option>two<p>three</select>four",
    "<p>one</x></y>two</p></p>three</div>",
    "<div>one<!-- <p>no --> two <![CDATA[three]]> <?php four ?> five</div>",
    "<!DOCTYPE html><html><head><title>t</title><body>one</body></html>two",
    "<script>if (a < b) '</p><p>'</script><style>a > b {}</style>one",
    "<textarea><p>one</textarea><title>late</title><xmp><b>two</xmp>",
    "<noscript><img src=a alt=b><p>one</noscript><noframes><p>two</noframes>",
    "<svg><title>one</title><text>two</text><a xlink:href=x>three</a></svg>four",
    "<math><mi>x</mi><annotation>y</annotation></math>",
    "<pre>\n one\n\n  two</pre><listing>three\nfour</listing>",
    "one<br>two<br/>three</br>four",
    "<IMG SRC=a ALT=b><A HREF='c' HREF='d'>one</A>",
    "<p class='a  b' class=c id=x rel='Nofollow  UGC'>one",
    "<a rel='Nofollow  UGC' href=' /x '>one</a>",
    "&lt;p&gt; &amp;amp; &nbsp; &notit; &#0; &#x1F449; &unknown; &copy",
    "<div hidden>one<p>two</div>three<template><p>four</template>",
    "<details><summary>one</summary>two</details><dialog>three</dialog>",
    "<style>.a{display:none}</style><p class=a>one<p>two<style>p{display:none}</style>",
    "<form action=a><input type=submit value=one><form action=b><button>two</form></form>",
    "<iframe src=a><p>one</iframe><object data=b><p>two</object><video><p>three</video>",
    "<p" + "".join(f" a{n}=b" for n in range(300)) + ">one",
    "<div>" * 600 + "deep" + "</div>" * 600 + "shallow",
    "one\x0b\x0ctwo\u2028three\u3000four\u200bfive",
    "<html lang=pt-BR><base href=/b/><meta name=a content=b><a href=c>one",
    "<frameset><frame src=a><frame src=b></frameset>",
    "<p>one<p/>two<div/>three<span/>four",
    "<",
    "<>",
    "</",
    "<p",
    "<!--",
    "<a href='",
]


def read_stock(markup: str, reader: PageReader) -> None:
    """Read a page off the tree that BeautifulSoup builds by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(
            markup if "<" in markup else markup + "\n", "lxml", multi_valued_attributes=None
        )
    waiting = [iter(soup.contents)]
    while waiting:
        node = next(waiting[-1], None)
        if node is None:
            waiting.pop()
            if waiting:
                reader.end("")
        elif isinstance(node, Tag):
            reader.start(node.name, node.attrs)
            waiting.append(iter(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            reader.data(str(node))
    reader.close()


def parse_stock(markup: str) -> Document:
    return assemble(URL, read_page(markup, Limits(), read_stock))


@pytest.mark.parametrize("markup", AWKWARD)
def test_an_awkward_page_reads_as_off_the_stock_tree(markup):
    assert parse_document(Page.from_html(markup, URL)) == parse_stock(markup)


_TAGS = st.sampled_from(
    [
        f"<{slash}{name}{attributes}>"
        for name in ("p", "b", "a", "div", "li", "ul", "td", "table", "select", "svg", "pre", "h1")
        for slash, attributes in (("", ""), ("", " class=c id=i href=x"), ("/", ""))
    ]
)


@given(
    st.lists(st.one_of(_TAGS, st.sampled_from(["x", " ", "&lt;", "<!-- y -->", "\n"])), max_size=30)
)
def test_any_nesting_reads_as_off_the_stock_tree(pieces):
    markup = "".join(pieces)
    assert parse_document(Page.from_html(markup, URL)) == parse_stock(markup)


@pytest.mark.timeout(1_800)
@pytest.mark.skipif("BAITWATCH_CORPUS" not in os.environ, reason="BAITWATCH_CORPUS names no folder")
def test_saved_pages_read_as_off_the_stock_tree():
    import gzip

    compared = 0
    differ = []
    for path in sorted(Path(os.environ["BAITWATCH_CORPUS"]).glob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).splitlines():
            saved = parse_saved_line(line)
            if saved.page.media_type == "text/html":
                markup = saved.page.body.decode().replace("\x00", "")
                document = parse_document(Page.from_html(markup, URL))
                compared += 1
                if not document.cut and document != parse_stock(markup):
                    differ.append(saved.id)
    assert compared > 100
    assert differ == []
