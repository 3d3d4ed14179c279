from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from wild_pages import DOCUMENTS

from model.document import Document, parse_document
from model.features import FEATURES, Reading, extract_features
from model.page import Page

HOME = "https://site.example/reviews/12"
PROSE = (
    "<p>Nobody raises their voice in the first hour, and by the time somebody does it is too "
    "late: the boat has gone, the lamp is out, and the harbour has its own opinion.</p>"
)
LONG = PROSE * 30


def out(words: str = "more", domain: str = "unlisted.example", path: str = "x") -> str:
    return f'<a href="https://{domain}/{path}">{words}</a>'


SITES = "".join(out("a source", f"site{n}.example") for n in range(12))
OWN = "".join(f'<a href="/{n}">page {n}</a>' for n in range(20))
SERVICES = "".join(out("there", f"{n}.com") for n in ("netflix", "mubi", "hulu", "dazn", "espn"))

# Each feature: a page on which it should fire, and one, as like as can be, on which it should not.
ROWS = {
    "shortened_destination": (out(domain="bit.ly"), out(domain="youtube.com")),
    "locker_destination": (out(domain="mega.nz"), out(domain="archive.org")),
    "free_host_destination": (out(domain="films.blogspot.com"), out(domain="wordpress.org")),
    "redirector_destination": ('<a href="/out/5">x</a>', '<a href="/outlook/5">x</a>'),
    "masked_destination": (out("netflix.com/title"), out("unlisted.example/title")),
    "cheap_suffix_destination": (out(domain="films.top"), out(domain="films.org")),
    "repeated_destination": (out() * 3, out(path="1") + out(path="2") + out(path="3")),
    "single_destination": (out(path="1") + out(path="2"), out() + out(domain="other.example")),
    "unsaid_destination": (
        "<p>Find it " + out("here", "harbour-library.example"),
        "<p>The Harbour Library lends it " + out("here", "harbour-library.example"),
    ),
    "brand_elsewhere": (
        "<title>Netflix film</title>" + out(),
        "<title>Netflix film</title>" + out() + out(domain="www.netflix.com"),
    ),
    "promise_without_place": (
        "<p>Watch now on the portal.</p>",
        "<p>Watch now on the portal.</p>" + out(domain="netflix.com"),
    ),
    "unnamed_destination": ("<p>See it on our partner site.</p>", "<p>See it on Mubi.</p>"),
    "lookalike_destination": (out(domain="xn--80ak6aa92e.com"), out(domain="apples.example")),
    "image_button": (out('<img alt="play" src="p.png">'), out("play") + '<img alt="play" src="p">'),
    "automatic_redirect": (
        '<meta http-equiv="refresh" content="5;url=https://unlisted.example/"><p>Wait',
        '<meta http-equiv="refresh" content="5;url=/next"><p>Wait' + out(),
    ),
    "scripted_destination": (
        "<button onclick=\"location='https://unlisted.example/'\">Play</button>",
        "<button onclick=\"location='/play'\">Play</button>" + out(),
    ),
    "form_elsewhere": (
        '<form action="https://unlisted.example/"><input name="q"></form>x',
        '<form action="/search"><input name="q"></form>x' + out(),
    ),
    "hidden_link": (
        f'<p>Text</p><div style="display:none">{out()}</div>',
        f'<p>Text {out()}</p><div style="display:none"><a href="/own">x</a></div>',
    ),
    "call_to_action": ("<p>Click here, watch now!</p>", "<p>We watched it here, now and then.</p>"),
    "button_call": (PROSE + out("Watch now"), PROSE + "<p>Watch now</p>" + out("a friend's blog")),
    "closing_call": (LONG + "<p>Watch now.</p>", "<p>Watch now.</p>" + LONG),
    "closing_unnamed": (LONG + "<p>On our partner site.</p>", "<p>On our partner site.</p>" + LONG),
    "offer": (
        "<p>All of it free, unlimited, in full HD.</p>",
        "<p>All of it, in ten chapters.</p>",
    ),
    "disclaimer": (
        "<p>The content is hosted on a partner site.</p>",
        "<p>The festival is hosted in Trieste.</p>",
    ),
    "pressure": (
        "<p>Hurry, last chance!</p>",
        "<p>You have been patient, so we took our time.</p>",
    ),
    "warning": ("<p>This page is a scam: do not click.</p>", "<p>This page is a delight.</p>"),
    "stuffed_title": (
        "<title>The Glass Harbour</title>" + "<p>The Glass Harbour online</p>" * 9,
        "<title>The Glass Harbour</title><p>The Glass Harbour is a film.</p>" + LONG,
    ),
    "disguised_letters": ("<p>Wаtсh the 𝐟𝐢𝐥𝐦</p>", "<p>Смотри фильм, watch the film, café</p>"),
    "pushing_marks": ("<p>►► here 👇</p>", "<p>- here, 5 - 3</p>"),
    "fake_freshness": ("<p>Claimed 12 seconds ago, 00:04:59 left</p>", "<p>A minute at 10:30</p>"),
    "hidden_words": (
        '<p>Shown</p><div style="display:none">stuffed with words</div>',
        "<p>Shown, and nothing stuffed with words</p>",
    ),
    "asks_for_account": (
        "<p>Free coins for all</p><form action='/c'><input type='text' name='u'></form>",
        "<p>Write to us</p><form action='/c'><input type='text' name='u'></form>",
    ),
}


def compute(name: str, html: str, url: str | None = HOME) -> float:
    reading = Reading(parse_document(Page.from_html(html, url)))
    return FEATURES[name].compute(reading)


def test_every_feature_has_its_row():
    assert sorted(ROWS) == sorted(FEATURES)


@pytest.mark.parametrize("name", ROWS)
def test_a_feature_fires_where_it_should_and_only_there(name):
    should, should_not = (compute(name, html) for html in ROWS[name])
    assert should > should_not
    assert should > 0.1
    assert should_not == 0


@pytest.mark.parametrize("name", FEATURES)
def test_an_empty_page_has_every_feature(name):
    assert 0 <= FEATURES[name].compute(Reading(Document(None, "", ""))) <= 1


@pytest.mark.parametrize("feature", FEATURES.values(), ids=FEATURES.keys())
def test_a_feature_tells_people_a_sentence(feature):
    assert feature.sentence[0].isupper()
    assert feature.sentence.endswith(".")
    assert feature.sign in {-1, 0, 1}
    assert feature.compute.__doc__


@given(DOCUMENTS)
def test_any_page_gives_finite_numbers_of_moderate_size(document):
    features = extract_features(Reading(document))
    assert len(features.numbers) == len(FEATURES)
    assert all(math.isfinite(number) and 0 <= number < 7 for number in features.numbers)
    assert len(features.unit_tokens) > features.passages[-1].last
    assert all(type(token) is str and token for token in features.page_tokens)


@given(DOCUMENTS)
def test_the_same_page_gives_the_same_features(document):
    first = Reading(document)
    assert extract_features(first) == extract_features(Reading(document))
    assert extract_features(Reading(document, first.known_texts)) == extract_features(first)


def test_named_services_outweigh_no_link_elsewhere():
    html = "<title>Netflix film</title>" + out(domain="netflix.com")
    assert compute("brand_elsewhere", html) == 0


def test_the_closing_stands_outside_the_page_furniture():
    html = f"{LONG}<p>Watch now.</p><footer><p>{'Imprint and contact. ' * 30}</p></footer>"
    assert compute("closing_call", html) > 0


def test_a_closing_behind_a_very_long_article_is_still_read():
    html = f"{PROSE * 3_000}<p>Watch now on our partner site.</p>"
    features = extract_features(Reading(parse_document(Page.from_html(html, HOME))))
    assert "c:watch" in features.page_tokens
    assert any("watch" in tokens and "partn~" in tokens for tokens in features.unit_tokens[-2:])


HEAVY = {
    "prose": Page.from_text("abcde fghij. " * 80_000),
    "Chinese prose": Page.from_text("".join(chr(0x4E00 + n * 7 % 20_000) for n in range(600_000))),
    "marks": Page.from_text("!" * 1_000_000),
    "signs that decompose": Page.from_text("\ufdfa\u3316" * 300_000),
    "short blocks": Page.from_html("<p>a" * 500_000),
    "links": Page.from_html("".join(f'<a href="//s{n}.example/">x</a> ' for n in range(50_000))),
    "addresses to decode": Page.from_html(
        "".join(f'<a href="?{"u=b&" * 40}{n}">x</a> ' for n in range(10_000)), HOME
    ),
    "picture words": Page.from_html(
        f'<a href="//s.example/"><img alt="{"! x " * 1_000}"></a>' * 500
    ),
    "hidden": Page.from_html(f"<p>x<div hidden>{'wa7ch ' * 300_000}</div>"),
    "offers": Page.from_text("watch fre " * 100_000),
}


@pytest.mark.parametrize("page", HEAVY.values(), ids=HEAVY.keys())
def test_the_heaviest_pages_cost_seconds_at_most(page):
    document = parse_document(page)
    started = time.process_time()
    features = extract_features(Reading(document))
    assert time.process_time() - started < 3.0
    assert sum(map(len, features.unit_tokens)) < 600_000
