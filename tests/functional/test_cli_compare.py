"""baitwatch model compare: two real artefacts side by side, over saved pages."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from model.artifact import load_artifact, save_artifact
from model.judge import judge_page
from model.verdict import Thresholds
from service.cli import main
from training.compare import Judged, changes, figure_rows
from training.corpus import saved_pages
from training.synthesis import generate


@pytest.fixture
def cut(small_fitted, tmp_path):
    """Save the small model with another cut for bait; return its folder."""

    def save(name, version, bait):
        save_artifact(
            small_fitted.classifier,
            tmp_path / name,
            version=version,
            thresholds=Thresholds(bait=bait, suspicious=0.25),
            facts={"figures": {"pr_auc": 0.9, "bait_found": 0.5}},
        )
        return tmp_path / name

    return save


@pytest.fixture
def lenient(cut):
    """The small model with a cut so low that it calls a page bait now and then."""
    return cut("lenient", "lenient", bait=0.5)


@pytest.fixture
def stricter(cut):
    """The small model with a cut so high that it calls nothing bait."""
    return cut("stricter", "strict\x1b[2J", bait=2.0)


@pytest.fixture
def pages(tmp_path):
    path = tmp_path / "pages.jsonl"
    with path.open("w") as file:
        for page in generate([], count=40, seed=9, languages=("en",)):
            form = {"html": page.html} if page.html is not None else {"text": page.text}
            record = {"id": page.id, "label": page.label, "group": page.pair, **form}
            file.write(json.dumps(record) + "\n")
        file.write(json.dumps({"id": "whose", "text": "A garden and its visitors."}) + "\n")
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["model", "compare", *map(str, arguments)])


def test_verdicts_that_change_are_counted_by_direction_with_their_ids(lenient, stricter, pages):
    outcome = run(lenient, stricter, pages)
    assert outcome.exit_code == 0, outcome.output
    small = load_artifact(lenient)
    every = list(saved_pages([pages], print))
    bait = [p for p in every if judge_page(p.saved.page, small).verdict == "bait"]
    assert bait
    true = sum(page.label == "bait" for page in bait)
    assert f"{len(bait)} of 41 verdicts change:" in outcome.stdout
    assert f"  bait -> suspicious: {len(bait)} ({true} bait" in outcome.stdout
    assert all(f"    {page.saved.id}  [{page.label}]" in outcome.stdout for page in bait[:20])
    assert "On the 40 labelled pages:" in outcome.stdout
    assert "\x1b" not in outcome.output


def test_a_model_is_the_same_as_itself(small_folder, pages):
    outcome = run(small_folder, small_folder, pages)
    assert "0 of 41 verdicts change:" in outcome.stdout
    changed = [line.split()[-1] for line in outcome.stdout.splitlines() if "bait_found" in line]
    assert changed == ["+0.0000"]


def test_the_figures_of_both_trainings_stand_side_by_side(small_folder, stricter):
    outcome = run("shipped", stricter)
    assert outcome.exit_code == 0
    (row,) = [line.split() for line in outcome.stdout.splitlines() if " bait_found" in line]
    shipped = load_artifact().manifest["figures"]["bait_found"]
    assert row[1:] == [f"{shipped:.4f}", "0.5000", f"{0.5 - shipped:+.4f}"]


def test_what_cannot_be_read_is_named_and_the_rest_is_compared(small_folder, pages):
    with pages.open("a") as file:
        file.write("{broken\n")
    outcome = run(small_folder, small_folder, pages)
    assert outcome.exit_code == 1
    assert f"{pages}:42: broken JSON" in outcome.stderr
    assert "of 41 verdicts" in outcome.stdout


def test_a_folder_without_a_model_is_named(tmp_path, small_folder):
    outcome = run(small_folder, tmp_path)
    assert outcome.exit_code == 1
    assert "manifest.json cannot be read" in outcome.output
    assert run(small_folder, small_folder, tmp_path).exit_code == 1


def test_a_figure_that_one_model_lacks_is_a_dash():
    rows = list(figure_rows({"a": 0.5, "b": 0.25}, {"b": 0.5, "c": 1.0}))
    assert rows == [
        ("a", "0.5000", "–", "–"),
        ("b", "0.2500", "0.5000", "+0.2500"),
        ("c", "–", "1.0000", "–"),
    ]


def test_changes_are_gathered_by_what_they_lead_from_and_to():
    page = Judged("1", "ok", "clean", "bait", None)
    same = replace(page, id="2", after="clean")
    back = replace(page, id="3", before="bait", after="unknown")
    assert changes([page, same, back]) == {("bait", "unknown"): [back], ("clean", "bait"): [page]}
