"""``baitwatch train`` and ``baitwatch evaluate``, run for real on a small corpus made here."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from model.artifact import load_artifact
from training.commands import GENERATED, evaluate, train
from training.corpus import LARGEST_CAMPAIGN
from training.fit import Recipe
from training.synthesis import generate

BAIT = """<title>{name}</title><p>{name} is out, and everybody talks about it.</p>
<p>Watch the full movie free in HD now, no sign up, limited time!</p>
<a href="https://{host}.xyz/go">&gt;&gt; WATCH NOW &lt;&lt;</a> <a href="https://bit.ly/{host}">DOWNLOAD</a>"""
HONEST = """<title>{name}</title><p>{name} opened last night in the old harbour hall, and the
rows were full long before the lamps went down.</p><p>The second half takes its time, and the
cellist earns every minute of it.</p><a href="/reviews">More reviews</a>"""
NAMES = "Amber Birch Cinder Dune Ember Fjord Grove Heath Islet Juniper".split()


def record(page_id, label, **more):
    return json.dumps({"id": page_id, "label": label, **more}) + "\n"


def written_pages():
    """Write pages by hand: each name a film that bait promises and an honest review of it."""
    for n, name in enumerate(NAMES):
        about = {
            "group": f"film {n}",
            "pair": str(n),
            "lang": "en",
            "url": f"https://{name}.example/",
        }
        bait, honest = (form.format(name=name, host=name.lower()) for form in (BAIT, HONEST))
        yield record(f"{name}-bait", "bait", html=bait, lure="streaming", kind="landing", **about)
        yield record(f"{name}-review", "ok", html=honest, kind="a|b\x1b[31m\nreview", **about)


def other_pages(count, seed):
    """More pages of many forms, taken from the generator as if they had been saved."""
    for page in generate([], count=count, seed=seed, languages=("en",)):
        form = {"html": page.html} if page.html is not None else {"text": page.text}
        about = {"group": page.pair, "lang": page.lang, "lure": page.lure, "url": page.url}
        yield record(page.id, page.label, **form, **about)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "below").mkdir()
    (folder / "films.jsonl").write_text("".join(written_pages()))
    packed = gzip.compress("".join(other_pages(60, seed=21)).encode())
    (folder / "below" / "more.jsonl.gz").write_bytes(packed)
    return folder


def baitwatch(*arguments, seed="0"):
    command = [sys.executable, "-c", "from service.cli import main; main()", *map(str, arguments)]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    environment.pop("BAITWATCH_CORPUS", None)
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, timeout=280
    )


@pytest.fixture(scope="module")
def trained(corpus, tmp_path_factory):
    """Train twice in processes of their own, which order their sets differently."""
    folders = [tmp_path_factory.mktemp("model") / "new" / "deep" for _ in range(2)]
    runs = [
        baitwatch("train", "--corpus", corpus, "--out", folder, "--generated", 30, seed=seed)
        for folder, seed in zip(folders, ("1", "2"), strict=True)
    ]
    assert [run.returncode for run in runs] == [0, 0], runs[0].stderr
    return folders, runs


def test_the_same_data_and_seed_give_the_same_bytes(trained):
    (first, second), _ = trained
    for name in ("model.joblib", "manifest.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_training_says_its_figures_and_what_it_wrote(trained):
    (folder, _), (run, _) = trained
    manifest = json.loads((folder / "manifest.json").read_text())
    assert run.stdout.startswith("## Out of fold, in training\n")
    assert f"version {manifest['version']}, digest {manifest['sha256']}" in run.stdout
    assert manifest["data"]["files"].keys() == {"films.jsonl", "below/more.jsonl.gz"}
    assert manifest["generated"]["bait"] + manifest["generated"]["ok"] == 30
    assert manifest["because"] is None


def test_progress_goes_to_standard_error_alone(trained):
    _, (run, _) = trained
    assert "views without fold 1 of 4" in run.stderr
    assert "reading pages closely" in run.stderr
    assert "fold 1 of" not in run.stdout
    assert "\x1b" not in run.stderr + run.stdout


def test_what_was_trained_judges_pages(trained):
    (folder, _), _ = trained
    bait, honest = (form.format(name="Kestrel", host="kestrel") for form in (BAIT, HONEST))
    page = folder.parent / "new.jsonl"
    page.write_text(record("b", "bait", html=bait) + record("h", "ok", html=honest))
    run = baitwatch("judge", "--json", "--jobs", 1, "--model", folder, page)
    answers = {answer["id"]: answer for answer in map(json.loads, run.stdout.splitlines())}
    assert run.returncode == 0
    assert answers["b"]["score"] > answers["h"]["score"]
    assert answers["b"]["verdict"] == "bait"
    assert answers["h"]["verdict"] == "clean"
    assert answers["b"]["model"]["digest"] == load_artifact(folder).digest[:12]


def run(command, *arguments):
    environment = {"BAITWATCH_CORPUS": None}
    return CliRunner().invoke(command, [str(argument) for argument in arguments], env=environment)


def test_a_model_is_measured_on_labelled_pages(trained, corpus):
    (folder, _), _ = trained
    outcome = run(evaluate, corpus / "films.jsonl", "--model", folder)
    assert outcome.exit_code == 0
    assert "10 bait pages and 10 honest pages." in outcome.stdout
    assert "| pairs ranked right | 100.0%" in outcome.stdout
    assert "| `a¦b[31m review` | – | 0% of 10 | 0% of 10 |" in outcome.stdout
    assert "\x1b" not in outcome.output


def test_figures_come_as_json_too(trained, corpus):
    (folder, _), _ = trained
    outcome = run(evaluate, corpus / "films.jsonl", "--model", folder, "--json")
    summary = json.loads(outcome.stdout)
    assert summary["pages"] == {"bait": 10, "ok": 10}
    assert summary["left_out"] == {}
    assert outcome.stdout.isascii()


def test_what_cannot_be_read_is_named_and_the_rest_is_measured(trained, corpus, tmp_path):
    (folder, _), _ = trained
    path = tmp_path / "some.jsonl"
    odd = record("pdf", "ok", html="%PDF-1.7 words") + record("who", None, text="words")
    path.write_text("{broken\x1b[2J\n" + odd + "".join(written_pages()))
    outcome = run(evaluate, path, "--model", folder, "--json")
    assert outcome.exit_code == 1
    assert f"baitwatch: {path}:1: broken JSON" in outcome.stderr
    summary = json.loads(outcome.stdout)
    assert summary["pages"] == {"bait": 10, "ok": 10}
    assert summary["left_out"] == {"unreadable": 1, "no label": 1, "unknown to the model": 1}


def test_held_out_campaigns_are_measured_without_a_model(corpus):
    outcome = run(evaluate, "--corpus", corpus, "--folds", 2, "--generated", 0, "--json")
    summary = json.loads(outcome.stdout)
    assert outcome.exit_code == 0
    assert sum(summary["pages"].values()) + sum(summary["left_out"].values()) == 80
    assert summary["pr_auc"] > 0.6
    assert "fold 1 of 2: " in outcome.stderr


def test_a_worse_model_is_refused_unless_a_reason_is_given(trained, corpus, tmp_path):
    folder = copytree(trained[0][0], tmp_path / "model")
    manifest = folder / "manifest.json"
    kept = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**kept, "figures": {"pr_auc": 1.5}}))
    arguments = ("--corpus", corpus, "--out", folder, "--generated", 0)
    refused = run(train, *arguments)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "worse than the one it would replace: pr_auc is" in refused.stderr
    assert json.loads(manifest.read_text())["sha256"] == kept["sha256"]
    accepted = run(train, *arguments, "--because", "fewer pages")
    assert accepted.exit_code == 0
    assert json.loads(manifest.read_text())["because"] == "fewer pages"


def test_a_broken_line_is_named_and_the_model_is_made_without_it(tmp_path):
    (tmp_path / "pages.jsonl").write_text("{broken\n" + "".join(other_pages(40, seed=5)))
    outcome = run(train, "--corpus", tmp_path, "--out", tmp_path / "out", "--generated", 0)
    assert outcome.exit_code == 1
    assert f"baitwatch: {tmp_path}/pages.jsonl:1: broken JSON" in outcome.stderr
    assert "Left out: 1 unreadable" in outcome.stdout
    assert load_artifact(tmp_path / "out").manifest["data"]["dropped"]["unreadable"] == 1


def test_floors_that_were_not_pinned_on_these_pages_are_not_held(trained, corpus):
    (folder, _), _ = trained
    outcome = run(evaluate, corpus / "films.jsonl", "--model", folder, "--floors")
    assert outcome.exit_code == 1
    assert "floor" in outcome.stderr
    assert "Traceback" not in outcome.stderr


ONE_SIDED = {
    "empty": [],
    "unlabelled": [record("a", None, text="words")],
    "broken": ["{{{\n", "[]\n"],
    "bait alone": [page for page in written_pages() if '"bait"' in page],
    "honest alone": [page for page in written_pages() if '"ok"' in page],
    "one film": list(written_pages())[:2],
}


@pytest.mark.parametrize("kind", ONE_SIDED)
@pytest.mark.parametrize("command", [train, evaluate])
def test_a_corpus_that_cannot_teach_is_refused_with_what_to_do(command, kind, tmp_path):
    (tmp_path / "pages.jsonl").write_text("".join(ONE_SIDED[kind]))
    out = ["--out", tmp_path / "out"] if command is train else []
    outcome = run(command, "--corpus", tmp_path, "--generated", 5, *out)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    (said,) = (line for line in outcome.stderr.splitlines() if line.startswith("baitwatch: The "))
    assert "saved page" in said
    assert '"label"' in said
    assert not (tmp_path / "out" / "model.joblib").exists()


def test_a_folder_without_saved_pages_is_refused(tmp_path):
    outcome = run(train, "--corpus", tmp_path, "--out", tmp_path / "out")
    assert outcome.exit_code == 1
    assert f"No .jsonl or .jsonl.gz file lies in {tmp_path}" in outcome.stderr


def test_a_folder_without_a_model_is_refused(tmp_path, corpus):
    outcome = run(evaluate, corpus / "films.jsonl", "--model", tmp_path)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "manifest.json cannot be read" in outcome.stderr


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        (train, [], "Name the saved pages with --corpus"),
        (train, ["--corpus", "."], "Say where to write: --out DIR, or --ship."),
        (train, ["--corpus", ".", "--out", "x", "--ship"], "Say where to write"),
        (train, ["--corpus", ".", "--out", "/dev/null/x"], "Nothing can be written to"),
        (train, ["--corpus", "/nowhere/at/all", "--out", "x"], "does not exist"),
        (evaluate, [], "Name saved pages, or a corpus with --corpus."),
        (evaluate, ["--corpus", ".", "--folds", "1"], "Invalid value for '--folds'"),
    ],
)
def test_wrong_usage_exits_with_2(command, arguments, said):
    outcome = run(command, *arguments)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert said in outcome.stderr


def test_the_corpus_may_be_named_in_the_environment(tmp_path):
    environment = {"BAITWATCH_CORPUS": str(tmp_path)}
    outcome = CliRunner().invoke(train, ["--out", str(tmp_path / "out")], env=environment)
    assert f"No .jsonl or .jsonl.gz file lies in {tmp_path}" in outcome.stderr


def test_the_commands_are_found_by_the_main_command():
    shown = baitwatch("evaluate", "--help")
    assert shown.returncode == 0
    assert "campaigns it never saw" in " ".join(shown.stdout.split())


GUIDE = (Path(__file__).parents[2] / "docs" / "training.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [train, evaluate])
def test_every_option_is_documented(command):
    options = {name for p in command.params for name in p.opts if name.startswith("--")}
    assert {name for name in options if f"`{name}`" not in GUIDE} == set()


def test_every_figure_that_can_have_a_floor_is_documented(trained):
    (folder, _), _ = trained
    names = {
        name.removesuffix("_by_campaign") for name in load_artifact(folder).manifest["figures"]
    }
    assert {name for name in names if f"`{name}`" not in GUIDE} == set()


def test_what_the_guide_says_of_the_recipe_is_so():
    recipe = Recipe()
    assert f"{GENERATED:,} pages unless told otherwise" in GUIDE
    assert f"beyond the {LARGEST_CAMPAIGN}th" in GUIDE
    assert f"up to {recipe.windows_per_page} passages of each honest page" in GUIDE
    assert (recipe.inner_folds, recipe.mining_rounds, recipe.passages_per_bait) == (4, 2, 3)
