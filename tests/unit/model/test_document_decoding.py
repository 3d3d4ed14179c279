"""Bytes become text once, the way a browser chooses the encoding."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.decoding import decode_body
from model.document import parse_document
from model.page import Page

RUSSIAN = "Сегодня мы говорим о погоде и о том, что она значит для урожая."
JAPANESE = "これは日本の天気についての記事です。明日は晴れるでしょう。"
CHINESE = "今天我们在这里说的是一个人的故事,他在中国的大城市里。"
TAIWANESE = "今天我們在這裡說的是一個人的故事,他在中國的大城市裡。"
KOREAN = "이것은 오늘의 날씨에 대한 기사이다. 내일은 비가 올 것이라고 한다."
GREEK = "Σήμερα μιλάμε για τον καιρό και για το τι σημαίνει."
TURKISH = "Bugün hava çok güzel, ışık ve gölge değişiyor; şimdi dışarı çıkıyoruz."
POLISH = "Dziś mówimy o pogodzie i o tym, co ona znaczy dla całej łąki; źdźbło się chwieje."
FRENCH = "Aujourd’hui, la météo était très belle; à côté, l’été s’achève déjà."


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode(), "text/html; charset=utf-8", "é"),
        ("é".encode("cp1252"), 'text/html; charset="ISO-8859-1"', "é"),
        ("я".encode("cp1251"), "text/html;charset=windows-1251", "я"),
        ("語".encode("shift_jis"), "text/html; charset=x-sjis", "語"),
        (codecs.BOM_UTF8 + "é".encode(), "text/html; charset=windows-1251", "é"),
        (codecs.BOM_UTF16_LE + "é".encode("utf-16le"), "text/html; charset=utf-8", "é"),
        (codecs.BOM_UTF16_BE + "é".encode("utf-16be"), "", "é"),
        (b"<meta charset=windows-1251>\xff", "", "<meta charset=windows-1251>я"),
        (
            b"<meta charset=windows-1251>\xc3\xa9",
            "text/html; charset=utf-8",
            "<meta charset=windows-1251>é",
        ),
        (b"<meta charset=us-ascii>\xe9", "", "<meta charset=us-ascii>é"),
        (b"<meta charset=utf-16>\xc3\xa9", "", "<meta charset=utf-16>é"),
        (b"<meta charset=utf-7>+AOk-\xc3\xa9", "", "<meta charset=utf-7>+AOk-é"),
        (b"<meta charset=zlib>\xc3\xa9", "", "<meta charset=zlib>é"),
        (b"x\xc3\xa9", "text/html; charset=punycode", "xé"),
        (b"x\xc3\xa9", "text/html; charset=\xe9\udc80", "xé"),
        (b"a\xffb", "text/html; charset=utf-8", "a\ufffdb"),
        (b"a\x00b", "", "ab"),
        (b"one \x00 two " + "é".encode(), "", "one  two é"),
        ("<p>one two".encode("utf-16le"), "", "<p>one two"),
        (b"", "", ""),
    ],
)
def test_the_encoding_is_chosen_as_browsers_choose_it(body, content_type, text):
    assert decode_body(body, content_type) == text


@pytest.mark.parametrize(
    "head",
    [
        b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">',
        b"<META CHARSET = 'KOI8-R'>",
        b'<?xml version="1.0" encoding="koi8-r"?>',
        b"<meta charset=nonsense><meta charset=koi8-r>",
    ],
)
def test_every_form_of_declaration_is_read(head):
    assert decode_body(head + "я".encode("koi8-r")).endswith("я")


def test_a_declaration_beyond_the_first_kilobyte_is_not_read():
    body = b" " * 1_024 + b"<meta charset=koi8-r>" + "é".encode()
    assert decode_body(body).endswith("é")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (CHINESE, "gb18030"),
        (TAIWANESE, "big5"),
        (KOREAN, "euc-kr"),
        (GREEK, "cp1253"),
        (TURKISH, "cp1254"),
        (POLISH, "cp1250"),
        (FRENCH, "cp1252"),
        (FRENCH, "utf-8"),
        (FRENCH, "utf-16le"),
    ],
)
def test_undeclared_bytes_are_guessed(text, encoding):
    assert decode_body(b"<p>" * 50 * (encoding != "utf-16le") + text.encode(encoding)).endswith(
        text
    )


def test_one_bad_byte_does_not_make_another_encoding():
    body = RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()
    assert decode_body(body) == f"{RUSSIAN}\ufffd{RUSSIAN}"


def test_a_character_cut_at_the_end_does_not_make_another_encoding():
    assert decode_body(RUSSIAN.encode()[:-2]).startswith(RUSSIAN[:-2])


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_and_any_header_decode(body, content_type):
    text = decode_body(body, content_type)
    text.encode()
    assert "\x00" not in text


@pytest.mark.parametrize("charset", ["us-ascii", "utf-7", "utf-16", "iso-8859-1", "x", "zlib"])
def test_a_false_charset_leaves_no_blank_page(charset):
    body = f"<meta charset={charset}><title>t</title><p>caf\u00e9 society</p>".encode()
    document = parse_document(Page.from_html(body))
    assert document.title == "t"
    assert document.text.startswith("caf")
    assert document.text.endswith("society")
