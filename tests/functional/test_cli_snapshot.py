"""baitwatch snapshot: pages of a real server, fetched under the real address policy and kept."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial

import pytest
from click.testing import CliRunner
from local_site import Reply, serving

from model.document import parse_document
from model.page import Page
from model.saved import dump_saved_page, parse_saved_line
from service.cli_snapshot import make_snapshot_command
from service.serve import real_fetch
from service.snapshots import LineFile, snapshot_of

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ARTICLE = "<title>Маяк</title><p>Смотритель ждёт ещё один корабль.</p><a href='next'>Дальше</a>"
SITE = {
    "/film": Reply(b"<p>It is a good film.</p>"),
    "/moved": Reply(status=302, location="/film"),
    "/cyrillic": Reply(ARTICLE.encode("windows-1251"), kind="text/html; charset=windows-1251"),
    "/notes": Reply(b"Plain <b>words</b>.", kind="text/plain"),
    "/photo": Reply(b"\x89PNG....", kind="image/png"),
    "/slow": Reply(b"<p>Late.</p>", delay=0.4),
    "/gone": Reply(b"<p>Sorry</p>", status=410),
    "/empty": Reply(b" "),
}


@pytest.fixture(scope="module")
def port():
    with serving(SITE) as port:
        yield port


@pytest.fixture
def at(port):
    return lambda path: f"http://127.0.0.1:{port}{path}"


@pytest.fixture
def run(port):
    fetch = partial(real_fetch, allow=(("127.0.0.1", port),))
    command = make_snapshot_command(fetch, lambda: NOW)

    def invoke(*arguments, **options):
        return CliRunner().invoke(command, [str(argument) for argument in arguments], **options)

    return invoke


def saved(text):
    return [parse_saved_line(line) for line in text.splitlines()]


def test_pages_are_kept_in_order_with_their_label_and_group(run, at):
    answer = run(at("/slow"), at("/film"), "--label", "bait", "--group", "films")
    assert answer.exit_code == 0, answer.output
    slow, film = saved(answer.stdout)
    assert (slow.page.url, film.page.url) == (at("/slow"), at("/film"))
    assert (film.label, film.group) == ("bait", "films")
    assert film.extra == {"asked_url": at("/film"), "fetched_at": "2026-03-01T12:00:00.000Z"}
    assert film.page.body == b"<p>It is a good film.</p>"


def test_a_redirected_page_stands_under_the_address_that_answered(run, at):
    (page,) = saved(run(at("/moved")).stdout)
    assert page.page.url == at("/film")
    assert page.extra["asked_url"] == at("/moved")


@pytest.mark.parametrize("path", ["/cyrillic", "/notes", "/film"])
def test_a_snapshot_reads_as_the_fetched_page_does(run, at, path):
    (page,) = saved(run(at(path)).stdout)
    kind = SITE[path].kind
    fetched = Page(at(path), at(path), 200, {"content-type": kind}, SITE[path].body)
    assert parse_document(page.page) == parse_document(fetched)


def test_what_cannot_be_had_is_named_and_the_rest_goes_on(run, at):
    paths = ("/gone", "/photo", "/empty", "/none", "/film")
    answer = run(*map(at, paths), "nonsense\x1b[2J")
    assert answer.exit_code == 1
    assert [page.page.url for page in saved(answer.stdout)] == [at("/film")]
    said = answer.stderr.splitlines()
    assert [line.split(": ")[1] for line in said] == [*map(at, paths[:4]), "nonsense[2J"]
    assert "410" in said[0]
    assert "\x1b" not in answer.stderr


def test_an_address_of_the_inside_is_refused(run):
    answer = run("http://127.0.0.1:8080/", "http://169.254.169.254/latest")
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr.count("is not a public address") == 2


def test_addresses_come_from_a_file_each_once(run, at, tmp_path):
    listed = tmp_path / "urls.txt"
    listed.write_text(f"# ours\n{at('/film')}\n\n  {at('/notes')}  \n{at('/film')}\n")
    answer = run(at("/film"), "--from", listed)
    assert [page.page.url for page in saved(answer.stdout)] == [at("/film"), at("/notes")]
    piped = run("--from", "-", input=f"{at('/film')}\n")
    assert len(saved(piped.stdout)) == 1


def test_a_page_has_the_same_name_each_time_and_another_when_it_changes(port):
    first, same, other = (
        snapshot_of(Page.from_html(text, "https://www.a.example/x"))
        for text in ("<p>a</p>", "<p>a</p>", "<p>b</p>")
    )
    assert first.id == same.id != other.id
    assert first.id.startswith("a.example-")


def test_pages_are_added_to_what_the_file_holds(run, at, tmp_path):
    path = tmp_path / "pages.jsonl"
    for page in ("/film", "/notes"):
        assert run(at(page), "--output", path).exit_code == 0
    assert [page.page.url for page in saved(path.read_text())] == [at("/film"), at("/notes")]


def test_a_line_that_was_left_unfinished_costs_no_other(run, at, tmp_path):
    path = tmp_path / "pages.jsonl"
    path.write_text('{"id": "half')
    run(at("/film"), "--output", path)
    half, whole = path.read_text().splitlines()
    assert half == '{"id": "half'
    assert parse_saved_line(whole).page.url == at("/film")


def test_a_file_that_another_command_writes_is_left_alone(run, at, tmp_path):
    path = tmp_path / "pages.jsonl"
    path.touch()
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        answer = run(at("/film"), "--output", path)
    assert answer.exit_code == 2
    assert "another command" in answer.stderr
    assert path.read_bytes() == b""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name addresses"),
        (["https://a.example/", "--output", "pages.jsonl.gz"], "name a .jsonl file"),
        (["https://a.example/", "--output", "/dev/null/pages.jsonl"], "cannot be written"),
        (["https://a.example/", "--label", "spam"], "'spam'"),
    ],
)
def test_wrong_usage_exits_with_2(run, arguments, said):
    answer = run(*arguments)
    assert answer.exit_code == 2
    assert said in answer.stderr


def test_a_full_disk_leaves_only_whole_lines(tmp_path):
    """A limit on the size of files stands for the disk: a write stops in the middle of a line."""
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from service.snapshots import LineFile\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "with LineFile(Path(sys.argv[1])) as file:\n"
        "    for _ in range(20): file.add('x' * 99)\n"
    )
    path = tmp_path / "pages.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False
    )
    assert "File too large" in done.stderr
    assert path.read_text() == ("x" * 99 + "\n") * 10


def test_lines_of_two_writers_never_mix(tmp_path):
    path = tmp_path / "pages.jsonl"
    with LineFile(path) as first:
        first.add("a")
        with pytest.raises(BlockingIOError):
            LineFile(path)
        first.add("b")
    with LineFile(path) as second:
        second.add("c")
    assert path.read_text() == "a\nb\nc\n"


def test_a_snapshot_comes_back_from_its_line():
    page = snapshot_of(Page.from_html(ARTICLE, "https://a.example/"), label="ok", group="g")
    again = parse_saved_line(dump_saved_page(page))
    assert (again.id, again.label, again.group) == (page.id, "ok", "g")
    assert parse_document(again.page) == parse_document(page.page)
    assert json.loads(dump_saved_page(page))["html"] == ARTICLE
