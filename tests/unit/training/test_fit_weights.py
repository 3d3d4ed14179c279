"""How much each page weighs: real and generated, bait and honest, large campaigns and small."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_lines import example

from model.document import parse_document
from model.page import Page
from training.fit import joiner_weights, page_weights

BLANK = example(parse_document(Page.from_text("words")))


def pages(*kinds):
    return [
        replace(BLANK, source=replace(BLANK.source, real=real, label=label, group=group))
        for real, label, group in kinds
    ]


def total(weights, examples, *, real, bait):
    return sum(
        weight
        for weight, e in zip(weights, examples, strict=True)
        if e.source.real is real and e.source.is_bait is bait
    )


FOUR_KINDS = [(True, "bait", "a"), (True, "ok", "b"), (False, "bait", "c"), (False, "ok", "d")]
kinds = st.tuples(st.booleans(), st.sampled_from(["bait", "ok"]), st.sampled_from("abcde"))


@given(st.lists(kinds, max_size=30))
def test_the_four_kinds_of_pages_weigh_the_same_however_many_there_are(more):
    examples = pages(*FOUR_KINDS, *more)
    weights = page_weights(examples)
    quarter = len(examples) / 4
    for real in (True, False):
        for bait in (True, False):
            assert total(weights, examples, real=real, bait=bait) == pytest.approx(quarter)
    assert (weights > 0).all()


def test_a_campaign_weighs_the_root_of_its_size():
    examples = pages(*[(True, "bait", "nine")] * 9, (True, "bait", "one"), (True, "ok", "nine"))
    weights = page_weights(examples)
    assert sum(weights[:9]) == pytest.approx(3 * weights[9])
    assert weights[0] == pytest.approx(weights[8])


def test_honest_pages_of_a_campaigns_group_do_not_thin_its_bait():
    alone = pages((True, "bait", "x"), (True, "bait", "y"), *[(True, "ok", "z")] * 4)
    shared = pages((True, "bait", "x"), (True, "bait", "y"), *[(True, "ok", "x")] * 4)
    assert page_weights(alone) == pytest.approx(page_weights(shared))


def test_generated_pages_weigh_the_same_whatever_site_they_go_with():
    examples = pages(*FOUR_KINDS, *[(False, "bait", "c")] * 3, (False, "bait", "z"))
    weights = page_weights(examples)
    generated_bait = [weights[2], *weights[4:]]
    assert generated_bait == pytest.approx([generated_bait[0]] * 5)


def written(examples):
    return [
        replace(e, source=replace(e.source, passage=f"{e.source.label} {number}"))
        for number, e in enumerate(examples)
    ]


def test_the_joiner_learns_from_real_pages_and_from_passages_that_people_wrote():
    known_by_heart = pages((False, "bait", "c"), (False, "ok", "d"))
    new = pages(*[(True, "bait", campaign) for campaign in "abcde"], (True, "ok", "f"))
    new += written(pages((False, "bait", "g"), (False, "ok", "g")))
    weights = joiner_weights([*known_by_heart, *new])
    assert weights[:2].tolist() == [0, 0]
    assert np.array_equal(weights[2:], page_weights(new))


@pytest.mark.parametrize(
    "new",
    [
        pages(*[(True, "bait", campaign) for campaign in "abcd"], (True, "ok", "f")),
        pages(*[(True, "bait", campaign) for campaign in "abcde"]),
        [],
    ],
    ids=["too few campaigns", "nothing honest", "nothing"],
)
def test_the_joiner_learns_from_the_grammar_where_there_is_too_little_else(new):
    examples = [*new, *pages((False, "bait", "c"), (False, "ok", "d"))]
    assert np.array_equal(joiner_weights(examples), page_weights(examples))


def test_a_page_whose_label_is_trusted_by_half_weighs_half():
    examples = pages(*[(True, label, group) for label in ("bait", "ok") for group in "ab"])
    doubted = replace(examples[0], source=replace(examples[0].source, weight=0.5))
    weights = page_weights([doubted, *examples[1:]])
    assert weights[0] == pytest.approx(weights[1] / 2)
    assert weights[2] == pytest.approx(weights[3])
