from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import QUICK, small_study

from model.features import FEATURES
from training.examples import stack
from training.experiments.variants import (
    BUILD,
    FAMILIES,
    part_of,
    shuffled,
    thinned,
    without_numbers,
    without_page_view,
    without_passage_view,
)
from training.fit import fit
from training.progress import silent


def test_every_named_number_is_of_exactly_one_family():
    named = [name for names in FAMILIES.values() for name in names] + list(BUILD)
    assert sorted(named) == sorted(FEATURES)


def test_without_the_page_view_nothing_of_the_whole_page_is_left():
    example = small_study().real[0]
    variant = without_page_view(example)
    assert stack([variant.page]).nnz == 0
    assert stack([variant.page, variant.page]).shape[0] == 2
    assert variant.passages is example.passages
    assert variant.numbers == example.numbers


def test_without_the_passage_view_passages_are_counted_and_say_nothing():
    example = max(small_study().real, key=lambda e: len(e.passages))
    variant = without_passage_view(example)
    assert len(variant.passages) == len(example.passages) == len(variant.planted)
    assert stack([variant.passages]).nnz == 0
    assert variant.page is example.page


@pytest.mark.parametrize("variant", [without_page_view, without_passage_view])
def test_a_model_can_be_fitted_without_one_of_its_views(variant):
    fitted = fit([variant(e) for e in small_study().real], QUICK, silent)
    assert np.isfinite(fitted.held_out_scores).all()


def test_without_a_family_its_numbers_are_zero_and_the_others_stay():
    names = list(FEATURES)
    for example in small_study().real[:20]:
        numbers = without_numbers(FAMILIES["promises"])(example).numbers
        for name, before, after in zip(names, example.numbers, numbers, strict=True):
            assert after == (0.0 if name in FAMILIES["promises"] else before)


def test_shuffled_labels_put_a_group_on_one_side_and_plant_nothing():
    examples = [*small_study().real, *small_study().material.generated]
    dealt = shuffled(examples, 3)
    sides = {(e.source.group, e.source.label) for e in dealt}
    assert len(sides) == len({e.source.group for e in examples})
    assert {label for _, label in sides} == {"bait", "ok"}
    assert not any(e.planted.any() for e in dealt)
    assert [e.source.id for e in dealt] == [e.source.id for e in examples]


def test_a_deal_depends_on_its_seed_alone():
    def labels(seed, examples):
        return {e.source.group: e.source.label for e in shuffled(examples, seed)}

    examples = list(small_study().real)
    assert labels(1, examples) == labels(1, examples[::-1])
    assert labels(1, examples) != labels(2, examples)


def test_families_are_thinned_whole():
    generated = small_study().material.generated
    kept = thinned(generated, 3)
    families = {e.source.pair for e in kept}
    assert kept == [e for e in generated if e.source.pair in families]
    assert 0 < len(families) < len({e.source.pair for e in generated})


@given(st.text(), st.integers(1, 9))
def test_a_name_is_always_of_the_same_part(name, parts):
    assert part_of(name, parts) == part_of(name, parts)
    assert 0 <= part_of(name, parts) < parts
