from __future__ import annotations

import io
from dataclasses import replace

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_lines import example, prose

from model.classifier import JOINED_SIGNS
from model.document import parse_document
from model.features import Reading, extract_features
from model.hashing import hash_features
from model.page import Page
from model.verdict import decide
from training.examples import stack
from training.fit import Recipe, fit, fit_views, fix_thresholds
from training.folds import TooLittleToLearn

QUICK = Recipe(mining_rounds=1, inner_folds=3)


def quiet(step):
    pass


def of_text(text, label, group, **more):
    document = parse_document(Page.from_text(text))
    return example(document, label=label, group=group, id=group, **more)


@pytest.fixture(scope="session")
def mixed(real_examples, generated_examples):
    """A corpus of 60 real pages with 30 generated ones beside it."""
    return [*real_examples[:60], *generated_examples[60:]]


@pytest.fixture(scope="session")
def fitted(mixed):
    return fit(mixed, QUICK, quiet)


def dumped(classifier):
    buffer = io.BytesIO()
    joblib.dump(classifier, buffer)
    return buffer.getvalue()


def test_the_same_examples_and_recipe_give_the_same_classifier(mixed, fitted):
    again = fit(mixed, QUICK, quiet)
    assert dumped(again.classifier) == dumped(fitted.classifier)
    assert again.thresholds == fitted.thresholds
    assert np.array_equal(again.held_out_scores, fitted.held_out_scores)


def test_another_seed_gives_another_one(mixed, fitted):
    other = fit(mixed, replace(QUICK, seed=1), quiet)
    assert dumped(other.classifier) != dumped(fitted.classifier)


def test_bait_of_campaigns_held_back_scores_higher_than_honest_pages(mixed, fitted):
    bait = np.array([e.source.is_bait for e in mixed])
    scores = fitted.held_out_scores
    assert ((scores >= 0) & (scores <= 1)).all()
    assert np.median(scores[bait]) > 0.5 > np.median(scores[~bait])


def test_the_joiner_keeps_the_signs_that_make_sense(fitted):
    weights = zip(fitted.classifier.joiner.coef_, JOINED_SIGNS, strict=True)
    assert all(weight * sign >= 0 for weight, sign in weights)


def test_scores_rise_with_the_raw_score(fitted):
    scores = [fitted.classifier.calibration.score(raw) for raw in np.linspace(-8, 8, 50)]
    assert scores == sorted(set(scores))


def test_the_thresholds_are_held_by_the_honest_real_pages(mixed, fitted):
    honest = [
        decide(score, fitted.thresholds)
        for made, score in zip(mixed, fitted.held_out_scores, strict=True)
        if made.source.real and not made.source.is_bait
    ]
    assert set(honest) == {"clean"}  # of so few, not one in a hundred may be flagged


def test_a_campaign_is_scored_without_having_been_learnt_from(real_examples):
    # Nothing but their label makes these pages bait: only who has learnt them can know.
    words = f"quixotic zephyr {prose(1, 40)}"
    odd = [of_text(words, "bait", "odd")] * 3
    honest = [of_text(prose(n, 40), "ok", f"plain {n}") for n in range(8)]
    fitted = fit([*real_examples, *honest, *odd], QUICK, quiet)
    features = extract_features(Reading(parse_document(Page.from_text(words))))
    assert fitted.classifier.predict(features).score > max(fitted.held_out_scores[-3:])


def test_real_bait_alone_teaches_which_of_its_passages_are_bait(real_examples, generated_examples):
    assert not any(made.planted.any() for made in real_examples)
    train, test = real_examples[:60], generated_examples[60:]
    view = fit_views(train, QUICK).passage
    gaps = []
    for made in test:
        odds = view.decision_function(stack([made.passages]))
        if made.planted.any() and not made.planted.all():
            gaps.append(odds[made.planted].max() - odds[~made.planted].max())
    assert len(gaps) > 3
    assert np.mean(np.array(gaps) > 0) > 0.6


def test_planted_passages_teach_without_any_real_bait(generated_examples):
    view = fit_views(generated_examples[:60], replace(QUICK, mining_rounds=0)).passage
    strongest = {True: [], False: []}
    for made in generated_examples[60:]:
        odds = view.decision_function(stack([made.passages]))
        strongest[made.source.is_bait].append(odds.max())
    assert np.mean(strongest[True]) > np.mean(strongest[False])


@pytest.mark.parametrize(("lures", "answer"), [(("", ""), "other"), (("", "download"), "download")])
def test_where_bait_has_one_lure_or_none_there_is_nothing_to_choose(real_examples, lures, answer):
    examples = [
        replace(made, source=replace(made.source, lure=lures[n % 2] if made.source.is_bait else ""))
        for n, made in enumerate(real_examples[:50])
    ]
    fitted = fit(examples, QUICK, quiet)
    features = extract_features(Reading(parse_document(Page.from_text(prose(3)))))
    assert fitted.classifier.predict_lure(hash_features(features).passages[0]) == answer


def only(examples, *, bait=None, real=None):
    kept = (e for e in examples if bait is None or e.source.is_bait == bait)
    return [e for e in kept if real is None or e.source.real == real]


def test_examples_that_cannot_teach_are_refused_with_what_to_add(mixed):
    in_one_group = [replace(e, source=replace(e.source, group="g")) for e in mixed]
    for examples, lack in [
        ([], "no real honest page"),
        (only(mixed, bait=True), "no real honest page"),
        (only(mixed, real=False), "no real honest page"),
        (only(mixed, bait=False), "All bait pages"),
        (in_one_group, "All (honest|bait) pages"),
    ]:
        with pytest.raises(TooLittleToLearn, match=lack):
            fit(examples, QUICK, quiet)


def test_labels_that_say_nothing_are_refused(real_examples):
    """Each campaign contradicts the others, so what is learnt is wrong wherever it is not known."""
    texts = [f"{prose(n, 30)} {prose(1000 + n % 2, 30)}" for n in range(24)]
    examples = [of_text(text, ("bait", "ok")[n % 3 == 0], f"g{n}") for n, text in enumerate(texts)]
    with pytest.raises(TooLittleToLearn, match="nothing was learnt that carries over"):
        fit(examples, QUICK, quiet)


honest_scores = st.lists(st.floats(0, 1), min_size=1, max_size=400)


@given(honest_scores)
def test_no_more_honest_pages_are_flagged_than_allowed(scores):
    thresholds = fix_thresholds(np.array(scores))
    verdicts = [decide(score, thresholds) for score in scores]
    assert verdicts.count("bait") <= len(scores) / 1_000
    assert len(scores) - verdicts.count("clean") <= len(scores) / 100
    assert thresholds.suspicious <= thresholds.bait


@pytest.mark.parametrize(
    ("pages", "bait", "suspicious"),
    [(100, 99, 98), (1_000, 998, 989), (3_000, 2_996, 2_969), (99, 98, 98)],
)
def test_the_thresholds_lie_just_above_the_last_honest_page_allowed(pages, bait, suspicious):
    thresholds = fix_thresholds(np.arange(pages) / pages)
    assert thresholds.bait == np.nextafter(bait / pages, 1)
    assert thresholds.suspicious == np.nextafter(suspicious / pages, 1)


def test_honest_pages_at_the_very_top_are_not_flagged_either():
    assert decide(1.0, fix_thresholds(np.ones(50))) == "clean"
