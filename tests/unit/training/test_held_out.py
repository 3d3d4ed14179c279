from __future__ import annotations

import json

import pytest
from report_samples import record, sample_report, small_study

from training.experiments.assemble import held_out_figures
from training.experiments.held_out import judge_fold, scored_of
from training.progress import silent
from training.trials import summarize_triples

FOLDS = 2


@pytest.fixture(scope="module")
def folds():
    return [judge_fold(small_study(), fold, FOLDS, silent) for fold in range(FOLDS)]


def test_every_real_page_is_judged_once(folds):
    judged = [r["source"]["id"] for fold in folds for r in fold["pages"]]
    assert sorted(judged) == sorted(e.source.id for e in small_study().real)


def test_a_group_is_judged_in_one_fold(folds):
    groups = [{r["source"]["group"] for r in fold["pages"]} for fold in folds]
    assert not groups[0] & groups[1]


def test_bait_is_attacked_and_honest_pages_are_not(folds):
    for r in (r for fold in folds for r in fold["pages"]):
        assert ("copies" in r) is (r["source"]["label"] == "bait")


def test_no_words_of_a_page_are_kept_but_its_title(folds):
    pages = {page.saved.id: page for page in small_study().pages}
    for r in (r for fold in folds for r in fold["pages"]):
        document = pages[r["source"]["id"]].document
        kept = json.dumps({**r, "title": ""}, ensure_ascii=False)
        assert not [
            block
            for block in document.blocks
            if block.end - block.start > 40 and document.text[block.start : block.end] in kept
        ]


def test_what_is_kept_gives_every_figure(folds):
    figures = held_out_figures(json.loads(json.dumps(folds)), seed=0)
    pages = small_study().pages
    assert figures["pages"]["bait"] == sum(page.label == "bait" for page in pages)
    assert sum(map(sum, figures["histogram"].values())) == len(pages)
    assert figures["curve"][0][0] <= figures["curve"][-1][0] == 1.0
    assert len(figures["thresholds"]) == FOLDS
    assert set(figures["form"]) == {"markup", "text"}
    assert figures["attacks"]["changed case"]["pages"] == figures["pages"]["bait"]
    assert figures["trials"]["triples"] > 0


def test_mistakes_are_explained_the_worst_first():
    found = sample_report("w")["held_out"]
    assert [(m["score"], m["reasons"]) for m in found["missed"]] == [(0.2, ["w"])]
    assert [(m["score"], m["verdict"]) for m in found["flagged"]] == [(0.9, "suspicious")]


def test_scores_of_honest_pages_are_described_where_there_are_enough():
    found = sample_report("de")["held_out"]["languages"]
    assert set(found) == {"de"}
    assert found["de"]["pages"] == 24
    assert found["de"]["quantiles"]["50"] == pytest.approx(0.2875)
    assert found["de"]["false_flag"]["rate"] == 0


def test_a_fold_of_generated_pages_alone_needs_no_training():
    pages = [record("bait", 0.9, "bait"), record("ok", 0.1, "clean", group="s")]
    fold = {
        "thresholds": {"bait": 0.8, "suspicious": 0.5},
        "pages": pages,
        "trials": summarize_triples([], []),
    }
    empty = {"thresholds": None, "pages": [], "trials": None}
    figures = held_out_figures([fold, empty], seed=0)
    assert figures["pages"] == {"bait": 1, "ok": 1}
    assert len(figures["thresholds"]) == 1


def test_what_is_kept_reads_as_it_was(folds):
    known = {e.source.id: e.source for e in small_study().real}
    for found in scored_of(folds[0]["pages"]):
        source = known[found.source.id]
        for name in ("label", "group", "lang", "lure", "kind", "pair", "origin"):
            assert getattr(found.source, name) == getattr(source, name)
