"""Visibility by the page's own style rules, and what a reader without scripts sees."""

import pytest

from model.document import parse_document
from model.page import Page


def parse(html: str):
    return parse_document(Page.from_html(html, "http://site.test/"))


BODY = "<body><div class='o sm:c' id=o><i></i><p>seen <b class='d c' id=i>x</b>"


@pytest.mark.parametrize(
    "css",
    [
        ".c{display:none}",
        "#i { visibility : hidden }",
        "b{font-size:0}",
        "b.c#i{DISPLAY:None}",
        ".c,.other{display:none}",
        "p{color:red}/* } */ .c{color:red;display:none !important;}",
        ".c{display:block} .c{display:none}",
        ".c{display:none} b{display:block}",
        ".c{display:none!important} .c.d{display:block}",
        "@media screen and (min-width:600px){.c{display:none}}",
        "@charset 'x'; @import url(y); .c{display:none}",
        "@font-face{font-family:x} .c{display:none}",
        "@media print{.x{color:red}} .c{display:none}",
        "@media screen{.x{color:red} .c{display:none}}",
        "<!-- .c{display:none} -->",
        "@supports (display:grid){.c{display:none}}",
        ".c{position:absolute;left:-9999px}",
        ".c{position:absolute;clip:rect(0,0,0,0)}",
        ".c{overflow:hidden;height:0}",
        ".c{position:absolute;width:1px;height:1px;overflow:hidden}",
        "body{background:#fff} .c{color:#ffffff;display:inline}",
        "p .c{display:none}",
        "body .o p .c{display:none}",
        ".o > p>b.d{display:none}",
        "html .o b{display:none} p b{display:block}",
        "#o .c{display:none} .c{display:block}",
        "p\n.c{display:none}",
        ".sm\\:c .c{display:none}",
    ],
)
def test_a_rule_of_the_page_hides_what_it_matches(css):
    document = parse(f"<style>{css}</style>{BODY}")
    assert document.text == "seen"
    assert [part.text for part in document.hidden] == ["x"]


@pytest.mark.parametrize(
    "css",
    [
        ".other{display:none}",
        ".c.other{display:none}",
        "i.c{display:none}",
        ".c .c{display:none}",
        ".c:hover{display:none}",
        ".c{display:none} .c{display:inline}",
        ".c{color:red .c{display:none} }",
        "#i{display:inline} .c{display:none}",
        ".c{visibility:hidden} b{visibility:hidden} #i{visibility:visible}",
        "/* .c{display:none} */",
        "@media print{.c{display:none}}",
        "@media (max-width:600px){.c{display:none}}",
        "@keyframes k{from{visibility:hidden} .c{display:none}}",
        "body{display:none}",
        "html{visibility:hidden}",
        ".c{display:none",
        "@media print{.x{color:red} .c{display:none}}",
        "}}}{{{.c{display:none}",
        ".x .c{display:none}",
        ".c p{display:none}",
        ".o > .c{display:none}",
        "p .o .c{display:none}",
        "p + .c{display:none}",
        "p ~ .c{display:none}",
        "p > > .c{display:none}",
        "> .c{display:none}",
        "p:hover .c{display:none}",
        ".c{display:none} p .c{display:inline}",
        "body{background:#000} .c{color:#fff;display:inline}",
    ],
)
def test_a_rule_that_does_not_apply_hides_nothing(css):
    document = parse(f"<style>{css}</style>{BODY}")
    assert (document.text, document.hidden) == ("seen x", ())


@pytest.mark.parametrize(
    "head",
    [
        "<style media=print>.c{display:none}</style>",
        "<style type=text/template>.c{display:none}</style>",
        "<!-- <style>.c{display:none}</style> -->",
        "<template><style>.c{display:none}</style></template>",
        "<textarea><style>.c{display:none}</style></textarea>",
        "<script>'<style>.c{display:none}</style>'</script>",
    ],
)
def test_what_is_no_sheet_of_the_page_hides_nothing(head):
    assert parse(f"{head}<p class=c>x").text.endswith("x")


def test_a_sheet_applies_to_what_stood_before_it():
    document = parse("<body><p class=c>x</p><p>seen</p><style>.c{display:none}</style>")
    assert document.text == "seen"
    assert [part.because for part in document.hidden] == ["display:none"]


def test_an_inline_style_overrides_a_rule():
    document = parse("<style>.c{display:none}</style><p class=c style='display:block'>x")
    assert document.text == "x"


def test_a_rule_makes_an_inline_element_a_block():
    assert parse("<style>.c{display:block}</style>a<b class=c>b</b>c").text == "a\nb\nc"


def test_hidden_links_of_a_rule_are_kept_apart():
    [link] = parse("<style>.c{display:none}</style><p class=c><a href=/q>free</a>").links
    assert (link.hidden, link.text, link.href) == (True, "free", "http://site.test/q")


@pytest.mark.parametrize(
    ("css", "text"),
    [
        (".c::before{content:'Watch now'}", "Watch now x"),
        ('.c:after{content:"\\57 atch"}', "x Watch"),
        (".c::before{content:'\\f101'}", "x"),
        (".c::before{content:'»'}", "x"),
        (".c::before{content:'Watch';display:none}", "x"),
        (".c{content:'Watch'}", "x"),
    ],
)
def test_words_that_a_rule_adds_are_read(css, text):
    assert parse(f"<style>{css}</style><p class=c>x").text == text


@pytest.mark.parametrize(
    "html",
    [
        "<table bgcolor=white><td><font color=#ffffff>x</font></table>",
        "<div style='background:#000'><p style='color:black'>x</p></div>",
        "<body bgcolor='#FFF'><font color=white>x</font>",
    ],
)
def test_text_in_its_backgrounds_colour_is_hidden(html):
    document = parse(html)
    assert (document.text, [part.because for part in document.hidden]) == (
        "",
        ["background's colour"],
    )


def test_a_background_ends_with_its_element():
    assert parse("<div style=background:white>a</div><font color=white>b</font>").text == "a\nb"


def test_text_hidden_from_screen_readers_alone_is_seen_and_noted():
    document = parse("<p>a <span aria-hidden=true>b <i aria-hidden=true>c</i></span> d")
    assert document.text == "a b c d"
    assert [(part.text, part.because, part.position) for part in document.hidden] == [
        ("b c", "aria-hidden", 1)
    ]


def test_noscript_is_seen_and_marked():
    document = parse("<p>a</p><noscript><p>b <a href=/x>c</a></p></noscript><p>d</p>")
    assert document.text == "a\nb c\nd"
    assert [block.in_noscript for block in document.blocks] == [False, True, False]
    assert len(document.links) == 1


def test_a_closed_details_shows_its_summary_alone():
    document = parse(
        "<details>a<summary>b</summary>c<summary>2</summary><details><summary>d</summary></details></details>e"
    )
    assert document.text == "b\ne"
    assert [part.text for part in document.hidden] == ["a", "c 2 d"]


def test_structured_claims_are_read():
    document = parse(
        '<script type="application/ld+json">{"@graph":[{"@type":["Movie","Thing"],'
        '"name":"A  name","publisher":{"name":"P"}},7]}</script><link rel=canonical href=/c>'
    )
    assert document.meta == (
        ("ld:@type", "Movie"),
        ("ld:@type", "Thing"),
        ("ld:name", "A name"),
        ("ld:name", "P"),
        ("canonical", "/c"),
    )


def test_half_a_character_in_claims_is_replaced():
    script = r'{"name": "a\ud800b"}'
    document = parse(f'<script type="application/ld+json">{script}</script>')
    assert document.meta == (("ld:name", "a?b"),)


@pytest.mark.parametrize("script", ["", "{", "[" * 100_000, '{"name": ["a"', "null", "1e999"])
def test_broken_claims_are_none(script):
    assert parse(f'<script type="application/ld+json">{script}</script>').meta == ()


def test_a_picture_without_words_is_called_by_its_file():
    [link] = parse("<a href=/x><img src='/i/download-now_hd.png?v=1'></a>").links
    assert (link.role, link.text) == ("image", "download now hd")


def test_a_forms_link_is_called_by_its_button():
    [link] = parse("<form action=http://o.test/><input type=submit value='Get it'></form>").links
    assert (link.role, link.text, link.href) == ("form", "Get it", "http://o.test/")


def test_many_links_around_the_same_words_stay_small():
    html = "<div onclick=\"location='http://o.test/'\">" * 3_000 + "word " * 20_000
    document = parse(html)
    assert len(document.links) == 3_000
    assert max(len(link.text) for link in document.links) <= 4_096


def test_what_stands_around_an_element_ends_with_its_element():
    document = parse(
        "<style>.o .c{display:none}</style><div class=o><p class=c>a</p></div><p class=c>b</p>"
    )
    assert document.text == "b"


def test_a_child_is_told_from_a_grandchild_by_what_stands_between():
    document = parse(
        "<style>.o>.c{display:none}</style>"
        "<div class=o><b class=c>a</b><i><b class=c>b</b></i><b class=c>c</b></div>"
    )
    assert document.text == "b"


def test_words_are_added_where_a_rule_asks_for_them():
    css = ".o .c::before{content:'Watch now'}"
    assert parse(f"<style>{css}</style><p class=o><b class=c>x</b></p><b class=c>y</b>").text == (
        "Watch now x\ny"
    )


def test_a_rule_shows_what_the_hidden_attribute_hides():
    assert parse("<style>.c{display:flex}</style><p class=c hidden>x").text == "x"


def test_a_class_is_no_tag_and_no_id():
    css = "p{display:none} #i{display:none}"
    assert parse(f"<style>{css}</style><b class='p i #i &lt;p'>x").text == "x"
