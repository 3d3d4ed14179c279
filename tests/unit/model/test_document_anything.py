"""Whatever comes in, a Document comes out, and its spans lie where they say."""

from hypothesis import given
from hypothesis import strategies as st

from model.document import Document, Limits, parse_document
from model.page import Page

_PIECES = st.sampled_from(
    [
        *(
            "<div>",
            "</div>",
            "<p>",
            "<a href=x>",
            "</a>",
            "<br>",
            "<table>",
            "<td>",
            "</x>",
            "<li>",
        ),
        *("<span hidden>", "</span>", "<template>", "</template>", "<details>", "<summary>"),
        *("<script>", "</script>", "<style>", "</style>", "<title>", "</title>", "<svg>", "</svg>"),
        *("<!--", "-->", "<pre>", "</pre>", "\n", " ", "&#xD800;", "&nbsp;", "&amp", "\x00", "<"),
        *(
            "<img alt=pic src=i>",
            "<div style=display:none>",
            "<iframe src=f>",
            "</iframe>",
            "\u3000",
        ),
        *(
            "http://a.test",
            "www.b.test",
            "<input type=submit value=go>",
            "<form action=a>",
            "</form>",
        ),
        *(
            "<div data-href='http://c.test'>",
            "[x](y)",
            "![x](y)",
            "<a href='#'>",
            "<button>",
            "\u200b",
        ),
        *(
            "<textarea>",
            "<select>",
            "<option>",
            "<noscript>",
            "</noscript>",
            "<plaintext>",
            "<html>",
        ),
    ]
)
_MARKUP = st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=40).map("".join)


def check(document: Document) -> None:
    text = document.text
    assert text == "\n".join(text[block.start : block.end] for block in document.blocks)
    assert all(block.start < block.end for block in document.blocks)
    assert all("\n" not in text[block.start : block.end] for block in document.blocks)
    assert "\x00" not in text
    text.encode()
    places = [link.start for link in document.links]
    assert places == sorted(places)
    for link in document.links:
        assert 0 <= link.start <= link.end <= len(text)
        assert link.start == link.end or link.text == " ".join(text[link.start : link.end].split())
    for part in (*document.images, *document.forms, *document.hidden):
        assert 0 <= part.position <= len(text)


@given(
    st.binary(max_size=400),
    st.sampled_from(["text/html", "text/plain", "", "text/html; charset=gbk"]),
)
def test_any_bytes_give_a_document(body, content_type):
    check(parse_document(Page(None, None, 200, {"content-type": content_type}, body)))


@given(_MARKUP, st.sampled_from([None, "http://site.test/", "not an address"]))
def test_any_markup_gives_a_document(markup, url):
    check(parse_document(Page.from_html(markup, url)))
    check(parse_document(Page.from_text(markup, url)))


@given(
    _MARKUP,
    st.builds(
        Limits,
        body=st.integers(0, 200),
        depth=st.integers(0, 6),
        tags=st.integers(0, 20),
        text=st.integers(0, 20),
        links=st.integers(0, 3),
        value=st.integers(0, 5),
    ),
)
def test_any_bounds_give_a_document(markup, limits):
    document = parse_document(Page.from_html(markup), limits)
    check(document)
    assert len(document.text) <= max(limits.text, 0)
    assert len(document.links) <= limits.links + document.text.count("http") + document.text.count(
        "www"
    )
