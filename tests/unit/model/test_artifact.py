from __future__ import annotations

import hashlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import joblib
import pytest

from model.artifact import (
    MANIFEST_FILE,
    MODEL_FILE,
    ArtifactRefused,
    feature_schema,
    load_artifact,
    save_artifact,
)
from model.document import parse_document
from model.features import Reading, extract_features
from model.page import Page
from model.verdict import ModelId


class LeavesMark:
    """Pickled, it makes a file when it is unpickled: the proof that something was loaded."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return Path.touch, (self.mark,)


@pytest.fixture
def folder(small_folder, tmp_path) -> Path:
    """Copy the small artefact, to be damaged."""
    return Path(shutil.copytree(small_folder, tmp_path / "copy"))


@pytest.fixture
def armed(folder, tmp_path) -> tuple[Path, Path]:
    """Put a pickle that leaves a mark into the artefact, with a manifest that agrees with it."""
    mark = tmp_path / "mark"
    buffer = io.BytesIO()
    joblib.dump(LeavesMark(mark), buffer)
    (folder / MODEL_FILE).write_bytes(buffer.getvalue())
    change_manifest(folder, sha256=hashlib.sha256(buffer.getvalue()).hexdigest())
    return folder, mark


def change_manifest(folder: Path, **changes: object) -> None:
    path = folder / MANIFEST_FILE
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


def refusal(folder: Path, **pin: str) -> str:
    with pytest.raises(ArtifactRefused) as caught:
        load_artifact(folder, **pin)
    return str(caught.value)


def test_what_is_saved_predicts_the_same_when_loaded(small_fitted, small_artifact):
    page = Page.from_html('<p>Watch now: <a href="https://unlisted.example/">here</a>')
    features = extract_features(Reading(parse_document(page)))
    expected = small_fitted.classifier.predict(features)
    assert small_artifact.classifier.predict(features) == expected
    assert small_artifact.thresholds == small_fitted.thresholds


def test_an_artefact_says_what_it_is(small_folder, small_artifact):
    data = (small_folder / MODEL_FILE).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    assert small_artifact.model_id == ModelId("small", digest[:12])
    assert small_artifact.manifest["bytes"] == len(data)
    assert small_artifact.manifest["seed"] == 1
    assert small_artifact.manifest["features"] == feature_schema()
    assert {"scikit-learn", "numpy"} <= small_artifact.manifest["libraries"].keys()


def test_the_same_parts_give_the_same_bytes(small_fitted, small_folder, tmp_path):
    save_artifact(
        small_fitted.classifier,
        tmp_path / "again",
        version="small",
        thresholds=small_fitted.thresholds,
        facts={"seed": 1},
    )
    for name in (MODEL_FILE, MANIFEST_FILE):
        assert (tmp_path / "again" / name).read_bytes() == (small_folder / name).read_bytes()


def test_saving_leaves_nothing_unfinished_and_replaces_what_was_there(
    small_fitted, folder, small_folder
):
    (folder / MODEL_FILE).write_bytes(b"old")
    saved = save_artifact(
        small_fitted.classifier,
        folder,
        version="next",
        thresholds=small_fitted.thresholds,
        facts={},
    )
    assert sorted(path.name for path in folder.iterdir()) == [MANIFEST_FILE, MODEL_FILE]
    assert load_artifact(folder).model_id == saved.model_id
    assert (folder / MODEL_FILE).read_bytes() == (small_folder / MODEL_FILE).read_bytes()


@pytest.mark.parametrize("place", [0, 1_000, -1])
def test_a_changed_byte_is_refused(folder, place):
    data = bytearray((folder / MODEL_FILE).read_bytes())
    data[place] ^= 1
    (folder / MODEL_FILE).write_bytes(data)
    assert "SHA-256 differs" in refusal(folder)


def test_a_file_cut_short_is_refused(folder):
    data = (folder / MODEL_FILE).read_bytes()
    (folder / MODEL_FILE).write_bytes(data[:-10])
    assert "SHA-256 differs" in refusal(folder)


def test_the_bait_of_these_tests_would_leave_its_mark(armed):
    folder, mark = armed
    joblib.load(folder / MODEL_FILE)
    assert mark.exists()


def test_a_pinned_manifest_that_was_changed_is_refused_and_nothing_is_unpickled(
    armed, small_folder
):
    folder, mark = armed
    pin = hashlib.sha256((small_folder / MANIFEST_FILE).read_bytes()).hexdigest()
    assert "changed since it was pinned" in refusal(folder, manifest_sha256=pin)
    assert not mark.exists()


def test_a_model_that_is_not_the_manifests_is_not_unpickled(armed):
    folder, mark = armed
    change_manifest(folder, sha256="0" * 64)
    assert "SHA-256 differs" in refusal(folder)
    assert not mark.exists()


def test_a_model_of_other_features_is_not_unpickled(armed):
    folder, mark = armed
    schema = feature_schema()
    change_manifest(folder, features=schema | {"names": schema["names"][:-1]})
    assert "other features" in refusal(folder)
    assert not mark.exists()


@pytest.mark.parametrize("version", ["1.8.0", "2.9.1", "0"])
def test_a_model_of_another_scikit_learn_is_not_unpickled(armed, version):
    folder, mark = armed
    change_manifest(folder, libraries={"scikit-learn": version})
    assert f"trained with scikit-learn {version[:3]}" in refusal(folder)
    assert not mark.exists()


def test_another_patch_release_of_scikit_learn_is_the_same(folder, small_artifact):
    trained = small_artifact.manifest["libraries"]
    major, minor, _ = trained["scikit-learn"].split(".", 2)
    change_manifest(folder, libraries=trained | {"scikit-learn": f"{major}.{minor}.77"})
    assert load_artifact(folder).digest == small_artifact.digest


def test_a_pinned_artefact_loads(folder):
    pin = hashlib.sha256((folder / MANIFEST_FILE).read_bytes()).hexdigest()
    assert load_artifact(str(folder), manifest_sha256=pin).version == "small"


def test_a_file_that_holds_something_else_is_refused(folder):
    buffer = io.BytesIO()
    joblib.dump({"not": "a classifier"}, buffer)
    (folder / MODEL_FILE).write_bytes(buffer.getvalue())
    change_manifest(folder, sha256=hashlib.sha256(buffer.getvalue()).hexdigest())
    assert "holds no classifier" in refusal(folder)


@pytest.mark.parametrize("name", [MODEL_FILE, MANIFEST_FILE])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert str(folder / name) in refusal(folder)
    assert "cannot be read" in refusal(folder)


@pytest.mark.parametrize("name", [MODEL_FILE, MANIFEST_FILE])
def test_a_file_longer_than_any_artefact_is_not_read_through(folder, name):
    with (folder / name).open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    assert "larger than any artefact" in refusal(folder)


@pytest.mark.parametrize("key", ["version", "sha256", "libraries", "features", "thresholds"])
def test_a_manifest_without_what_is_needed_is_refused(folder, key):
    manifest = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    del manifest[key]
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), "utf-8")
    assert key in refusal(folder)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", 3),
        ("sha256", None),
        ("libraries", []),
        ("libraries", {"numpy": "2.3.0"}),
        ("libraries", {"scikit-learn": 1.9}),
        ("thresholds", {"bait": 0.9}),
        ("thresholds", {"bait": 0.9, "suspicious": 0.5, "clean": 0.1}),
        ("thresholds", {"bait": "high", "suspicious": "low"}),
        ("thresholds", 0.5),
    ],
)
def test_a_manifest_of_another_shape_is_refused_before_anything_is_unpickled(armed, key, value):
    folder, mark = armed
    change_manifest(folder, **{key: value})
    assert refusal(folder)
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"[]", b"3", b"{", b"\xff\xfe", b"null", b"[" * 99_999])
def test_a_manifest_that_is_none_is_refused(folder, content):
    (folder / MANIFEST_FILE).write_bytes(content)
    assert str(folder / MANIFEST_FILE) in refusal(folder)
