"""Families around hand-written pairs: what they keep, what is drawn anew, what is held back."""

from __future__ import annotations

import re
from itertools import groupby
from random import Random

import numpy as np
import pytest

from training.endings import ENDINGS, PASSAGES, linked_lines, read_endings
from training.examples import Example, Rows, Source
from training.fit import inner_folds
from training.synthesis import LANGUAGES, Generated, generate
from training.synthesis.destinations import invent_site
from training.synthesis.language import VARIABLES, load_language
from training.synthesis.voices import draw_scene
from training.synthesis.written import UNNAMED, written_pairs, written_pieces

WRITTEN = read_endings(PASSAGES)
PAIRS = [pair for each in WRITTEN for pair in each.pairs]


@pytest.fixture(scope="module")
def pages() -> list[Generated]:
    return [page for page in generate([], count=4000, seed=5) if page.passage]


def test_every_language_has_passages_of_every_lure():
    assert {each.lang for each in WRITTEN} == set(LANGUAGES)
    for each in WRITTEN:
        lures = {pair.lure for pair in each.pairs}
        assert lures == {"streaming", "live-sports", "download", "giveaway", "other"}, each.lang


def test_what_is_learnt_from_is_not_what_is_measured_with():
    def said(folder):
        return {
            line
            for each in read_endings(folder)
            for pair in each.pairs
            for side in (pair.bait, pair.lawful)
            for line in side.lines
            if len(line) > 25
        }

    assert not said(PASSAGES) & said(ENDINGS)


def test_slots_have_known_names():
    known = VARIABLES | {"address"}
    for pair in PAIRS:
        for side in (pair.bait, pair.lawful):
            texts = (*side.lines, *(link.href for link in side.links))
            slots = {slot for text in texts for slot in re.findall(r"\{(\w+)\}", text)}
            assert slots <= known, pair.name


def test_bait_leads_somewhere_unnamed_and_lawful_endings_never_do():
    for pair in PAIRS:
        assert UNNAMED not in {link.href for link in pair.lawful.links}, pair.name


def test_a_page_holds_the_words_of_its_pair_with_every_slot_filled(pages):
    by_name = {pair.name: pair for pair in PAIRS}
    checked = 0
    for page in pages:
        source = page.html or page.text or ""
        assert not re.search(r"\{(title|person|team_a|place|address|host)\}", source)
        if page.label == "bait" and page.text is not None:
            lines = [line for line in by_name[page.passage].bait.lines if "{" not in line]
            checked += any(line in source for line in lines)
    assert checked > 50


def test_the_addresses_of_a_pair_are_others_on_every_page(pages):
    found: dict[str, set[str]] = {}
    for page in pages:
        if page.label == "bait":
            found.setdefault(page.passage, set()).update(w for w in page.planted if "://" in w)
    several = [addresses for addresses in found.values() if len(addresses) > 1]
    assert len(several) > 20


def test_a_family_has_both_sides_of_its_pair(pages):
    families = [list(family) for _, family in groupby(pages, key=lambda page: page.pair)]
    for family in families[:-1]:
        assert {"bait", "written"} <= {page.purpose for page in family}
        assert len({page.passage for page in family}) == 1


def test_one_line_may_hold_several_links():
    lang = load_language("en")
    rng = Random(1)
    scene = draw_scene(rng, lang, invent_site(rng, "en", "A title"), "A title")
    pair = next(
        pair
        for pair in written_pairs("en", ("streaming", "live", "download", "giveaway", "other"))
        for line in linked_lines(pair.bait)
        if len(line) > 1
    )
    linked = written_pieces(rng, pair.bait, scene, bait=True, linked=True)
    plain = written_pieces(rng, pair.bait, scene, bait=True, linked=False)
    assert any(span.href for piece in linked for span in piece.spans)
    assert not any(piece.spans or piece.href for piece in plain)
    assert all(piece.planted for piece in linked)


def example(name: str, group: str, passage: str = "", label: str = "ok") -> Example:
    rows = Rows(np.array([], dtype=np.int32), np.array([0], dtype=np.int32))
    source = Source(name, label, group, "en", "", real=not passage, passage=passage)
    return Example(source, rows, rows, (), np.array([], dtype=np.bool_))


def test_a_passage_that_is_held_back_is_learnt_on_no_site():
    labels = ("bait", "ok")
    real = [example(f"r{n}", f"site-{n}", label=labels[n % 2]) for n in range(40)]
    laid = [
        example(f"w{site}-{passage}", f"site-{site}", f"en-{passage}", labels[site % 2])
        for site in range(40)
        for passage in range(12)
    ]
    examples = [*real, *laid]
    tested = []
    for train, test in inner_folds(examples, 4, 0):
        tested += list(test)
        held = {examples[i].source.passage for i in test} - {""}
        sites = {examples[i].source.group for i in test if not examples[i].source.passage}
        for i in train:
            assert examples[i].source.passage not in held
            assert examples[i].source.group not in sites
    assert sorted(tested) == list(range(len(examples)))
