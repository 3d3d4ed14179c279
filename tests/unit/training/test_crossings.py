from __future__ import annotations

from dataclasses import replace

import pytest
from report_samples import small_study, written_page

from training.build import Material
from training.examples import from_corpus
from training.experiments.crossings import CROSSINGS
from training.experiments.study import Study


@pytest.fixture(scope="module")
def study():
    """The small study with a few bait pages in another language and with plain texts."""
    small = small_study()
    pages = [*small.pages]
    pages += [
        written_page(n, "bait" if n % 2 else "ok", markup=n % 3 == 0, group=f"written {n}")
        for n in range(12)
    ]
    real = [*small.real, *map(from_corpus, pages[len(small.real) :])]
    real = [
        replace(e, source=replace(e.source, lang="fr")) if at % 5 == 0 else e
        for at, e in enumerate(real)
    ]
    return Study(pages, Material(tuple(real), small.material.generated, {}), small.recipe)


@pytest.mark.parametrize("name", CROSSINGS)
def test_what_is_tested_was_not_learnt_from(study, name):
    learnt, unseen = CROSSINGS[name](study)
    assert unseen
    assert all(e.source.real for e in unseen)
    assert not {id(e) for e in learnt} & {id(e) for e in unseen}
    assert {e.source.is_bait for e in learnt} == {True, False}


@pytest.mark.parametrize(
    ("name", "is_unseen"),
    [
        (
            "films and sports, tested on other lures",
            lambda s: s.lure not in {"streaming", "live-sports"},
        ),
        (
            "other lures, tested on films and sports",
            lambda s: s.lure in {"streaming", "live-sports"},
        ),
        ("bait in English, tested on other languages", lambda s: s.lang != "en"),
    ],
)
def test_no_bait_of_the_kind_that_is_tested_was_learnt_from(study, name, is_unseen):
    learnt, unseen = CROSSINGS[name](study)
    bait = [e for e in learnt if e.source.is_bait]
    assert not any(is_unseen(e.source) for e in bait)
    assert all(e.source.is_bait and is_unseen(e.source) for e in unseen)
    families = {
        e.source.pair for e in study.fewer_generated if e.source.is_bait and is_unseen(e.source)
    }
    assert families
    assert not families & {e.source.pair for e in learnt if not e.source.real}


@pytest.mark.parametrize("name", ["markup, tested on plain text", "plain text, tested on markup"])
def test_pages_of_one_form_teach_and_those_of_the_other_are_asked(study, name):
    learnt, unseen = CROSSINGS[name](study)
    form = {id(e): page.document.markup for e, page in zip(study.real, study.pages, strict=True)}
    (asked,) = {form[id(e)] for e in unseen}
    assert {form[id(e)] for e in learnt if e.source.real} == {not asked}
    assert not {e.source.group for e in learnt} & {e.source.group for e in unseen}


def test_the_halves_of_the_honest_kinds_test_one_another(study):
    halves = [unseen for name, split in CROSSINGS.items() if "half" in name
              for _, unseen in [split(study)]]  # fmt: skip
    first, second = ({e.source.kind for e in half} for half in halves)
    assert not first & second
    assert not any(e.source.is_bait for half in halves for e in half)
