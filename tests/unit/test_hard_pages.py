"""The hard pages in tests/hard_pages: well-formed, paired, and new to whatever is learnt from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from model.document import parse_document
from model.saved import SavedPage, parse_saved_line
from training.endings import PASSAGES, read_endings

TESTS = Path(__file__).parents[1]
FILES = sorted((TESTS / "hard_pages").glob("*.jsonl"))
LANGUAGES = frozenset("en es pt fr de it nl pl tr ru ar hi id vi ko ja zh".split())


def read(path: Path) -> list[SavedPage]:
    return [parse_saved_line(line) for line in path.read_text("utf-8").splitlines()]


@cache
def pages() -> tuple[SavedPage, ...]:
    return tuple(page for path in FILES for page in read(path))


def sentences(text: str) -> set[str]:
    cut = (line.strip() for line in re.split(r"[.!?。！？\n]", text))
    return {line for line in cut if len(line) > 40}


@cache
def said() -> frozenset[str]:
    texts = (parse_document(page.page).text for page in pages())
    return frozenset().union(*map(sentences, texts))


def test_no_two_pages_share_an_id_or_their_content():
    for counts in (Counter(p.id for p in pages()), Counter(p.page.body for p in pages())):
        assert [one for one, count in counts.items() if count > 1] == []


def test_each_file_holds_the_language_it_is_named_for():
    assert {path.stem for path in FILES} == LANGUAGES
    for path in FILES:
        assert {page.lang for page in read(path)} == {path.stem}


def test_every_language_has_bait_and_honest_pages():
    for path in FILES:
        counts = Counter(page.label for page in read(path))
        assert min(counts["bait"], counts["ok"]) >= 12, path.name


def test_every_page_says_what_it_is():
    for page in pages():
        assert (page.lure is not None) == (page.label == "bait"), page.id
        assert page.group, page.id
        assert page.extra.keys() - {"pair"} == {"kind"}, page.id
        document = parse_document(page.page)
        assert document.text or document.links, page.id


def test_a_pair_is_bait_and_honest_and_is_never_split():
    labels, groups = defaultdict(set), defaultdict(set)
    for page in pages():
        if pair := page.extra.get("pair"):
            labels[pair].add(page.label)
            groups[pair].add(page.group)
    assert len(labels) > 200
    assert [pair for pair, found in labels.items() if found != {"bait", "ok"}] == []
    assert [pair for pair, found in groups.items() if len(found) > 1] == []


def test_no_sentence_is_one_of_those_that_are_learnt_from():
    learnt = (
        line
        for endings in read_endings(PASSAGES)
        for pair in endings.pairs
        for side in (pair.bait, pair.lawful)
        for line in side.lines
    )
    assert not said() & set().union(*map(sentences, learnt))


def test_no_sentence_stands_in_the_judging_pages():
    judging = (page for path in sorted((TESTS / "pages").glob("*.jsonl")) for page in read(path))
    assert not said() & set().union(*(sentences(parse_document(p.page).text) for p in judging))
