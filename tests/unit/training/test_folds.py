from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from training.folds import TooLittleToLearn, folds_by_group, learnable_folds, refuse_one_sided

groups = st.lists(st.text(max_size=4), max_size=60)
counts = st.integers(2, 8)
seeds = st.integers(-5, 5)


@given(groups, counts, seeds)
def test_a_group_is_never_on_both_sides(names, count, seed):
    for train, test in folds_by_group(names, count, seed):
        assert not {names[i] for i in train} & {names[i] for i in test}


@given(groups, counts, seeds)
def test_each_position_is_tested_once_and_trains_every_other_fold(names, count, seed):
    folds = folds_by_group(names, count, seed)
    assert sorted(i for _, test in folds for i in test) == list(range(len(names)))
    assert all(sorted([*train, *test]) == list(range(len(names))) for train, test in folds)


@given(groups, groups, counts, seeds)
def test_adding_pages_moves_no_other(names, more, count, seed):
    before = [set(test) for _, test in folds_by_group(names, count, seed)]
    after = [set(test) for _, test in folds_by_group([*names, *more], count, seed)]
    assert all(old <= new for old, new in zip(before, after, strict=True))


def test_another_seed_is_another_split():
    names = [f"site {n}" for n in range(50)]
    first, second = (folds_by_group(names, 5, seed) for seed in (0, 1))
    assert [list(test) for _, test in first] != [list(test) for _, test in second]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), min_size=1), counts, seeds)
def test_whatever_split_is_handed_out_can_be_learnt_from(pages, count, seed):
    names, bait = [name for name, _ in pages], np.array([label for _, label in pages])
    try:
        folds = learnable_folds(names, bait, count, seed)
    except TooLittleToLearn:
        assume(False)
    assert all(len(test) and bait[train].any() and not bait[train].all() for train, test in folds)
    assert sorted(i for _, test in folds for i in test) == list(range(len(names)))


@pytest.mark.parametrize(("alone", "word"), [(True, "bait"), (False, "honest")])
def test_a_label_that_one_fold_holds_alone_is_named_with_what_to_add(alone, word):
    names = ["one campaign", *(f"site {n}" for n in range(40))]
    bait = np.array([alone, *([not alone] * 40)])
    with pytest.raises(TooLittleToLearn, match=f"All {word} pages .* add {word} pages of other"):
        learnable_folds(names, bait, 4, 0)


@pytest.mark.parametrize(
    ("pages", "lack"),
    [
        ([], "no bait page"),
        ([("a", False), ("b", False)], "no bait page"),
        ([("a", True), ("b", True)], "no honest page"),
        ([("a", True), ("a", True), ("b", False), ("c", False)], "bait pages of one group only"),
        ([("a", True), ("b", True), ("c", False)], "honest pages of one group only"),
        ([("a", True), ("a", False)], "bait pages of one group only"),
    ],
)
def test_a_one_sided_corpus_is_told_what_it_lacks(pages, lack):
    with pytest.raises(TooLittleToLearn, match=f"{lack}: add saved pages"):
        refuse_one_sided([group for group, _ in pages], [bait for _, bait in pages])


def test_two_campaigns_that_each_have_an_honest_twin_are_enough():
    refuse_one_sided(["a", "a", "b", "b"], [True, False, True, False])
