from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.report import plain
from training.reporting.markup import Html, element, folded, table, together, words

HOSTILE = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("<>&\"'`=/!-\\\n\r\t\x00\x1b\u2028\u202e"),
    ),
    max_size=80,
)


class Seen(HTMLParser):
    """Every element with its attributes, and all words, as a browser would have them."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self.others = [], "", []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.others.append(data)

    def handle_decl(self, decl):
        self.others.append(decl)

    def handle_pi(self, data):
        self.others.append(data)


@given(HOSTILE, HOSTILE)
def test_words_and_attributes_stay_words_and_attributes(child, attribute):
    seen = Seen(element("p", child, title=attribute))
    assert seen.elements == [
        ("p", {"title": str(words(attribute)) and Seen(words(attribute)).text})
    ]
    assert plain(seen.text) == plain(child)
    assert seen.others == []


@given(st.lists(st.lists(HOSTILE, min_size=1, max_size=3), max_size=3))
def test_a_table_has_the_cells_it_was_given(rows):
    seen = Seen(table(["a"], rows))
    cells = [name for name, attributes in seen.elements if name in {"td", "th"}]
    assert len(cells) == 1 + sum(map(len, rows))
    assert plain("".join(seen.text.split())) == "".join(
        plain("".join(cell for row in [["a"], *rows] for cell in row)).split()
    )


@pytest.mark.parametrize(
    ("child", "made"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ('" onload="x', "<p>&quot; onload=&quot;x</p>"),
        ("a\x00b\u202ec", "<p>abc</p>"),
        (" two \n lines ", "<p> two lines </p>"),
        (Html("<b>made here</b>"), "<p><b>made here</b></p>"),
        ("", "<p></p>"),
        (" \n ", "<p> </p>"),
    ],
)
def test_only_what_was_made_here_is_markup(child, made):
    assert element("p", child) == made


def test_numbers_and_names_of_attributes_are_written_as_markup_has_them():
    made = element("line", x1=1.0, y2=2.345, class_="a", text_anchor="end")
    assert made == '<line x1="1" y2="2.35" class="a" text-anchor="end"/>'
    assert element("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_pieces_keep_apart():
    assert together(["one ", "<two>", Html("<br>")]) == "one &lt;two&gt;<br>"


def test_what_is_folded_says_what_it_holds():
    assert folded("3 & more", "x") == "<details><summary>3 &amp; more</summary>x</details>"
