"""Where bait hides its way out: scripts, event handlers, data attributes, picture buttons."""

import pytest

from model.document import Link, parse_document
from model.page import Page

OUT = "http://o.test/"


def links(html: str) -> list[tuple[str, str, str]]:
    def told(link: Link) -> tuple[str, str, str]:
        return link.role, link.text, link.href

    return [told(link) for link in parse_document(Page.from_html(html, "http://site.test/")).links]


@pytest.mark.parametrize(
    "script",
    [
        "location='http://o.test/'",
        'window.location.href = "http://o.test/";',
        "top.location.replace('http://o.test/')",
        "document.location.assign( 'http://o.test/' )",
        "self.location['href'] = 'http://o.test/'",
        'location["replace"]("http://o.test/")',
        "location.href=`http://o.test/`",
        "window.open('http:\\/\\/o.test\\/', '_blank')",
        "setTimeout(\"location.href='http://o.test/'\", 5)",
        "x" * 300_000 + ";location='http://o.test/'",
    ],
)
def test_a_script_that_sends_its_reader_away_is_a_link(script):
    assert links(f"<script>{script}</script>") == [("script", "", OUT)]


@pytest.mark.parametrize(
    "script",
    [
        "if (location == 'http://o.test/') x()",
        "location = somewhere",
        "location.href = `${host}/x`",
        "allocation = 'http://o.test/'",
        "window.opener('http://o.test/')",
    ],
)
def test_a_script_that_names_no_address_is_no_link(script):
    assert links(f"<script>{script}</script>") == []


@pytest.mark.parametrize(
    "html",
    [
        "<a href='javascript:location=\"http://o.test/\"'>x</a>",
        "<a href=' java\nScript:location=\"http://o.test/\"'>x</a>",
        "<a href='javascript:void(0)' onclick=\"window.open('http://o.test/')\">x</a>",
        "<a href='#' data-url=//o.test/>x</a>",
        "<a data-href=http://o.test/>x</a>",
        "<div onmousedown=\"location='http://o.test/'\">x</div>",
        "<div data-redirect=http://o.test/>x</div>",
        "<form onsubmit=\"location='http://o.test/'\"><button>x</button></form>",
        "<button formaction=http://o.test/>x</button>",
    ],
)
def test_what_a_script_makes_a_button_is_a_link(html):
    assert links(html) == [("button", "x", OUT)]


def test_a_click_that_leads_elsewhere_than_the_link_is_told_beside_it():
    html = "<a href=http://shown.test/ onclick=\"location='http://o.test/'\">x</a>"
    assert links(html) == [("text", "x", "http://shown.test/"), ("button", "x", OUT)]


def test_a_click_that_leads_where_the_link_does_is_told_once():
    html = "<a href=http://o.test/ onclick=\"window.open('http://o.test/')\">x</a>"
    assert links(html) == [("text", "x", OUT)]


@pytest.mark.parametrize(
    "html",
    [
        "<body onload=\"location='http://o.test/'\"><p>x",
        "<img src=i onerror=\"location='http://o.test/'\">",
    ],
)
def test_what_sends_its_reader_away_unasked_is_a_script(html):
    assert links(html) == [("script", "", OUT)]


@pytest.mark.parametrize(
    ("html", "role"),
    [
        ("<a href=http://o.test/><img src=/a/get-it.png></a>", "image"),
        ("<a href=http://o.test/><img src='data:x' data-src=/a/get-it.png></a>", "image"),
        ("<a href=http://o.test/><svg><image xlink:href=/a/get-it.png></svg></a>", "image"),
        ("<a href=http://o.test/><svg><title>get it</title></svg></a>", "text"),
        ("<a href=http://o.test/ title='get it'></a>", "text"),
        ("<svg><a xlink:href=http://o.test/><text>get it</text></a></svg>", "text"),
        ("<map><area href=http://o.test/ alt='get it'></map>", "area"),
        ("<input type=image src=/a/get-it.png onclick=\"location='http://o.test/'\">", "button"),
        ("<input type=button value='get it' onclick=\"location='http://o.test/'\">", "button"),
        ("<form action=http://o.test/><input type=image src=/a/get-it.png></form>", "form"),
        ("<form action=http://o.test/><input type=submit value='get it'></form>", "form"),
        ("<form action=http://o.test/><button>get it</button></form>", "form"),
        ("<form action=http://o.test/><button><img src=/a/get-it.png></button></form>", "form"),
    ],
)
def test_a_picture_or_a_button_gives_its_link_words(html, role):
    assert links(html) == [(role, "get it", OUT)]


def test_the_first_buttons_words_are_the_forms():
    html = "<form action=http://o.test/><button>one</button><button>two</button></form>"
    assert links(html) == [("form", "one", OUT)]


@pytest.mark.parametrize(
    "content", ["0;url=http://o.test/", "0; URL='http://o.test/'", "5 , http://o.test/"]
)
def test_a_refresh_that_leads_elsewhere_is_a_link(content):
    assert links(f'<meta http-equiv=refresh content="{content}">') == [("refresh", "", OUT)]
