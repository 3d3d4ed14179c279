"""The life of models: which one is live, and the switches to another and back.

The database says which model is live and pins the digest of its manifest; the models folder keeps
a copy of every model that was promoted. A switch is one row, so it happens whole or not at all.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from model.artifact import (
    MANIFEST_FILE,
    MODEL_FILE,
    Artifact,
    ArtifactRefused,
    load_artifact,
    manifest_digest,
    read_manifest,
)
from model.drift import Spread, read_reference
from model.figures import worse_than
from service.errors import ServiceError
from service.settings import Settings
from service.store.audit import Actor
from service.store.database import Database
from service.store.switches import Model, promoted_models, record_switch


class SwitchRefusedError(ServiceError):
    """The model cannot be made the live one; the message says why and what to do."""


def load_live(settings: Settings, live: Model | None) -> Artifact:
    """Load the live model; the shipped one where nothing was promoted. Raises ArtifactRefused."""
    if live is None or live.folder is None:
        return load_artifact()
    folder = settings.models_folder / live.folder
    try:
        return load_artifact(folder, manifest_sha256=live.manifest_sha256)
    except ArtifactRefused as error:
        raise ArtifactRefused(
            f"{error} `baitwatch model rollback` goes back to the model before it."
        ) from error


def live_model(db: Database) -> Model | None:
    """Say which model is live; None is the shipped one. Raises StoreUnavailableError."""
    with db.read() as connection:
        return next(reversed(promoted_models(connection)), None)


def shipped_model() -> Model:
    """Describe the model that the package brings. Raises ArtifactRefused."""
    manifest = read_manifest()
    return Model(None, None, manifest["version"], manifest["sha256"])


def promote(
    db: Database,
    settings: Settings,
    source: Path,
    *,
    because: str,
    although_worse: bool,
    actor: Actor,
) -> Model:
    """Keep a copy of a trained model and make it the live one.

    Raises SwitchRefusedError where it is live already, where it is worse than the live one and
    ``although_worse`` is not said, or where it cannot be loaded here.
    """
    _refuse_override(settings)
    model, manifest = _keep(settings.models_folder, source)
    before = live_model(db) or shipped_model()
    if (model.digest, model.manifest_sha256) == (before.digest, before.manifest_sha256):
        raise SwitchRefusedError(
            f"{model.version} ({model.digest[:12]}) is the live model already."
        )
    worse = worse_figures(manifest, _manifest_of(settings, before))
    if worse and not although_worse:
        raise SwitchRefusedError(
            f"It is worse than the live model: {'; '.join(worse)}. Compare the two with "
            "`baitwatch model compare`; to promote it all the same, say --although-worse."
        )
    with db.write() as connection:
        record_switch(connection, "promote", to=model, before=before, because=because, actor=actor)
    return model


def roll_back(db: Database, settings: Settings, *, because: str, actor: Actor) -> Model:
    """Make the model live that was live before the newest promotion that still stands.

    Raises SwitchRefusedError where none stands, or where that model cannot be loaded any more.
    """
    _refuse_override(settings)
    with db.write() as connection:
        standing = promoted_models(connection)
        if not standing:
            raise SwitchRefusedError("The shipped model is live: there is nothing to roll back.")
        to = standing[-2] if len(standing) > 1 else shipped_model()
        try:
            load_live(settings, to)
        except ArtifactRefused as error:
            raise SwitchRefusedError(
                f"The model before it cannot be used, so nothing was changed: {error}"
            ) from error
        record_switch(
            connection, "rollback", to=to, before=standing[-1], because=because, actor=actor
        )
    return to


def live_reference(settings: Settings, db: Database) -> dict[str, Spread]:
    """Read how scores and features were spread over the live model's training pages.

    Empty where its manifest does not tell, or cannot be read. Raises StoreUnavailableError.
    """
    try:
        if settings.model is not None:
            return read_reference(read_manifest(settings.model))
    except ArtifactRefused:
        return {}
    live = live_model(db)
    return read_reference(read_manifest() if live is None else _manifest_of(settings, live))


def worse_figures(found: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Name the figures of a manifest that are worse than another's, or that it lacks."""
    now, then = figures_of(found), figures_of(before)
    missing = [f"{name} was not measured" for name in then if name not in now]
    return worse_than(now, then) + missing


def figures_of(manifest: Mapping[str, Any]) -> dict[str, float]:
    """Take the figures out of a manifest; what is no figure by its form is left out."""
    figures = manifest.get("figures")
    if not isinstance(figures, dict):
        return {}
    return {
        str(name): float(value) for name, value in figures.items() if isinstance(value, int | float)
    }


def _refuse_override(settings: Settings) -> None:
    if settings.model is not None:
        raise SwitchRefusedError(
            "BAITWATCH_MODEL names the model, so no switch would count: unset it first."
        )


def _manifest_of(settings: Settings, model: Model) -> dict[str, Any]:
    """Read the manifest of the model to compare with; one that is broken is no measure."""
    try:
        if model.folder is None:
            return read_manifest()
        folder = settings.models_folder / model.folder
        return read_manifest(folder, manifest_sha256=model.manifest_sha256)
    except ArtifactRefused:
        return {}


def _keep(models: Path, source: Path) -> tuple[Model, Mapping[str, Any]]:
    """Copy an artefact among the models under a name of its own, once it has loaded from there."""
    try:
        models.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = Path(mkdtemp(prefix=".draft-", dir=models))
    except OSError as error:
        raise SwitchRefusedError(f"{models} cannot be written: {error.strerror}.") from error
    try:
        for name in (MODEL_FILE, MANIFEST_FILE):
            _copy_durably(source / name, draft / name)
        pin = manifest_digest(draft)
        artifact = load_artifact(draft, manifest_sha256=pin)
        name = _name(artifact.version, pin)
        if not (models / name).exists():
            draft.rename(models / name)
        load_artifact(models / name, manifest_sha256=pin)
    except OSError as error:
        raise SwitchRefusedError(f"{source} cannot be copied: {error.strerror}.") from error
    except ArtifactRefused as error:
        raise SwitchRefusedError(str(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Model(name, pin, artifact.version, artifact.digest), artifact.manifest


def _copy_durably(source: Path, copy: Path) -> None:
    """Copy a file so that it is on the disk before the database says that it is live."""
    shutil.copyfile(source, copy)
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def _name(version: str, pin: str) -> str:
    # A version is whatever somebody wrote: nothing of it may lead out of the folder.
    return f"{re.sub(r'[^A-Za-z0-9.]+', '-', version)[:40].strip('.-') or 'model'}-{pin[:12]}"
