from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from training.augment import from_generated
from training.synthesis import generate


def as_real(example):
    """Take a generated page for a saved one: nobody says which of its passages are bait."""
    return replace(
        example,
        source=replace(example.source, real=True, group=example.source.pair),
        planted=np.zeros(len(example.planted), dtype=bool),
    )


@pytest.fixture(scope="session")
def generated_examples():
    """Pages of about 25 families of bait and honest twins, with their planted passages.

    Of two lures and without the pages that stand alone: so few pages teach no wider world.
    """
    drawn = list(generate([], count=600, seed=5, languages=("en",)))
    families = {page.pair for page in drawn if page.lure in {"streaming", "live-sports"}}
    return [from_generated(page) for page in drawn if page.pair in families][:90]


@pytest.fixture(scope="session")
def real_examples(generated_examples):
    """The same pages as a corpus would bring them: each family is a campaign or a site."""
    return [as_real(example) for example in generated_examples]
