from __future__ import annotations

import gzip
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_lines import line, prose

from training.corpus import LARGEST_CAMPAIGN, NoCorpus, corpus_files, read_corpus


def written(folder, name, *lines):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = b"".join(lines)
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def ids(corpus):
    return [page.saved.id for page in corpus.pages]


def test_files_are_found_below_folders_and_by_name_each_once_in_a_fixed_order(tmp_path):
    wanted = [
        written(tmp_path, "a/one.jsonl"),
        written(tmp_path, "a/two/three.JSONL.GZ"),
        written(tmp_path, "b.jsonl.gz"),
    ]
    written(tmp_path, "a/readme.md")
    (tmp_path / "folder.jsonl").mkdir()
    assert corpus_files([tmp_path]) == wanted
    assert corpus_files([wanted[2], tmp_path, wanted[0]]) == [wanted[2], *wanted[:2]]


def test_a_folder_without_saved_pages_is_named(tmp_path):
    written(tmp_path, "pages.html")
    with pytest.raises(NoCorpus, match=f"No .jsonl or .jsonl.gz file lies in {tmp_path}"):
        corpus_files([tmp_path])


def test_a_page_keeps_what_is_said_of_it(tmp_path):
    path = written(tmp_path, "a.jsonl", line("a", label="bait", group="camp", lure="download"))
    (page,) = read_corpus([path]).pages
    assert (page.label, page.group, page.saved.lure) == ("bait", "camp", "download")
    assert page.document.text == "words to read"


@pytest.mark.parametrize("group", [None, ""])
def test_a_page_without_a_group_stands_for_itself(tmp_path, group):
    path = written(tmp_path, "a.jsonl", line("lonely", group=group))
    assert read_corpus([path]).pages[0].group == "lonely"


def test_broken_lines_are_counted_and_named_and_the_rest_survives(tmp_path):
    path = written(
        tmp_path,
        "a.jsonl",
        line("a", prose(1)),
        b"\n  \r\n",
        b"{broken\n",
        b'{"id": "x", "text": "no end\n',
        b'\xff{"id": 1}\n',
        line("b", prose(2), label="spam"),
        line("c", None),
        b'{"text": "who am I", "label": "ok"}\n',
        line("z", prose(4)),
    )
    corpus = read_corpus([path])
    assert ids(corpus) == ["a", "z"]
    assert corpus.dropped == {"unreadable": 6}
    places, reasons = zip(*(entry.split(": ", 1) for entry in corpus.unread), strict=True)
    assert places == tuple(f"{path}:{number}" for number in range(4, 10))
    assert "broken JSON" in reasons[0]
    assert "not UTF-8" in reasons[2]
    assert "bait, ok" in reasons[3]


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_no_line_breaks_the_reading(tmp_path_factory, wild):
    path = written(tmp_path_factory.mktemp("wild"), "a.jsonl", line("a"), b"\n".join(wild))
    corpus = read_corpus([path])
    assert ids(corpus)[0] == "a"
    assert len(corpus.unread) == corpus.dropped.get("unreadable", 0)


def test_a_file_that_ends_too_soon_is_named_and_keeps_what_it_gave(tmp_path):
    whole = gzip.compress(b"".join(line(f"p{n}", prose(n)) for n in range(400)))
    cut, other = tmp_path / "cut.jsonl.gz", written(tmp_path, "other.jsonl", line("o", prose(999)))
    cut.write_bytes(whole[: len(whole) // 2])
    not_packed = tmp_path / "plain.jsonl.gz"
    not_packed.write_bytes(line("n"))
    corpus = read_corpus([cut, not_packed, other])
    assert ids(corpus)[0] == "p0"
    assert ids(corpus)[-1] == "o"
    assert [entry.split(": ")[0] for entry in corpus.unread] == [str(cut), str(not_packed)]
    assert "ended before" in corpus.unread[0]


def test_what_teaches_nothing_is_counted_by_its_reason(tmp_path):
    path = written(
        tmp_path,
        "a.jsonl",
        line("a", prose(1)),
        line("b", prose(2), label=None),
        line("c", text=" "),
        line("d", None, html="<title>only a title</title>"),
        line("e", prose(1).upper()),
        line("f", f"{prose(1, 300)} end"),
        line("g", f"{prose(1, 300)} ends"),
    )
    corpus = read_corpus([path])
    assert ids(corpus) == ["a", "f"]
    assert corpus.dropped == {
        "no label": 1,
        "nothing to read": 2,
        "same text": 1,
        "nearly the same text": 1,
    }
    assert corpus.unread == ()


def test_a_page_of_pictures_alone_is_kept_for_its_links(tmp_path):
    html = '<a href="https://a.example/{}"><img src=x></a>'
    pages = (line(str(n), None, html=html.format(n), label="bait") for n in range(3))
    assert ids(read_corpus([written(tmp_path, "a.jsonl", *pages)])) == ["0", "1", "2"]


def test_a_campaign_gives_no_more_than_its_share(tmp_path):
    many = (line(f"m{n}", prose(n), group="big") for n in range(LARGEST_CAMPAIGN + 5))
    path = written(tmp_path, "a.jsonl", *many, line("s", prose(999), group="small"))
    corpus = read_corpus([path])
    assert ids(corpus) == [*(f"m{n}" for n in range(LARGEST_CAMPAIGN)), "s"]
    assert corpus.dropped == {"campaign or site too large": 5}


def test_a_set_that_is_judged_keeps_duplicates_and_large_campaigns(tmp_path):
    same = (line(f"m{n}", group="big") for n in range(LARGEST_CAMPAIGN + 5))
    corpus = read_corpus([written(tmp_path, "a.jsonl", *same)], drop_duplicates=False)
    assert len(corpus.pages) == LARGEST_CAMPAIGN + 5
    assert corpus.dropped == {}


def test_files_of_one_name_have_a_digest_each_and_name_no_place_above_them(tmp_path):
    paths = [
        written(tmp_path, f"{name}/pages.jsonl", line(name, prose(n)))
        for n, name in enumerate(("one", "two"))
    ]
    digests = {
        f"{name}/pages.jsonl": hashlib.sha256(line(name, prose(n))).hexdigest()
        for n, name in enumerate(("one", "two"))
    }
    assert read_corpus(paths).digests == digests


def test_a_packed_file_has_the_digest_of_its_lines(tmp_path):
    plain = read_corpus([written(tmp_path, "a.jsonl", line("a"), b"\n", line("b", prose(1)))])
    packed = read_corpus([written(tmp_path, "b.jsonl.gz", line("a"), line("b", prose(1)))])
    assert list(plain.digests.values()) == list(packed.digests.values())


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "they are empty"),
        ([line("a", label=None), line("b", label=None)], "2 no label"),
        ([b"[]\n"], "1 unreadable; the first unread: .*a.jsonl:1: not a JSON object"),
    ],
)
def test_files_without_a_page_to_learn_from_say_why(tmp_path, lines, why):
    with pytest.raises(NoCorpus, match=why):
        read_corpus([written(tmp_path, "a.jsonl", *lines)])


def test_the_reading_and_the_comparing_are_counted(tmp_path):
    path = written(tmp_path, "a.jsonl", *(line(str(n), prose(n)) for n in range(7)))
    told = []
    read_corpus([path], progress=told.append)
    assert told[0] == "reading the corpus: 0"
    assert "reading the corpus: 7 of 7" in told
    assert told[-1] == "looking for duplicates: 7 of 7"
