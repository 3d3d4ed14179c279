"""The hard pages in tests/hard_pages: paired, and new to whatever is learnt from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from page_sets import files_of, pages_of

from model.document import parse_document
from training.endings import PASSAGES, read_endings


def sentences(text: str) -> set[str]:
    cut = (line.strip() for line in re.split(r"[.!?。！？\n]", text))
    return {line for line in cut if len(line) > 40}


def said(name: str) -> set[str]:
    return set().union(*(sentences(parse_document(p.page).text) for p in pages_of(name)))


def test_every_language_has_bait_and_honest_pages():
    for lang, pages in files_of("hard_pages").items():
        counts = Counter(page.label for page in pages)
        assert min(counts["bait"], counts["ok"]) >= 12, lang


def test_pages_have_no_keys_but_the_known_ones():
    for page in pages_of("hard_pages"):
        assert page.extra.keys() <= {"kind", "pair"}, page.id


def test_a_pair_is_bait_and_honest_and_is_never_split():
    labels, groups = defaultdict(set), defaultdict(set)
    for page in pages_of("hard_pages"):
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
    assert not said("hard_pages") & set().union(*map(sentences, learnt))


def test_no_sentence_stands_in_the_judging_pages():
    assert not said("hard_pages") & said("pages")
