from __future__ import annotations

from dataclasses import replace

import pytest
from report_samples import small_study

from training.build import Material
from training.experiments.catalogue import CURVE, EXPERIMENTS
from training.experiments.study import Study, figures_of, measure
from training.experiments.templates import TEMPLATE_PARTS
from training.metrics import Scored
from training.progress import silent
from training.synthesis.templates import TEMPLATES


def run(experiment, row):
    return EXPERIMENTS[experiment].rows[row](small_study(), silent)


def bait(examples):
    return [e for e in examples if e.source.is_bait]


def test_what_is_unseen_is_counted_with_the_labels_it_has():
    study = small_study()
    known, unseen = study.real[:60], study.real[60:]
    of_both = measure(study, known, silent, unseen=unseen)
    assert of_both["pages"] == {"bait": len(bait(unseen)), "ok": len(unseen) - len(bait(unseen))}
    assert of_both["false_flag"]["of"] == of_both["pages"]["ok"]
    of_bait = measure(study, known, silent, unseen=bait(unseen))
    assert of_bait["pages"] == {"bait": len(bait(unseen)), "ok": len(known) - len(bait(known))}
    assert "false_flag" not in of_bait


def test_pages_that_teach_nothing_are_an_outcome():
    study = small_study()
    found = measure(study, [e for e in study.real if not e.source.is_bait], silent)
    assert found["learnt"] is False
    assert "bait" in found["because"]


def test_everything_ranks_bait_above_honest_pages():
    found = run("families", "everything")
    assert found["roc_auc"] > 0.8
    assert found["pages"]["bait"] == len(bait(small_study().real))


def test_every_kind_of_model_ranks_the_same_unseen_pages():
    study = small_study()
    rows = EXPERIMENTS["learners"].rows
    found = {name: row(study, silent) for name, row in rows.items()}
    assert len({tuple(one["pages"].items()) for one in found.values()}) == 1
    assert min(one["roc_auc"] for one in found.values()) > 0.5
    shipped = found["views and numbers, weights with signs (as shipped)"]
    everything = EXPERIMENTS["families"].rows["everything"](study, silent)
    assert shipped["roc_auc"] == pytest.approx(everything["roc_auc"], abs=1e-6)


def test_shuffled_labels_teach_next_to_nothing():
    for row in EXPERIMENTS["shuffle"].rows:
        found = run("shuffle", row)
        assert not found["learnt"] or found["roc_auc"] < 0.85


def test_without_real_bait_all_of_it_is_tested():
    found = run("no-real-bait", "generated bait alone")
    assert found["pages"]["bait"] == len(bait(small_study().real))
    assert found["roc_auc"] > 0.7


def test_a_longer_curve_learns_from_more_campaigns_and_asks_the_same_pages():
    rows = [run("curve", f"{share} of the campaigns") for share in (next(iter(CURVE)), "all")]
    assert rows[0]["campaigns"] < rows[1]["campaigns"]
    assert rows[0]["pages"] == rows[1]["pages"]


def test_every_template_is_left_out_once():
    left_out = [
        TEMPLATES[i].name for part in range(TEMPLATE_PARTS)
        for i in range(part, len(TEMPLATES), TEMPLATE_PARTS)
    ]  # fmt: skip
    assert sorted(left_out) == sorted(template.name for template in TEMPLATES)


def test_bait_of_left_out_templates_is_scored_by_a_model_without_them():
    study = small_study()
    known = run("templates", "templates known")
    unseen = run("templates", "without part 1 of the templates")
    names = {template.name for template in TEMPLATES[::TEMPLATE_PARTS]}
    made = {e.source.template for e in bait(study.fewer_generated)}
    assert set(unseen["by_template"]) == made & names
    assert set(known["by_template"]) == made


def test_a_corpus_without_generated_pages_has_no_templates_to_leave_out():
    small = small_study()
    study = Study(small.pages, Material(small.material.real, (), {}), small.recipe)
    found = EXPERIMENTS["templates"].rows["templates known"](study, silent)
    assert found["by_template"] == {}
    assert found["pages"]["bait"] == 0


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_says_what_it_shows(name):
    experiment = EXPERIMENTS[name]
    assert experiment.title
    assert experiment.says.endswith(".")
    assert experiment.rows


def test_figures_of_one_side_have_no_ranking():
    study = small_study()
    honest = [replace(e.source) for e in study.real if not e.source.is_bait][:3]
    found = figures_of([Scored(source, 0.1, "clean") for source in honest])
    assert found == {"learnt": True, "pages": {"bait": 0, "ok": 3}}
