"""baitwatch train on moderators' labels: the options around the guards, run for real."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner

from model.artifact import load_artifact
from training.commands import train
from training.synthesis import generate


def lines(count, seed, **about):
    """Take pages of the generator as if they had been saved."""
    for page in generate([], count=count, seed=seed, languages=("en",)):
        form = {"html": page.html} if page.html is not None else {"text": page.text}
        record = {"id": f"{seed}-{page.id}", "label": page.label, "group": f"{seed} {page.pair}"}
        yield {**record, **form, **about}


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("moderated")
    (folder / "corpus").mkdir()
    write(folder / "corpus" / "own.jsonl", lines(120, 3))
    turned = [
        {**record, "label": "ok", "labelled_by": "eve", "id": f"eve-{n}"}
        for n, record in enumerate(lines(60, 5))
        if record["label"] == "bait"
    ]
    torn = {"id": "torn", "text": "Some words that two people disagree about.", "label": "ok"}
    disputed = [
        {**torn, "id": "=torn", "labelled_by": "ada"},
        {**torn, "label": "bait", "labelled_by": "eve"},
    ]
    write(folder / "corpus" / "rulings.jsonl", [*turned, *disputed])
    write(folder / "guard.jsonl", lines(60, 77))
    return folder


def run(folder, *arguments):
    words = ["--corpus", folder / "corpus", "--generated", 0, *arguments]
    return CliRunner().invoke(train, [str(word) for word in words])


def test_labels_are_guarded_listed_and_recorded(folder, tmp_path):
    review, out = tmp_path / "review.csv", tmp_path / "model"
    # Held to a model that calls nothing bait, so that any model is as good.
    outcome = run(
        folder, "--out", out, "--guard", folder / "guard.jsonl", "--against", tmp_path,
        "--review", review,
    )  # fmt: skip
    assert outcome.exit_code == 0, outcome.output
    rows = list(csv.DictReader(review.read_text().splitlines()))
    torn = [row for row in rows if row["why"] == "moderators disagree"]
    assert [(row["id"], row["by"], row["used"]) for row in torn] == [
        ("'=torn", "ada", "no"),
        ("torn", "eve", "no"),
    ]
    manifest = load_artifact(out).manifest
    assert manifest["data"]["dropped"]["moderators disagree"] == 2
    assert manifest["guard"]["pages"] == 60
    doubted = [row for row in rows if row["why"].startswith("a model")]
    assert manifest["moderators"]["contradicted"] == len(doubted) > 0
    assert "moderators' labels to review" in outcome.stderr


def test_without_a_guard_set_moderators_labels_are_refused(folder, tmp_path):
    outcome = run(folder, "--out", tmp_path / "model")
    assert outcome.exit_code == 1
    assert "--guard" in outcome.stderr
    assert not (tmp_path / "model" / "model.joblib").exists()


def test_the_labels_of_the_trusted_are_the_operators_own(folder, tmp_path):
    outcome = run(folder, "--out", tmp_path / "model", "--trust", "eve", "--trust", "ada")
    assert outcome.exit_code == 0, outcome.output
    manifest = load_artifact(tmp_path / "model").manifest
    assert "moderators" not in manifest
    assert "guard" not in manifest
