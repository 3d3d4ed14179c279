"""What tests of every kind share: a small model, fitted in seconds, that is real all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from model.artifact import Artifact, load_artifact, save_artifact
from training.augment import from_generated
from training.examples import Example
from training.fit import Fitted, Recipe, fit
from training.progress import silent
from training.synthesis import generate

# How long one example takes says more about the machine's load than about the code; whole tests
# have a timeout. Everything else stays as it is, here and in CI, where hypothesis repeats itself.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Take back how a command of the test before set the logs up: `doctor` has them say nothing."""
    kept = structlog.get_config()
    yield
    structlog.configure(**kept)


def _example(page) -> Example:
    # Thresholds are fixed on real honest pages alone, so these are passed off as real ones.
    example = from_generated(page)
    return replace(example, source=replace(example.source, real=True))


@pytest.fixture(scope="session")
def small_fitted() -> Fitted:
    """Fit a classifier to 480 generated pages in four languages."""
    pages = generate((), count=480, seed=1, languages=("en", "de", "es", "fr"))
    recipe = Recipe(inner_folds=3, mining_rounds=1)
    return fit([_example(page) for page in pages], recipe, silent)


@pytest.fixture(scope="session")
def small_folder(small_fitted: Fitted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save the small classifier; tests that damage it work on a copy."""
    folder = tmp_path_factory.mktemp("small-artifact")
    save_artifact(
        small_fitted.classifier,
        folder,
        version="small",
        thresholds=small_fitted.thresholds,
        facts={"seed": 1},
    )
    return folder


@pytest.fixture(scope="session")
def small_artifact(small_folder: Path) -> Artifact:
    """Load the small classifier as the service would."""
    return load_artifact(small_folder)
