"""``baitwatch evaluate --report`` and ``--card``, run for real on a small corpus made here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from training.commands import evaluate, train
from training.experiments.catalogue import EXPERIMENTS
from training.synthesis import generate

CHOICES = ("--generated", 20)
GUIDE = (Path(__file__).parents[2] / "docs" / "training.md").read_text(encoding="utf-8")


def saved_line(page):
    form = {"html": page.html} if page.html is not None else {"text": page.text}
    about = {"group": page.pair, "pair": page.pair, "lang": page.lang, "lure": page.lure}
    return json.dumps({"id": page.id, "label": page.label, **form, **about}) + "\n"


def run(command, *arguments):
    environment = {"BAITWATCH_CORPUS": None}
    return CliRunner().invoke(command, [str(argument) for argument in arguments], env=environment)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    pages = generate([], count=56, seed=31, languages=("en", "de"))
    (folder / "pages.jsonl").write_text("".join(map(saved_line, pages)))
    return folder


def measured(corpus, folder, *more):
    return run(
        evaluate, "--corpus", corpus, "--report", folder, "--folds", 2, *CHOICES, "--json", *more
    )


@pytest.fixture(scope="module")
def report(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports") / "deep" / "report"
    outcome = measured(corpus, folder, "--with", "shuffle")
    assert outcome.exit_code == 0, outcome.output
    return folder, outcome


def test_a_report_is_figures_and_a_page(report):
    folder, outcome = report
    written = json.loads((folder / "report.json").read_text())
    printed = json.loads(outcome.stdout)
    assert printed["verdicts"] == written["held_out"]["verdicts"]
    assert printed["pages"] == written["held_out"]["pages"]
    assert sum(printed["pages"].values()) >= 50
    assert list(written["experiments"]) == ["shuffle"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert EXPERIMENTS["shuffle"].title in page


def test_progress_says_the_part_and_goes_to_standard_error(report):
    _, outcome = report
    assert re.search(r"part 3 of 7, fold 1 of 2: views without fold 1 of 4", outcome.stderr)
    assert re.search(r"part 7 of 7 \(about 1 min left\), shuffle: deal 3: ", outcome.stderr)


def test_what_is_finished_is_not_made_again(report, corpus):
    folder, first = report
    again = measured(corpus, folder, "--with", "shuffle")
    assert (again.exit_code, again.stdout) == (0, first.stdout)
    assert again.stderr == ""


def test_what_was_interrupted_goes_on_where_it_stopped(report, corpus):
    folder, first = report
    before = (folder / "report.html").read_bytes()
    (folder / "parts" / "shuffle--deal-2.json").write_text('{"part": "shuffle: de')
    again = measured(corpus, folder, "--with", "shuffle")
    assert again.stdout == first.stdout
    assert "part 1 of 1, shuffle: deal 2: " in again.stderr
    assert "fold 1 of 2: views" not in again.stderr
    assert (folder / "report.html").read_bytes() == before


def test_a_card_is_written_from_a_report_the_judged_pages_and_the_model(report, corpus, tmp_path):
    folder, _ = report
    model = tmp_path / "model"
    trained = run(train, "--corpus", corpus, "--out", model, *CHOICES)
    assert trained.exit_code == 0, trained.output
    card = tmp_path / "card.md"
    arguments = ("--report", folder, "--card", card, "--model", model)
    assert "judged.json cannot be read" in run(evaluate, *arguments).stderr
    judged = run(evaluate, corpus, "--model", model, "--report", folder)
    assert judged.exit_code == 0
    assert run(evaluate, *arguments).exit_code == 0
    manifest = json.loads((model / "manifest.json").read_text())
    assert manifest["sha256"] in card.read_text(encoding="utf-8")
    other = run(evaluate, "--report", folder, "--card", card)
    assert other.exit_code == 1
    assert "made from other pages" in other.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--corpus", ".", "--all"], "need the folder of a report"),
        (["--card", "card.md"], "need the folder of a report"),
        ([".", "--report", "r", "--with", "curve"], "no experiment and no card"),
        (["--corpus", ".", "--report", "r", "--with", "everything"], "Invalid value for '--with'"),
        (["--corpus", ".", "--report", "/dev/null/r"], "Nothing can be written to"),
    ],
)
def test_wrong_usage_exits_with_2(arguments, said):
    outcome = run(evaluate, *arguments)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert said in " ".join(outcome.stderr.split())


def test_every_experiment_is_documented():
    assert {name for name in EXPERIMENTS if f"`{name}`" not in GUIDE} == set()
