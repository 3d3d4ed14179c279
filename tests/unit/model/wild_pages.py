"""Pages as wild as hostile ones, for property tests: broken markup around any characters."""

from __future__ import annotations

from hypothesis import strategies as st

from model.document import parse_document
from model.page import Page

ANY_CHARACTER = st.characters(exclude_categories=())
ANY_TEXT = st.text(ANY_CHARACTER, max_size=40)
# Characters that the model's own rules turn on are far likelier here than among all of Unicode.
TELLING_TEXT = st.text(
    st.one_of(st.sampled_from("aeотw 014@$.-_*·|~!?。…\n\"'>►\u200b\u0301ß①ﬁ𝐰看कि"), ANY_CHARACTER),
    max_size=60,
)
PROSE = st.integers(1, 30).map(lambda n: "The film was kind to its viewers. " * n)
ADDRESSES = st.sampled_from(
    [
        "https://unlisted.example/x",
        "https://bit.ly/x",
        "/own",
        "#top",
        "mailto:a@b.example",
        "//[",
        "https://netflix.com/",
        "javascript:void(0)",
        "https://xn--80ak6aa92e.com/",
        "/go/?u=https://unlisted.example/",
        "",
    ]
)
WORDS = st.one_of(ANY_TEXT, TELLING_TEXT, PROSE)


@st.composite
def _fragment(draw):
    words, address = draw(WORDS), draw(ADDRESSES)
    shape = draw(
        st.sampled_from(
            [
                "{words}",
                "<p>{words}</p>",
                "<h1>{words}",
                "<li>{words}</ul>",
                '<a href="{address}">{words}</a>',
                '<a href="{address}"><img alt="{words}" src="x"></a>',
                '<a hidden href="{address}">{words}</a>',
                '<nav><a href="{address}">{words}</a></nav>',
                '<form action="{address}"><input type="email">{words}</form>',
                '<iframe src="{address}"></iframe>{words}',
                '<div style="display:none">{words}</div>',
                "<button onclick=\"location='{address}'\">{words}</button>",
                '<meta http-equiv="refresh" content="0;url={address}">',
                "<title>{words}</title>",
                "<pre>{words}\n{words}</pre>",
                "<table><td>{words}<td>{words}",
            ]
        )
    )
    return shape.format(words=words, address=address)


MARKUP = st.lists(_fragment(), max_size=12).map("\n".join)
PAGES = st.one_of(
    st.builds(Page.from_html, MARKUP, st.sampled_from([None, "https://site.example/page"])),
    st.builds(Page.from_text, st.lists(WORDS, max_size=8).map("\n".join)),
)
DOCUMENTS = PAGES.map(parse_document)
