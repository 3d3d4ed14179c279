"""baitwatch import: tables with folders of pages, and WARC files, hostile ones among them."""

from __future__ import annotations

import gzip
import hashlib
import os
import tracemalloc
import zlib
from io import StringIO

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.saved import SavedPage, parse_saved_line
from training.corpus import read_corpus
from training.importers.account import MOST_BYTES, LeftOut
from training.importers.archive import Labelling, pages_of_archive
from training.importers.commands import import_pages
from training.importers.table import pages_of_table

PAGE = "<title>Маяк</title><p>The keeper of the lighthouse waits for one more ship.</p>"


def run(*arguments, **options):
    return CliRunner().invoke(import_pages, [str(a) for a in arguments], **options)


def pages(text):
    return [parse_saved_line(line) for line in text.splitlines()]


def said(outcome):
    return [line for line in outcome.stderr.splitlines() if not line.startswith("[")]


# --- a table and a folder


@pytest.fixture
def folder(tmp_path):
    below = tmp_path / "saved"
    (below / "more").mkdir(parents=True)
    (below / "film.html").write_text(PAGE, encoding="utf-8")
    (below / "more" / "old.HTM").write_bytes(
        b"<meta charset=windows-1251>" + "Кино".encode("cp1251")
    )
    (below / "notes.txt").write_text("Plain <b>words</b>.")
    (below / "empty.html").touch()
    (tmp_path / "secret.html").write_text("<p>secret</p>")
    (below / "way-out.html").symlink_to(tmp_path / "secret.html")
    (below / "large.html").write_bytes(b"x" * (MOST_BYTES + 1))
    os.mkfifo(below / "pipe.html")
    return below


def table(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "labels.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_pages_that_a_table_names_become_saved_pages(tmp_path, folder):
    rows = (
        "URL;Label;File;Group;Lang;Lure;Kind;Other\n"
        "https://www.films.example/a;bait;film.html;films;en;streaming;landing;x\n"
        "https://www.films.example/b;OK;more/old.HTM;;ru;;;\n"
        ";ok;notes.txt\n"
    )
    outcome = run("csv", table(tmp_path, rows, "utf-8-sig"), "--pages", folder)
    assert outcome.exit_code == 0, outcome.output
    film, old, notes = pages(outcome.stdout)
    assert (film.label, film.group, film.lang, film.lure) == ("bait", "films", "en", "streaming")
    assert film.extra == {"kind": "landing"}
    assert (film.page.url, film.page.body) == ("https://www.films.example/a", PAGE.encode())
    assert (old.label, old.group) == ("ok", "films.example")
    assert old.page.body.endswith("Кино".encode("cp1251"))
    assert notes.page.media_type == "text/plain"
    assert "3 pages written (1 bait, 2 ok)" in outcome.stderr


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../secret.html", "leads out of the folder"),
        ("more/../../secret.html", "leads out of the folder"),
        ("way-out.html", "leads out of the folder"),
        ("/etc/passwd.html", "cannot be opened"),
        ("gone.html", "cannot be opened"),
        ("empty.html", "is empty"),
        ("large.html", "more than 4 MiB"),
        ("pipe.html", "no ordinary file"),
        ("film.html.exe", "no .html, .htm or .txt"),
        ("", "no .html, .htm or .txt"),
        ("a" * 300 + ".html", "cannot be opened"),
    ],
)
def test_a_file_that_is_not_the_tables_to_name_is_left_out(tmp_path, folder, name, why):
    rows = f"file,label\n{name},bait\nfilm.html,ok\n"
    outcome = run("csv", table(tmp_path, rows), "--pages", folder)
    assert outcome.exit_code == 1
    assert [page.label for page in pages(outcome.stdout)] == ["ok"]
    assert "secret" not in outcome.stdout
    first = said(outcome)[0]
    assert first.startswith("baitwatch: row 2")
    assert why in first


def test_an_absolute_path_into_the_folder_is_refused_too(tmp_path, folder):
    rows = f"file,label\n{folder / 'film.html'},bait\n"
    outcome = run("csv", table(tmp_path, rows), "--pages", folder)
    assert "leads out of the folder" in outcome.stderr


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("film.html,spam,,", "neither bait nor ok"),
        ("film.html,bait,javascript:x,", "an address that is none"),
        ("film.html,bait,,free money", "a lure that is none"),
        ('"film.html,bait', "a row that is broken"),
        ('film".html"x,bait,"a"b,', "a row that is broken"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_rest_is_read(tmp_path, folder, row, why):
    rows = f"file,label,url,lure\nfilm.html,ok,,\n{row}\n"
    outcome = run("csv", table(tmp_path, rows), "--pages", folder)
    assert outcome.exit_code == 1
    assert len(pages(outcome.stdout)) == 1
    assert why in said(outcome)[0]
    assert any(line.startswith("left out, ") and why in line for line in said(outcome))


def test_a_table_without_its_columns_is_wrong_usage(tmp_path, folder):
    outcome = run("csv", table(tmp_path, "address,verdict\n"), "--pages", folder)
    assert outcome.exit_code == 2
    assert "lacks file and label" in outcome.stderr


def test_the_file_appears_whole_and_its_digest_is_that_of_the_manifest(tmp_path, folder):
    rows = "file,label,group\nfilm.html,bait,a\nnotes.txt,ok,b\n"
    output = tmp_path / "corpus.jsonl"
    outcome = run("csv", table(tmp_path, rows), "--pages", folder, "--output", output)
    assert (outcome.exit_code, outcome.stdout) == (0, "")
    digest = hashlib.sha256(output.read_bytes()).hexdigest()
    assert f"sha256 {digest}" in outcome.stderr
    assert read_corpus([output]).digests == {"corpus.jsonl": digest}
    assert list(tmp_path.glob(".*part")) == []
    nowhere = run("csv", tmp_path / "labels.csv", "--pages", folder, "--output", tmp_path / "x/y")
    assert nowhere.exit_code == 1
    assert "cannot be written" in nowhere.stderr


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text())
def test_whatever_a_table_says_it_is_read_or_left_out(folder, name, rest):
    rows = StringIO(f"file,label\n{name},bait\n{rest}", newline="")
    for found in pages_of_table(rows, folder):
        assert isinstance(found, SavedPage | LeftOut)
        if isinstance(found, SavedPage):
            assert b"secret" not in found.page.body


# --- archives


def record(write, url, body, kind="response", status="200 OK", **headers):
    """Write one record as crawlers do; the header names have _ for -."""
    fields = {"Content-Type": "text/html; charset=utf-8"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    first = f"HTTP/1.1 {status}" if kind == "response" else "GET / HTTP/1.1"
    block = f"{first}\r\n{head}\r\n".encode() + body
    about = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2026-03-01T12:00:00Z\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    write(about.encode() + block + b"\r\n\r\n")


@pytest.fixture
def archive(tmp_path):
    def make(fill, name="crawl.warc.gz"):
        path = tmp_path / name
        with path.open("wb") as file:
            packed = name.endswith(".gz")
            fill(lambda one: file.write(gzip.compress(one) if packed else one))
        return path

    return make


def site(writer):
    record(writer, "https://www.films.example/a", PAGE.encode())
    packed = {"Content_Encoding": "gzip"}
    record(writer, "https://films.example/b", gzip.compress(b"<p>packed</p>"), **packed)
    chunks = b"6\r\n<p>chu\r\n7\r\nnks</p>\r\n0\r\n\r\n"
    record(writer, "https://films.example/c", chunks, Transfer_Encoding="chunked")
    both = gzip.compress(b"<p>both</p>")
    both = f"{len(both):x}\r\n".encode() + both + b"\r\n0\r\n\r\n"
    record(writer, "https://films.example/d", both, Transfer_Encoding="chunked", **packed)
    raw = zlib.compressobj(wbits=-15)
    deflated = raw.compress(b"<p>deflated</p>") + raw.flush()
    record(writer, "https://films.example/e", deflated, Content_Encoding="deflate")
    record(writer, "https://films.example/f", b"<p>was unpacked</p>", **packed)
    record(writer, "https://films.example/g", b"words", Content_Type="text/plain")


@pytest.mark.parametrize("name", ["crawl.warc.gz", "crawl.warc"])
def test_the_pages_of_an_archive_become_saved_pages(archive, name):
    outcome = run("warc", archive(site, name), "--label", "bait", "--group", "films")
    assert outcome.exit_code == 0, outcome.output
    found = pages(outcome.stdout)
    assert [page.page.url[-1] for page in found] == list("abcdefg")
    assert {(page.label, page.group) for page in found} == {("bait", "films")}
    words = [page.page.body.decode() for page in found]
    assert words[0] == PAGE
    assert words[1:] == [
        "<p>packed</p>",
        "<p>chunks</p>",
        "<p>both</p>",
        "<p>deflated</p>",
        "<p>was unpacked</p>",
        "words",
    ]


def test_an_archive_that_was_packed_as_one_piece_is_read_too(archive, tmp_path):
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(archive(site, "crawl.warc").read_bytes()))
    assert len(pages(run("warc", whole).stdout)) == 7


def test_a_table_labels_pages_by_their_address(archive, tmp_path):
    rows = (
        "url,label,group\n"
        "HTTPS://WWW.films.example:443/a,bait,camp\n"
        "https://films.example/b,ok,\n"
        "https://films.example/c,ok,\nhttps://films.example/c,bait,\n"
        "nonsense,ok,\n"
    )
    outcome = run("warc", archive(site), "--labels", table(tmp_path, rows))
    assert outcome.exit_code == 1
    found = {page.page.url[-1]: (page.label, page.group) for page in pages(outcome.stdout)}
    assert found == {"a": ("bait", "camp"), "b": ("ok", "films.example")}
    assert "left out, addresses that the table does not name: 5" in outcome.stderr
    assert "labelled both ways" in outcome.stderr
    assert "an address that is none" in outcome.stderr


def test_what_is_no_page_is_counted_and_no_fault(archive):
    def write(writer):
        record(writer, "https://a.example/", b"<p>gone</p>", status="404 Not Found")
        record(writer, "https://a.example/", b"\x89PNG", Content_Type="image/png")
        record(writer, "https://a.example/", b"GET", kind="request")
        record(writer, "ftp://a.example/x", b"<p>x</p>")
        record(writer, "https://a.example/", b"  ")
        record(writer, "https://a.example/", b"??", Content_Encoding="br")
        record(writer, "https://a.example/", b"\x01\x02", Content_Encoding="gzip")

    outcome = run("warc", archive(write))
    assert (outcome.exit_code, outcome.stdout) == (0, "")
    left_out = [line for line in said(outcome) if line.startswith("left out")]
    assert left_out[0] == "left out, answers that are no web page and no plain text: 2"
    assert len(left_out) == 6
    assert all(line.endswith(": 1") for line in left_out[1:])


@pytest.mark.parametrize("chunked", [True, False])
def test_a_bomb_takes_no_more_memory_than_a_page_may(archive, chunked):
    bomb = gzip.compress(bytes(200 * 2**20), 9)
    body = f"{len(bomb):x}\r\n".encode() + bomb + b"\r\n0\r\n\r\n" if chunked else bomb
    more = {"Transfer_Encoding": "chunked"} if chunked else {}

    def write(writer):
        record(writer, "https://a.example/", body, Content_Encoding="gzip", **more)
        record(writer, "https://b.example/", b"<p>after it</p>")

    path = archive(write)
    tracemalloc.start()
    found = list(pages_of_archive(path, Labelling()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found[0] == LeftOut("pages of more than 4 MiB")
    assert found[1].page.url == "https://b.example/"
    assert peak < 40 * 2**20


def test_an_archive_that_is_itself_a_bomb_ends_early(tmp_path):
    path = tmp_path / "bomb.warc.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(100):
            file.write(bytes(2**20))
    outcome = run("warc", path)
    assert outcome.exit_code == 1
    assert "without a line's end" in outcome.stderr or "broken" in outcome.stderr


@pytest.mark.parametrize("length", ["5", "99999999", "-1", "many"])
def test_a_record_that_lies_about_its_length_costs_at_most_the_rest(archive, length):
    def write(writer):
        for name in "ab":
            record(writer, f"https://{name}.example/", b"<p>" + b"words " * 50 + b"</p>")

    path = archive(write, "crawl.warc")
    whole = path.read_bytes()
    true = whole.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]
    last = whole.rindex(b"WARC/1.0")
    lie = whole[last:].replace(b"Content-Length: " + true, f"Content-Length: {length}".encode(), 1)
    path.write_bytes(whole[:last] + lie)
    outcome = run("warc", path)
    assert pages(outcome.stdout)[0].page.url == "https://a.example/"
    assert "Traceback" not in outcome.output


@pytest.mark.parametrize("cut", [20, 400, -30])
def test_an_archive_that_breaks_off_gives_what_is_whole(archive, cut):
    path = archive(site)
    path.write_bytes(path.read_bytes()[:cut])
    outcome = run("warc", path)
    assert outcome.exit_code == 1
    assert "baitwatch: " in outcome.stderr
    assert "Traceback" not in outcome.output


def test_what_is_no_archive_is_named_and_the_others_are_read(archive, tmp_path):
    odd = tmp_path / "odd\x1b[2J.warc"
    odd.write_text("These are only words.\n")
    outcome = run("warc", odd, archive(site))
    assert outcome.exit_code == 1
    assert len(pages(outcome.stdout)) == 7
    assert "\x1b" not in outcome.stderr
    assert "what follows where an archive is broken" in outcome.stderr


def test_one_label_for_all_and_a_table_exclude_each_other(archive, tmp_path):
    rows = table(tmp_path, "url,label\n")
    outcome = run("warc", archive(site), "--labels", rows, "--label", "ok")
    assert outcome.exit_code == 2
    assert "not both" in outcome.stderr
    lacking = run("warc", archive(site), "--labels", table(tmp_path, "a,b\n"))
    assert lacking.exit_code == 2


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.integers(0, 900))
def test_whatever_stands_in_an_archive_nothing_breaks(tmp_path, noise, place):
    parts = []
    site(parts.append)
    whole = b"".join(parts)
    path = tmp_path / "wild.warc"
    path.write_bytes(whole[:place] + noise + whole[place + len(noise) :])
    assert all(isinstance(f, SavedPage | LeftOut) for f in pages_of_archive(path, Labelling()))
