"""The compiled scorer says what the fitted pipelines say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from wild_pages import DOCUMENTS

from model.artifact import load_artifact
from model.document import parse_document
from model.features import Reading, extract_features
from model.page import Page
from model.saved import parse_saved_line

PAGES = Path(__file__).parents[2] / "pages"


def assert_equal_scores(artifact, document):
    features = extract_features(Reading(document))
    plain = artifact.classifier.predict(features)
    scored = artifact.scorer.score(features).prediction
    assert scored.score == pytest.approx(plain.score, abs=1e-6)
    assert scored.passage_odds == pytest.approx(plain.passage_odds, abs=1e-4)


@given(DOCUMENTS)
def test_any_page_scores_as_with_the_fitted_pipelines(small_artifact, document):
    assert_equal_scores(small_artifact, document)


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_shipped_model_scores_alike_compiled(path):
    artifact = load_artifact()
    for line in path.read_text(encoding="utf-8").splitlines():
        assert_equal_scores(artifact, parse_document(parse_saved_line(line).page))


def test_a_run_of_units_has_the_odds_of_the_passage_it_is(small_artifact):
    text = "A quiet film.\n\nWatch it free on our partner site now!\n\nThe end."
    document = parse_document(Page.from_text(text))
    reading = Reading(document)
    features = extract_features(reading)
    scored = small_artifact.scorer.score(features)
    runs = [range(p.first, p.last + 1) for p in features.passages]
    odds = small_artifact.scorer.run_odds(scored.hashed, runs)
    assert np.allclose(odds, scored.prediction.passage_odds)
