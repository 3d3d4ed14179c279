from __future__ import annotations

import json

import pytest

from model.artifact import load_artifact
from model.drift import drift, read_reference
from model.features import FEATURES
from model.judge import judge_page
from model.page import Page
from training.build import Material
from training.fit import Recipe
from training.gate import GateClosed
from training.train import train_artifact

QUICK = Recipe(mining_rounds=0, inner_folds=2)
FACTS = {"seed": 0, "data": {"bait": 1}}


def trained(examples, folder, **changes):
    choices = {"version": "1.2", "because": None, "progress": lambda step: None, **changes}
    return train_artifact(Material(tuple(examples), (), FACTS), QUICK, folder, **choices)


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


def pretend_it_was_better(folder):
    kept = manifest(folder)
    kept["figures"] = {"bait_found": 1.1, "false_bait": -0.5, "unheard_of": 1.0}
    (folder / "manifest.json").write_text(json.dumps(kept))


@pytest.fixture
def before(tmp_path, real_examples):
    """A folder with a model that has figures no other can reach."""
    trained(real_examples[:40], tmp_path)
    pretend_it_was_better(tmp_path)
    return tmp_path


def test_what_is_written_judges_and_says_what_it_is(tmp_path, real_examples):
    told = []
    artifact, summary = trained(real_examples[:40], tmp_path / "new", progress=told.append)
    loaded = load_artifact(tmp_path / "new")
    assert (loaded.digest, loaded.version) == (artifact.digest, "1.2")
    page = Page.from_text("Words about a garden and its visitors.")
    assert judge_page(page, loaded).score == judge_page(page, artifact).score
    kept = manifest(tmp_path / "new")
    assert kept["data"] == FACTS["data"]
    assert kept["figures"]["pr_auc"] == summary["pr_auc"]
    assert kept["because"] is None
    assert summary["pages"]["bait"] + summary["pages"]["ok"] == 40
    assert told[-1] == "writing the artefact"


def test_the_spread_of_the_real_pages_is_kept_to_measure_drift_by(tmp_path, real_examples):
    examples = real_examples[:40]
    trained(examples, tmp_path / "new")
    reference = read_reference(manifest(tmp_path / "new"))
    assert set(reference) == {"score", *FEATURES}
    numbers = [dict(zip(FEATURES, example.numbers, strict=True)) for example in examples]
    moved = drift(reference, [0.0] * len(numbers), numbers)
    assert {name for name, index in moved.items() if index > 0} == {"score"}


def test_figures_are_of_real_pages_alone(tmp_path, real_examples, generated_examples):
    material = Material(tuple(real_examples[:40]), tuple(generated_examples[40:]), FACTS)
    _, summary = train_artifact(
        material, QUICK, tmp_path, version="1", because=None, progress=lambda step: None
    )
    assert summary["pages"]["bait"] + summary["pages"]["ok"] == 40


def test_a_worse_model_is_refused_and_the_old_one_stays(before, real_examples):
    old = (before / "model.joblib").read_bytes(), (before / "manifest.json").read_bytes()
    with pytest.raises(GateClosed, match=r"bait_found is .* false_bait is .* Say --because"):
        trained(real_examples[:50], before)
    assert ((before / "model.joblib").read_bytes(), (before / "manifest.json").read_bytes()) == old


def test_a_worse_model_with_a_reason_is_written_and_keeps_the_reason(before, real_examples):
    artifact, _ = trained(real_examples[:50], before, because="cleaner labels")
    assert manifest(before)["because"] == "cleaner labels"
    assert load_artifact(before).digest == artifact.digest


def test_a_model_as_good_as_the_last_needs_no_reason(tmp_path, real_examples):
    first, _ = trained(real_examples[:40], tmp_path)
    second, _ = trained(real_examples[:40], tmp_path)
    assert first.digest == second.digest


def test_an_artefact_that_cannot_be_loaded_is_no_measure(before, real_examples):
    (before / "model.joblib").write_bytes(b"damaged")
    artifact, _ = trained(real_examples[:40], before)
    assert load_artifact(before).digest == artifact.digest
