"""parse_document on hand-written pages: what is visible, where it leads, what is hidden."""

import pytest

from model.document import Document, Limits, parse_document
from model.page import Page

BASE = "http://site.test/dir/page.html"


def parse(html: str, **limits: int) -> Document:
    return parse_document(Page.from_html(html, BASE), Limits(**limits))


def links(html: str) -> list[tuple[str, str, str]]:
    return [(link.role, link.text, link.href) for link in parse(html).links]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<div>one</div>two<div>three</div>", "one\ntwo\nthree"),
        ("one<br>two<br/><br>three", "one\ntwo\nthree"),
        ("<p>wa<b>t</b><i>ch</i> it </p>", "watch it"),
        ("<p>  many \n\t spaces&nbsp;here </p>", "many spaces here"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>one<td>two<tr><td>three</table>", "one\ntwo\nthree"),
        ("<pre>one\n two</pre>", "one\ntwo"),
        ("a<script>b</script><style>c</style><!-- d -->e", "ae"),
        ("<title>t</title><p>b", "b"),
        ("&lt;b&gt; &#x44f; &amp", "<b> я &"),
        ("wa<span hidden>x</span>tch", "watch"),
        ("a\x00b", "ab"),
        ("just words", "just words"),
        ("", ""),
    ],
)
def test_the_text_is_what_the_reader_sees(html, text):
    assert parse(html).text == text


def test_blocks_know_their_role_and_whether_they_are_furniture():
    document = parse(
        "<nav>menu</nav><h2>head</h2><p>para</p><li>item</li><blockquote>quote</blockquote>"
        "<table><td>cell</td></table><pre>code</pre><button>press</button><footer><p>foot</footer>"
    )
    assert [
        (document.text[block.start : block.end], block.role, block.in_page_frame)
        for block in document.blocks
    ] == [
        ("menu", "paragraph", True),
        ("head", "heading", False),
        ("para", "paragraph", False),
        ("item", "item", False),
        ("quote", "quote", False),
        ("cell", "cell", False),
        ("code", "code", False),
        ("press", "button", False),
        ("foot", "paragraph", True),
    ]


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ("<a href=x>words <b>here</b></a>", ("text", "words here", "http://site.test/dir/x")),
        ("<base href=/b/><a href=x>w</a>", ("text", "w", "http://site.test/b/x")),
        ("<a href=//o.test/><img alt='Watch now'></a>", ("image", "Watch now", "http://o.test/")),
        ("<a href=//o.test/ aria-label=Go></a>", ("text", "Go", "http://o.test/")),
        ("<a href=mailto:a@b.test>write</a>", ("text", "write", "mailto:a@b.test")),
        ("<a href='#part'>down</a>", ("text", "down", BASE + "#part")),
        ("<a href='javascript:void(0)'>press</a>", ("button", "press", "javascript:void(0)")),
        (
            "<a href=\"javascript:window.open('http://o.test/x')\">press</a>",
            ("button", "press", "http://o.test/x"),
        ),
        (
            "<a href='#' onclick=\"location.href='http://o.test/'\">press</a>",
            ("button", "press", "http://o.test/"),
        ),
        ("<div data-href=/go>press</div>", ("button", "press", "http://site.test/go")),
        (
            "<meta http-equiv=Refresh content='0;URL=http://o.test/'>",
            ("refresh", "", "http://o.test/"),
        ),
        ("<script>window.location = 'http://o.test/'</script>", ("script", "", "http://o.test/")),
        (
            '<script>location.replace("http:\\/\\/o.test")</script>',
            ("script", "", "http://o.test/"),
        ),
        ("<iframe src=http://o.test/></iframe>", ("frame", "", "http://o.test/")),
        ("<map><area href=/a alt=part></map>", ("area", "part", "http://site.test/a")),
        ("<form action=http://o.test/s></form>", ("form", "", "http://o.test/s")),
        ("go to www.o.test/x.", ("bare", "www.o.test/x", "http://www.o.test/x")),
        ("<svg><a xlink:href=/s><text>t</text></a></svg>", ("text", "t", "http://site.test/s")),
    ],
)
def test_every_way_out_of_a_page_is_a_link(html, link):
    assert links(html) == [link]


@pytest.mark.parametrize(
    "html",
    [
        "<script>if (location == 'http://o.test/') x()</script>",
        "<meta http-equiv=refresh content=30>",
        "<a name=here>anchor</a>",
        "<div data-url=identifier>x</div>",
        "<form><input></form>",
    ],
)
def test_what_leads_nowhere_is_no_link(html):
    assert links(html) == []


def test_an_address_that_is_a_links_words_is_one_link():
    assert links("<a href=http://o.test/>http://shown.test/</a>") == [
        ("text", "http://shown.test/", "http://o.test/")
    ]


@pytest.mark.parametrize(
    ("html", "because"),
    [
        ("<div style='display: none'>x</div>", "display:none"),
        ("<div style='VISIBILITY:hidden!important'>x</div>", "visibility:hidden"),
        ("<div hidden>x</div>", "hidden attribute"),
        ("<p style='font-size:0px'>x", "font-size:0"),
        ("<p style='font-size:1px'>x", "font-size:0"),
        ("<p style='font-size:.01em'>x", "font-size:0"),
        ("<p style='color:transparent'>x", "transparent"),
        ("<p style='color:rgba(0, 0, 0, 0)'>x", "transparent"),
        ("<p style='transform:scale(0)'>x", "zero size"),
        ("<p style='clip-path:circle(0)'>x", "clipped"),
        ("<p style='color:#fefefe;background:#fff'>x", "background's colour"),
        ("<p style='position:absolute;left:-9999px'>x", "off-screen"),
        ("<p style='text-indent:-9999px'>x", "off-screen"),
        ("<p style='height:0;overflow:hidden'>x", "zero size"),
        ("<p style='width:1px;height:1px;overflow:hidden'>x", "one pixel"),
        ("<p style='color:#FFF;background-color:white'>x", "background's colour"),
        ("<template><p>x</template>", "template"),
        ("<details><p>x</details>", "closed details"),
        ("<dialog>x</dialog>", "closed dialog"),
        ("<video>x</video>", "fallback"),
    ],
)
def test_hidden_text_is_kept_apart_with_its_reason(html, because):
    document = parse(f"<p>before</p>{html}")
    assert document.text == "before"
    assert [(part.text, part.because) for part in document.hidden] == [("x", because)]


@pytest.mark.parametrize(
    "style",
    [
        "font-size:1em",
        "font-size:.8rem",
        "color:transparent;-webkit-background-clip:text",
        "color:rgba(0,0,0,.6)",
        "transform:scale(0.5)",
        "color:#eee;background:#fff",
        "opacity:0",
        "color:#foobar;background:#foo",
        "color:#fffffg;background:#fff",
    ],
)
def test_text_that_can_be_read_or_fades_in_is_visible(style):
    assert parse(f"<p style='{style}'>x").text == "x"


@pytest.mark.parametrize(
    "html",
    [
        "<details open>x</details>",
        "<details><summary>x</summary></details>",
        "<dialog open>x</dialog>",
        "<noscript>x</noscript>",
        "<p style='display:block;font-size:10px;color:#fff;background:#000'>x",
        "<p style='height:0'>x",
    ],
)
def test_what_is_shown_is_not_hidden(html):
    document = parse(html)
    assert (document.text, document.hidden) == ("x", ())


def test_hidden_links_keep_their_words():
    [link] = parse("<p>seen</p><div style=display:none><a href=/q>free <b>x</b></a></div>").links
    assert (link.hidden, link.text, link.start, link.end) == (True, "free x", 4, 4)


def test_images_and_forms_stand_where_they_stood():
    document = parse(
        "<p>ab<a href=/x><img src=i.png title=pic></a>cd</p>"
        "<form action=/s method=POST><input type=password><select></select></form>"
    )
    [image] = document.images
    [form] = document.forms
    assert (image.alt, image.src, image.position, image.in_link) == (
        "pic",
        "http://site.test/dir/i.png",
        2,
        True,
    )
    assert (form.action, form.method) == ("http://site.test/s", "post")
    assert form.field_types == ("password", "select")


def test_the_head_is_read():
    document = parse(
        "<html lang=pt-BR><title> A\n title </title><title>two</title>"
        "<meta name=Description content='d  d'><meta property=og:type content=article>"
    )
    assert (document.title, document.language) == ("A title", "pt")
    assert document.meta == (("description", "d d"), ("og:type", "article"))


@pytest.mark.parametrize(
    ("html", "limits", "text"),
    [
        ("<p>ab<p>cd<p>ef", {"body": 7}, "ab"),
        ("<p>ab<p>cd<p>ef", {"tags": 4}, "ab\ncd"),
        ("<div>a<div>b<div>c", {"depth": 4}, "a\nb"),
        ("<p>abc<p>def", {"text": 5}, "abc\nd"),
    ],
)
def test_a_bound_cuts_the_document_and_keeps_what_was_read(html, limits, text):
    document = parse(html, **limits)
    assert (document.cut, document.text) == (True, text)


def test_links_beyond_the_bound_are_left_out():
    document = parse("<a href=a>a</a><a href=b>b</a>", links=1)
    assert (document.cut, len(document.links), document.text) == (True, 1, "ab")


def test_a_page_within_the_bounds_is_not_cut():
    assert not parse("<p>a<a href=b>b</a>").cut
