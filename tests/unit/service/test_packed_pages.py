"""Pages as the store keeps them: the same page comes back, and nothing else under its name."""

import zlib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from model.decoding import decode_body
from model.page import Page
from service.snapshots import Snapshot, pack_page, unpack_page

URL = "https://a.example/"

_text = st.text(st.characters(exclude_categories=["Cs"]))


@given(_text, st.booleans())
def test_a_page_comes_back_as_it_was_read(text, is_text):
    page = (Page.from_text if is_text else Page.from_html)(text, URL)
    snapshot = pack_page(page)
    assert snapshot.is_sound
    back = unpack_page(snapshot.content, URL)
    assert back.media_type == page.media_type
    assert back.body.decode() == decode_body(page.body, page.headers["content-type"])


def test_what_was_sent_in_another_encoding_is_kept_as_it_was_decoded():
    page = replace(
        Page.from_html("", URL),
        headers={"content-type": "text/html; charset=windows-1251"},
        body="<p>маяк</p>".encode("windows-1251"),
    )
    assert unpack_page(pack_page(page).content, URL).body.decode() == "<p>маяк</p>"


def test_the_name_says_nothing_of_where_a_page_was_seen():
    pages = [Page.from_html("<p>words", url) for url in (URL, "https://b.example/", None)]
    assert len({pack_page(page) for page in pages}) == 1


@given(st.binary())
def test_a_content_that_is_not_what_its_name_says_is_not_sound(content):
    digest = pack_page(Page.from_html("<p>words", URL)).digest
    assert not Snapshot(digest, content).is_sound
    assert not Snapshot(digest, zlib.compress(content)).is_sound


@given(st.binary())
def test_whatever_was_packed_makes_a_page(content):
    assert unpack_page(zlib.compress(content), URL).final_url == URL


def test_a_bomb_is_not_unpacked_whole():
    bomb = zlib.compress(b"html\n" + bytes(2**27))
    assert len(unpack_page(bomb, URL).body) <= 2**26
