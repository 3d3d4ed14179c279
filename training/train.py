"""Training one artefact: fit, measure out of fold, hold the gate, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.artifact import Artifact, ArtifactRefused, load_artifact, save_artifact
from model.drift import reference_of
from model.features import FEATURES
from model.figures import worse_than
from model.verdict import decide
from training.build import Material
from training.evaluate import score_examples
from training.examples import from_corpus
from training.fit import Fitted, Recipe, fit, fix_thresholds
from training.gate import GateClosed, figures
from training.guard import Guard, hold_guard
from training.metrics import Scored, summarize
from training.progress import Tell, counted


def train_artifact(
    material: Material,
    recipe: Recipe,
    folder: Path,
    *,
    version: str,
    because: str | None,
    progress: Tell,
    guard: Guard | None = None,
) -> tuple[Artifact, dict[str, Any]]:
    """Fit on all the material, compare with the model in ``folder``, write it there.

    Returns the artefact and its out-of-fold summary over the pages that the operator labelled.
    Raises GateClosed where it is worse than the model it would replace and ``because`` gives no
    reason, and where it does not hold the guard set, or needs one and there is none.
    """
    if guard is None and any(e.source.labelled_by for e in material.real):
        raise GateClosed(
            "moderators' labels are among the pages, so the model must be held to pages that they "
            "could not touch: name some with --guard, or trust the people with --trust."
        )
    fitted = _on_own_thresholds(material, fit(material.examples, recipe, progress))
    summary = _summary(material, fitted)
    found = figures(summary)
    worse = worse_than(found, _figures_before(folder))
    if worse and because is None:
        raise GateClosed(
            "the new model is worse than the one it would replace: "
            f"{'; '.join(worse)}. Say --because, or train a better one."
        )
    reference = _reference(material, fitted)
    facts = {**material.facts, "figures": found, "reference": reference, "because": because}
    if guard is not None:
        facts["guard"] = _hold(guard, fitted, progress)
    progress("writing the artefact")
    artifact = save_artifact(
        fitted.classifier, folder, version=version, thresholds=fitted.thresholds, facts=facts
    )
    return artifact, summary


def _on_own_thresholds(material: Material, fitted: Fitted) -> Fitted:
    """Fix the thresholds on the operator's own honest pages: nobody else can push them up."""
    if not any(e.source.labelled_by for e in material.real):
        return fitted
    own = [not (e.source.labelled_by or e.source.is_bait) for e in material.real]
    scores = fitted.held_out_scores[: len(material.real)][own]
    return replace(fitted, thresholds=fix_thresholds(scores))


def _hold(guard: Guard, fitted: Fitted, progress: Tell) -> dict[str, Any]:
    watched = counted(guard.pages, "judging the guard set", progress, total=len(guard.pages))
    return hold_guard(guard, score_examples([from_corpus(page) for page in watched], fitted))


def _summary(material: Material, fitted: Fitted) -> dict[str, Any]:
    scores = fitted.held_out_scores[: len(material.real)]
    return summarize(
        [
            Scored(example.source, float(score), decide(float(score), fitted.thresholds))
            for example, score in zip(material.real, scores, strict=True)
            if not example.source.labelled_by
        ]
    )


def _reference(material: Material, fitted: Fitted) -> dict[str, Any]:
    """Describe the real pages, so that a service sees when the pages it meets are others."""
    scores = fitted.held_out_scores[: len(material.real)]
    numbers = [example.numbers for example in material.real]
    return reference_of([float(score) for score in scores], numbers, tuple(FEATURES))


def _figures_before(folder: Path) -> Mapping[str, float]:
    try:
        manifest = load_artifact(folder).manifest
    except ArtifactRefused:
        return {}
    figures_then: Mapping[str, float] = manifest.get("figures", {})
    return figures_then
