"""baitwatch model: promoting, listing and going back, over real artefacts and a real service."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from model.artifact import (
    MANIFEST_FILE,
    MODEL_FILE,
    ArtifactRefused,
    load_artifact,
    read_manifest,
    save_artifact,
)
from model.page import Page
from service.cli import main
from service.live import LiveModel
from service.models import live_model, load_live
from service.serve import CannotServeError, open_database, real_steps
from service.settings import Settings

SHIPPED = read_manifest()
BETTER = {name: 1.0 for name in SHIPPED["figures"] if not name.startswith("false_")} | {
    name: 0.0 for name in SHIPPED["figures"] if name.startswith("false_")
}


@pytest.fixture
def settings(tmp_path):
    return Settings(data=tmp_path / "data")


@pytest.fixture
def db(settings):
    database = open_database(settings)
    yield database
    database.close()


@pytest.fixture
def trained(small_fitted, tmp_path):
    """Write an artefact as training does, with figures that nothing can be better than."""

    def make(version, figures=BETTER):
        folder = tmp_path / "trained" / hashlib.sha256(version.encode()).hexdigest()[:8]
        return folder, save_artifact(
            small_fitted.classifier,
            folder,
            version=version,
            thresholds=small_fitted.thresholds,
            facts={"figures": figures},
        )

    return make


@pytest.fixture
def run(settings):
    def invoke(*arguments, env=None):
        words = ["model", *map(str, arguments), "--data", str(settings.data)]
        return CliRunner(env=env).invoke(main, words)

    return invoke


def rows(settings, query):
    with closing(sqlite3.connect(settings.database)) as connection:
        return connection.execute(query).fetchall()


def judged_by(settings, db):
    return load_live(settings, live_model(db)).version


def test_without_a_promotion_the_shipped_model_is_live(run, settings, db):
    assert live_model(db) is None
    listed = run("list")
    assert listed.exit_code == 0
    (line,) = [line for line in listed.output.splitlines() if "live" in line]
    assert "shipped" in line
    assert SHIPPED["sha256"][:12] in line


def test_a_promoted_model_is_kept_and_live_even_when_its_folder_goes(run, settings, db, trained):
    folder, artifact = trained("2.0")
    answer = run("promote", folder, "--because", "new campaigns")
    assert answer.exit_code == 0, answer.output
    assert artifact.digest in answer.output
    shutil.rmtree(folder)
    assert judged_by(settings, db) == "2.0"
    assert not list(settings.models_folder.glob(".draft-*"))


def test_every_switch_says_who_when_why_from_and_to(run, settings, db, trained):
    folder, artifact = trained("2.0")
    run("promote", folder, "--because", "new campaigns")
    run("rollback", "--because", "too many\x1b[2J false alarms")
    found = rows(
        settings,
        'select action, because, version, digest, from_version, from_digest, "by", at '
        "from model_switches order by id",
    )
    assert [row[:6] for row in found] == [
        ("promote", "new campaigns", "2.0", artifact.digest, SHIPPED["version"], SHIPPED["sha256"]),
        (
            "rollback",
            "too many[2J false alarms",
            SHIPPED["version"],
            SHIPPED["sha256"],
            "2.0",
            artifact.digest,
        ),
    ]
    assert all(row[6].startswith("command line (") and row[7].endswith("Z") for row in found)
    audit = rows(settings, "select action from audit order by id")
    assert audit == [("promote_model",), ("rollback_model",)]
    listed = " ".join(run("list").output.split())
    assert "new campaigns" in listed
    assert "false alarms" in listed


def test_rolling_back_goes_one_promotion_at_a_time_down_to_the_shipped_model(
    run, settings, db, trained
):
    for version in ("2.0", "3.0"):
        assert run("promote", trained(version)[0], "--because", "better").exit_code == 0
    assert judged_by(settings, db) == "3.0"
    assert run("rollback", "--because", "worse").exit_code == 0
    assert judged_by(settings, db) == "2.0"
    assert run("rollback", "--because", "worse").exit_code == 0
    assert judged_by(settings, db) == SHIPPED["version"]
    empty = run("rollback", "--because", "worse")
    assert empty.exit_code == 1
    assert "nothing to roll back" in empty.output


def test_a_worse_model_is_not_promoted_unless_it_is_said_to_be(run, settings, db, trained):
    figures = {**SHIPPED["figures"], "pr_auc": 0.2, "false_bait": 0.5}
    del figures["bait_found"]
    folder, _ = trained("2.0", figures)
    refused = run("promote", folder, "--because", "hope")
    assert refused.exit_code == 1
    for said in ("pr_auc is 0.2000", "false_bait is 0.5000", "bait_found was not measured"):
        assert said in refused.output
    assert live_model(db) is None
    assert run("promote", folder, "--because", "hope", "--although-worse").exit_code == 0
    assert judged_by(settings, db) == "2.0"


def test_a_switch_needs_a_reason(run, trained):
    folder, _ = trained("2.0")
    assert run("promote", folder).exit_code == 2
    assert run("promote", folder, "--because", "  ").exit_code == 2
    assert run("rollback").exit_code == 2


def test_a_model_that_was_changed_is_neither_promoted_nor_kept(run, settings, db, trained):
    folder, _ = trained("2.0")
    data = bytearray((folder / MODEL_FILE).read_bytes())
    data[100] ^= 1
    (folder / MODEL_FILE).write_bytes(data)
    answer = run("promote", folder, "--because", "x")
    assert answer.exit_code == 1
    assert "SHA-256 differs" in answer.output
    assert list(settings.models_folder.iterdir()) == []
    assert live_model(db) is None


def test_a_folder_without_a_model_is_named(run, tmp_path):
    answer = run("promote", tmp_path, "--because", "x")
    assert answer.exit_code == 1
    assert "cannot be copied" in answer.output


def test_the_live_model_is_not_promoted_again(run, trained):
    folder, _ = trained("2.0")
    run("promote", folder, "--because", "x")
    again = run("promote", folder, "--because", "x")
    assert again.exit_code == 1
    assert "live model already" in again.output


def test_a_version_cannot_lead_out_of_the_models_folder(run, settings, db, trained):
    folder, _ = trained("../../../\x1b[31mevil/2")
    answer = run("promote", folder, "--because", "x")
    assert answer.exit_code == 0
    assert "\x1b" not in answer.output + run("list").output
    kept = settings.models_folder / live_model(db).folder
    assert kept.parent == settings.models_folder
    assert kept.is_dir()


def test_a_kept_model_that_was_changed_later_is_refused_with_the_way_back(
    run, settings, db, trained
):
    run("promote", trained("2.0")[0], "--because", "x")
    manifest = settings.models_folder / live_model(db).folder / MANIFEST_FILE
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"thresholds": {}}))
    with pytest.raises(CannotServeError, match="model rollback"):
        real_steps(settings)
    assert "changed since it was pinned" in run("list").output
    assert run("rollback", "--because", "damaged").exit_code == 0
    assert real_steps(settings).model().digest == SHIPPED["sha256"][:12]


def test_going_back_to_a_model_that_is_gone_changes_nothing(run, settings, db, trained):
    run("promote", trained("2.0")[0], "--because", "x")
    gone = settings.models_folder / live_model(db).folder
    run("promote", trained("3.0")[0], "--because", "x")
    shutil.rmtree(gone)
    answer = run("rollback", "--because", "x")
    assert answer.exit_code == 1
    assert "nothing was changed" in answer.output
    assert judged_by(settings, db) == "3.0"


def test_no_switch_is_made_that_would_not_count(run, trained):
    folder, _ = trained("2.0")
    env = {"BAITWATCH_MODEL": str(folder)}
    for words in (("promote", folder), ("rollback",)):
        answer = run(*words, "--because", "x", env=env)
        assert answer.exit_code == 1
        assert "BAITWATCH_MODEL" in answer.output
    assert "BAITWATCH_MODEL counts before" in run("list", env=env).output


def test_check_and_the_service_judge_with_the_live_model(run, settings, db, trained):
    assert real_steps(settings).model().version == SHIPPED["version"]
    _, artifact = trained("2.0")
    run("promote", trained("2.0")[0], "--because", "x")
    assert real_steps(settings).model() == artifact.model_id
    named = settings.model_copy(update={"model": trained("9.0")[0]})
    assert real_steps(named).model().version == "9.0"


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_a_running_service_follows_a_switch_within_a_second(run, settings, db, trained):
    seconds = Seconds()
    live = LiveModel(settings, db, seconds)
    page = Page.from_text("Words about a garden and its many visitors, and nothing more.")
    assert live.judge(page).verdict.model.version == SHIPPED["version"]
    run("promote", trained("2.0")[0], "--because", "x")
    seconds.now += 1.0
    assert (
        live.judge(page).verdict.model
        == live.model()
        == load_live(settings, live_model(db)).model_id
    )
    assert live.model().version == "2.0"
    run("rollback", "--because", "x")
    seconds.now += 1.0
    assert live.model().version == SHIPPED["version"]


def test_a_running_service_keeps_its_model_where_the_next_is_refused(
    run, settings, db, trained, capsys
):
    seconds = Seconds()
    live = LiveModel(settings, db, seconds)
    run("promote", trained("2.0")[0], "--because", "x")
    kept = settings.models_folder / live_model(db).folder
    (kept / MODEL_FILE).write_bytes(b"damaged")
    seconds.now += 1.0
    assert live.model().version == SHIPPED["version"]
    printed = capsys.readouterr()
    assert "model_refused" in printed.out + printed.err
    with pytest.raises(ArtifactRefused):
        load_artifact(kept)


def test_readiness_names_the_model_that_judges_now(run, settings, db, trained):
    from service.app import create_app
    from service.parts import parts

    steps = real_steps(settings)
    app = create_app(settings, steps=steps, db=db)
    with app.app_context():
        workers = parts().workers
    workers.start()
    ready = app.test_client().get("/readyz").get_json()
    workers.stop()
    assert ready["model"] == {"version": SHIPPED["version"], "digest": SHIPPED["sha256"][:12]}
