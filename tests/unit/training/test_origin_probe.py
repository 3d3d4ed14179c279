from __future__ import annotations

from dataclasses import replace

from report_samples import QUICK, small_study, written_page

from training.build import Material
from training.examples import from_corpus
from training.experiments.origin import probe_origin, traces_of
from training.experiments.study import Study


def study_of(pages):
    return Study(pages, Material(tuple(map(from_corpus, pages)), (), {}), QUICK)


def written(form_of, count=60):
    """Write pages of words that say nothing; ``form_of`` says of a label which form it has."""
    labels = ["bait" if n % 3 == 0 else "ok" for n in range(count)]
    return [
        written_page(n, label, markup=form_of(n, label), group=f"group {n}")
        for n, label in enumerate(labels)
    ]


def test_a_corpus_whose_forms_tell_its_labels_is_found_out():
    found = probe_origin(study_of(written(lambda n, label: label == "bait")))
    assert found["bait_by_traces"]["roc_auc"] > 0.99
    assert found["bait_by_language"]["roc_auc"] <= 0.5


def test_traces_that_both_labels_have_tell_nothing():
    found = probe_origin(study_of(written(lambda n, label: n % 2 == 0)))
    assert found["bait_by_traces"]["roc_auc"] < 0.75


def test_traces_say_nothing_of_the_words():
    page, other = (written_page(n, "ok", markup=True, group="g") for n in (1, 1))
    assert traces_of(page) == traces_of(other)
    assert not set(str(traces_of(page)).split()) & set(page.document.text.split())


def test_an_address_is_known_by_its_ending_alone():
    hosts = {traces_of(page)["host"] for page in small_study().pages}
    assert all(host == "no address" or "." not in str(host) for host in hosts)


def test_collections_are_told_apart_by_what_differs_between_them():
    pages = written(lambda n, label: n < 60, count=120)
    study = study_of(pages)
    named = tuple(
        replace(e, source=replace(e.source, origin="first" if at < 60 else "second"))
        for at, e in enumerate(study.real)
    )
    found = probe_origin(Study(pages, Material(named, (), {}), QUICK))["collections"]
    assert (found["of"], found["by_chance"]) == (2, 0.5)
    assert found["by_traces"] > 0.99
    assert 0 <= found["by_words"] <= 1


def test_one_collection_is_not_told_from_itself():
    assert probe_origin(small_study())["collections"] == {"of": 0}
