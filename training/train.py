"""Training one artefact: fit, measure out of fold, hold the gate, write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.artifact import Artifact, ArtifactRefused, load_artifact, save_artifact
from model.figures import worse_than
from model.verdict import decide
from training.build import Material
from training.fit import Fitted, Recipe, fit
from training.gate import GateClosed, figures
from training.metrics import Scored, summarize
from training.progress import Tell


def train_artifact(
    material: Material,
    recipe: Recipe,
    folder: Path,
    *,
    version: str,
    because: str | None,
    progress: Tell,
) -> tuple[Artifact, dict[str, Any]]:
    """Fit on all the material, compare with the model in ``folder``, write it there.

    Returns the artefact and its out-of-fold summary over the real pages. Raises GateClosed where
    it is worse than the model it would replace and ``because`` gives no reason.
    """
    fitted = fit(material.examples, recipe, progress)
    summary = _summary(material, fitted)
    found = figures(summary)
    worse = worse_than(found, _figures_before(folder))
    if worse and because is None:
        raise GateClosed(
            "the new model is worse than the one it would replace: "
            f"{'; '.join(worse)}. Say --because, or train a better one."
        )
    progress("writing the artefact")
    facts = {**material.facts, "figures": found, "because": because}
    artifact = save_artifact(
        fitted.classifier, folder, version=version, thresholds=fitted.thresholds, facts=facts
    )
    return artifact, summary


def _summary(material: Material, fitted: Fitted) -> dict[str, Any]:
    scores = fitted.held_out_scores[: len(material.real)]
    return summarize(
        [
            Scored(example.source, float(score), decide(float(score), fitted.thresholds))
            for example, score in zip(material.real, scores, strict=True)
        ]
    )


def _figures_before(folder: Path) -> Mapping[str, float]:
    try:
        manifest = load_artifact(folder).manifest
    except ArtifactRefused:
        return {}
    figures_then: Mapping[str, float] = manifest.get("figures", {})
    return figures_then
