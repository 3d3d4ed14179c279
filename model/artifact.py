"""The artefact: a fitted model in one joblib file, with a manifest that says what it is.

The only file I/O of ``model``. joblib runs code when it loads, so the bytes are checked against
the manifest's SHA-256 before they are given to it, and the manifest of the shipped model against a
digest that stands in the code. A folder holds one artefact: ``model.joblib`` and ``manifest.json``.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import joblib

from model.artifacts import MANIFEST_SHA256
from model.classifier import JOINED_NAMES, BaitClassifier
from model.features import SCHEMA
from model.hashing import HASHES
from model.meaning import load_word_lists
from model.scorer import Scorer
from model.verdict import ModelId, Thresholds

SHIPPED = Path(__file__).parent / "artifacts"
MODEL_FILE = "model.joblib"
MANIFEST_FILE = "manifest.json"
_MOST_BYTES = 64 * 2**20
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "joblib", "beautifulsoup4", "lxml")


class ArtifactRefused(Exception):
    """The artefact is missing, damaged, or made for another version; the message says which."""


@dataclass(frozen=True)
class Artifact:
    """A loaded model: its parts, the cuts on its score, and the manifest it came with."""

    classifier: BaitClassifier = field(repr=False)
    thresholds: Thresholds
    version: str
    digest: str  # SHA-256 of the joblib file, hexadecimal
    manifest: Mapping[str, Any] = field(repr=False)
    scorer: Scorer = field(repr=False)  # the classifier, compiled

    @property
    def model_id(self) -> ModelId:
        """The short name by which verdicts refer to this artefact."""
        return ModelId(self.version, self.digest[:12])


def feature_schema() -> dict[str, Any]:
    """Describe what a classifier of this code expects: it must equal the manifest's."""
    return {"number": SCHEMA, "columns": HASHES, "names": list(JOINED_NAMES)}


def save_artifact(
    classifier: BaitClassifier,
    folder: Path,
    *,
    version: str,
    thresholds: Thresholds,
    facts: Mapping[str, Any],
) -> Artifact:
    """Write the joblib file and its manifest into ``folder`` and return the artefact.

    ``facts`` (data digests, metrics, seed ...) are added to the manifest. The same parts give the
    same bytes. Files appear whole or not at all.
    """
    buffer = io.BytesIO()
    joblib.dump(classifier, buffer, compress=("zlib", 6), protocol=5)
    data = buffer.getvalue()
    manifest = {
        "version": version,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "python": platform.python_version(),
        "libraries": {name: installed_version(name) for name in _LIBRARIES},
        "features": feature_schema(),
        "thresholds": {"bait": thresholds.bait, "suspicious": thresholds.suspicious},
        **facts,
    }
    folder.mkdir(parents=True, exist_ok=True)
    _write_whole(folder / MODEL_FILE, data)
    _write_whole(
        folder / MANIFEST_FILE, (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()
    )
    return _artifact(classifier, manifest)


def load_artifact(
    path: Path | str | None = None, *, manifest_sha256: str | None = None
) -> Artifact:
    """Load the artefact of a folder, or the shipped one, after checking that it is what it says.

    ``manifest_sha256`` pins the manifest; for the shipped model the code pins it. Raises
    ArtifactRefused where a digest, the feature schema or scikit-learn's major.minor differ.
    """
    folder = Path(path) if path is not None else SHIPPED
    manifest = read_manifest(path, manifest_sha256=manifest_sha256)
    data = _read(folder / MODEL_FILE)
    if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
        raise ArtifactRefused(
            f"{folder / MODEL_FILE} is not the file its manifest describes: its SHA-256 differs. "
            "Install it again from where it came."
        )
    _refuse_other_versions(manifest)
    load_word_lists()  # now, so that processes forked from this one share them
    # The very bytes that were checked are loaded; the file is not opened a second time.
    classifier = joblib.load(io.BytesIO(data))
    if not isinstance(classifier, BaitClassifier):
        raise ArtifactRefused(f"{folder / MODEL_FILE} holds no classifier.")
    return _artifact(classifier, manifest)


def read_manifest(
    path: Path | str | None = None, *, manifest_sha256: str | None = None
) -> dict[str, Any]:
    """Read what an artefact says of itself, without loading it; None is the shipped one.

    ``manifest_sha256`` pins it, as ``load_artifact`` does. Raises ArtifactRefused.
    """
    if path is None:
        return _read_manifest(SHIPPED / MANIFEST_FILE, MANIFEST_SHA256)
    return _read_manifest(Path(path) / MANIFEST_FILE, manifest_sha256)


def manifest_digest(folder: Path) -> str:
    """Return the SHA-256 of a folder's manifest, which pins it. Raises ArtifactRefused."""
    return hashlib.sha256(_read(folder / MANIFEST_FILE)).hexdigest()


def pin_shipped() -> None:
    """Write the shipped manifest's digest into the code that checks it (a source tree's step)."""
    digest = hashlib.sha256((SHIPPED / MANIFEST_FILE).read_bytes()).hexdigest()
    module = SHIPPED / "__init__.py"
    kept = module.read_text(encoding="utf-8").partition("MANIFEST_SHA256")[0]
    _write_whole(module, f'{kept}MANIFEST_SHA256 = "{digest}"\n'.encode())


def _artifact(classifier: BaitClassifier, manifest: Mapping[str, Any]) -> Artifact:
    thresholds = Thresholds(**manifest["thresholds"])
    version, digest = manifest["version"], manifest["sha256"]
    return Artifact(classifier, thresholds, version, digest, manifest, Scorer.of(classifier))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ArtifactRefused(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > _MOST_BYTES:
        raise ArtifactRefused(f"{path} is larger than any artefact: over {_MOST_BYTES:,} bytes.")
    return data


def _read_manifest(path: Path, pin: str | None) -> dict[str, Any]:
    data = _read(path)
    if pin is not None and hashlib.sha256(data).hexdigest() != pin:
        raise ArtifactRefused(f"{path} was changed since it was pinned: its SHA-256 differs.")
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ArtifactRefused(f"{path} is not JSON.") from error
    needed = {"version", "sha256", "libraries", "features", "thresholds"}
    if not isinstance(manifest, dict) or not needed <= manifest.keys():
        raise ArtifactRefused(f"{path} is not a manifest: it lacks one of {sorted(needed)}.")
    if not _is_well_formed(manifest):
        raise ArtifactRefused(
            f"{path} is not a manifest: one of {sorted(needed)} is no such thing."
        )
    return manifest


def _is_well_formed(manifest: Mapping[str, Any]) -> bool:
    libraries, cuts = manifest["libraries"], manifest["thresholds"]
    return (
        isinstance(manifest["version"], str)
        and isinstance(manifest["sha256"], str)
        and isinstance(libraries, dict)
        and isinstance(libraries.get("scikit-learn"), str)
        and isinstance(cuts, dict)
        and cuts.keys() == {"bait", "suspicious"}
        and all(isinstance(cut, float) for cut in cuts.values())
    )


def _refuse_other_versions(manifest: Mapping[str, Any]) -> None:
    trained, running = (
        ".".join(version.split(".")[:2])
        for version in (manifest["libraries"]["scikit-learn"], installed_version("scikit-learn"))
    )
    if trained != running:
        raise ArtifactRefused(
            f"The model was trained with scikit-learn {trained} and {running} is installed: "
            f"install scikit-learn {trained}, or train again."
        )
    if manifest["features"] != feature_schema():
        raise ArtifactRefused(
            "The model was trained on other features than this version computes: train again, "
            "or use the version that made it."
        )


def _write_whole(path: Path, data: bytes) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(data)
    unfinished.replace(path)
