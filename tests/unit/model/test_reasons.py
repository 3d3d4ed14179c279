from __future__ import annotations

from dataclasses import replace

import pytest

from model.classifier import JOINED_NAMES, Prediction
from model.document import parse_document
from model.features import FEATURES, Features, Reading, extract_features
from model.page import Page
from model.reasons import PAGE_REASON, PASSAGE_REASON, REASON_SENTENCES, explain

NOTHING = Prediction(0.0, 0.5, (0.0,) * len(JOINED_NAMES), (0.0,))
PLAIN = Features((1.0,) * len(FEATURES), [], (0,), ([],), ([],), (frozenset(),), ())


def saying(**weights: float) -> Prediction:
    return replace(NOTHING, contributions=tuple(weights.get(name, 0.0) for name in JOINED_NAMES))


def test_what_speaks_for_bait_is_told_strongest_first():
    reasons = explain(saying(offer=0.5, page_view=2.0, pressure=1.0), PLAIN)
    assert [(r.code, r.weight) for r in reasons] == [
        (PAGE_REASON, 2.0),
        ("pressure", 1.0),
        ("offer", 0.5),
    ]
    assert reasons[1].text == FEATURES["pressure"].sentence


def test_the_two_sums_of_the_passage_view_are_one_reason():
    reasons = explain(saying(strongest_passage=1.0, closing_passage=0.25), PLAIN)
    assert [(r.code, r.weight) for r in reasons] == [(PASSAGE_REASON, 1.25)]


def test_what_speaks_for_an_honest_page_or_hardly_speaks_is_no_reason():
    assert explain(saying(offer=-1.0, pressure=0.05, page_view=0.04), PLAIN) == ()


def test_a_feature_that_is_not_there_is_no_reason_though_its_absence_weighs():
    features = replace(PLAIN, numbers=tuple(0.0 for _ in FEATURES))
    assert explain(saying(offer=1.0), features) == ()


def test_six_reasons_are_told_at_most():
    names = [name for name, feature in FEATURES.items() if feature.sign > 0][:9]
    reasons = explain(saying(**{name: 1.0 + i for i, name in enumerate(names)}), PLAIN)
    assert [r.code for r in reasons] == names[::-1][:6]


@pytest.mark.parametrize("name", [n for n, f in FEATURES.items() if f.sign < 0])
def test_what_can_only_speak_for_honest_pages_is_never_a_reason(name):
    assert name not in REASON_SENTENCES
    assert explain(saying(**{name: 3.0}), PLAIN) == ()


def test_a_real_prediction_is_explained_by_true_sentences(small_artifact):
    page = Page.from_html(
        "<title>Netflix film</title><p>Hurry, watch the full movie free on our partner site: "
        '<a href="https://bit.ly/x">Watch now</a>'
    )
    features = extract_features(Reading(parse_document(page)))
    prediction = small_artifact.classifier.predict(features)
    reasons = explain(prediction, features)
    numbers = dict(zip(FEATURES, features.numbers, strict=True))
    assert reasons
    assert all(numbers.get(reason.code, 1.0) > 0 for reason in reasons)
    weights = [reason.weight for reason in reasons]
    assert weights == sorted(weights, reverse=True)
