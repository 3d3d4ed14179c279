"""What is pasted or uploaded: every address is found, and what is none is said in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.desk.pasted import MOST_ADDRESSES, addresses_in, addresses_in_table, refang
from service.errors import InvalidRequestError

MESSAGE = """From: someone
Hello, all!
somebody sent me this: https://films.example/watch?x=1, have a look (also http://b.example/a).
Regards.
[the film](https://c.example/md) and <a href="https://d.example/html">this</a>
"""


def found(text):
    return [one.url.href if one.url else None for one in addresses_in(text)]


def test_addresses_are_taken_one_a_line():
    assert found("https://a.example/\n\n  http://b.example/x  \r\nhttps://c.example") == [
        "https://a.example/",
        "http://b.example/x",
        "https://c.example/",
    ]


def test_addresses_are_found_in_a_whole_message_and_its_other_words_are_no_errors():
    assert found(MESSAGE) == [
        "https://films.example/watch?x=1",
        "http://b.example/a",
        "https://c.example/md",
        "https://d.example/html",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "example.com/page",
        "ftp://a.example/",
        "javascript:alert(1)",
        "https://",
        "http://a.b:99999/",
    ],
)
def test_a_line_that_was_meant_as_an_address_and_is_none_is_said_and_stops_nothing(line):
    first, second, third = addresses_in(f"https://a.example/\n{line}\nhttps://b.example/")
    assert (first.url.href, third.url.href) == ("https://a.example/", "https://b.example/")
    assert second.url is None
    assert second.text == line
    assert second.error.endswith(".")


def test_the_same_address_is_taken_once():
    text = (
        "https://a.example\nHTTPS://A.example/\nhttps://a.example/#part\nbad.example\nbad.example"
    )
    assert found(text) == ["https://a.example/", None]


@pytest.mark.parametrize(
    "written",
    ["hxxps://bad[.]example/x", "https[:]//bad[.]example/x", "HXXPS://bad[dot]example/x"],
)
def test_addresses_that_were_made_harmless_are_read(written):
    assert found(f"see {written}") == ["https://bad.example/x"]


@pytest.mark.parametrize("text", ["", " \n", "nothing here.", "Hello!\nGoodbye"])
def test_a_text_without_an_address_is_refused(text):
    with pytest.raises(InvalidRequestError, match="no address"):
        addresses_in(text)


def test_too_many_addresses_are_refused_and_as_many_as_allowed_are_not():
    lines = [f"https://a.example/{n}" for n in range(MOST_ADDRESSES + 1)]
    assert len(addresses_in("\n".join(lines[1:]))) == MOST_ADDRESSES
    with pytest.raises(InvalidRequestError, match=str(MOST_ADDRESSES)):
        addresses_in("\n".join(lines))


def test_a_text_too_long_to_read_is_refused():
    with pytest.raises(InvalidRequestError, match="characters"):
        addresses_in("x" * 1_000_001)


@pytest.mark.parametrize(
    "content",
    [
        b"name,url\nx,https://a.example/\ny,https://b.example/\n",
        b"\xef\xbb\xbfURL ;name\r\nhttps://a.example/;x\r\nhttps://b.example/;\r\n",
        "who\taddress\nM\u00fcller\thttps://a.example/\nx\thttps://b.example/".encode("cp1252"),
        "id,link\n1,https://a.example/\n2,https://b.example/".encode("utf-16"),
        b'"a note\nof two lines",url\n"x, y",https://a.example/\n,https://b.example/\n,\n',
    ],
)
def test_a_table_is_read_by_the_name_of_its_column(content):
    hrefs = [one.url.href for one in addresses_in_table(content)]
    assert hrefs == ["https://a.example/", "https://b.example/"]


def test_a_bad_cell_of_a_table_is_said_and_stops_nothing():
    first, second = addresses_in_table(b"url\nnot an address\nhttps://a.example/\n")
    assert (first.url, first.text) == (None, "not an address")
    assert second.url.href == "https://a.example/"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name,host\nx,y\n", b"https://a.example/\n"])
def test_a_table_without_a_column_of_addresses_is_refused(content):
    with pytest.raises(InvalidRequestError, match="column"):
        addresses_in_table(content)


def test_a_cell_of_any_size_is_refused_in_words():
    with pytest.raises(InvalidRequestError):
        addresses_in_table(b'url\n"' + b"x" * 200_000)


@given(st.text(max_size=500))
def test_any_text_is_read_or_refused(text):
    try:
        every = addresses_in(text)
    except InvalidRequestError:
        return
    for one in every:
        assert (one.url is None) == (one.error is not None)
        assert "\0" not in one.text
        one.text.encode()


@given(st.binary(max_size=500))
def test_any_file_is_read_or_refused(content):
    try:
        assert addresses_in_table(b"url\n" + content)
    except InvalidRequestError:
        return


@given(st.text(max_size=200))
def test_undoing_harmlessness_twice_changes_no_more_address(text):
    once = refang(f"hxxps://a[.]example/{text}")
    assert once.startswith("https://a.example/")
