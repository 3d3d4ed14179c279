from __future__ import annotations

from dataclasses import replace

import pytest
from saved_lines import line, prose

from model.artifact import Artifact
from model.document import parse_document
from model.judge import judge_page
from model.saved import parse_saved_line
from model.scorer import Scorer
from model.verdict import Thresholds
from training.build import Material
from training.corpus import LabelledPage
from training.evaluate import score_held_out, score_pages
from training.fit import Recipe, fit

QUICK = Recipe(mining_rounds=0, inner_folds=2)


def quiet(step):
    pass


def labelled(raw):
    saved = parse_saved_line(raw)
    return LabelledPage(saved, parse_document(saved.page))


@pytest.fixture(scope="session")
def artifact(real_examples):
    fitted = fit(real_examples, QUICK, quiet)
    scorer = Scorer.of(fitted.classifier)
    return Artifact(fitted.classifier, Thresholds(0.9, 0.4), "test", "0" * 64, {}, scorer)


def test_pages_are_scored_as_the_service_would_judge_them(artifact):
    pages = [labelled(line(f"p{n}", prose(n), "ok", group=f"g{n}")) for n in range(5)]
    scored = list(score_pages(pages, artifact))
    assert [s.source.id for s in scored] == [f"p{n}" for n in range(5)]
    for page, found in zip(pages, scored, strict=True):
        verdict = judge_page(page.saved.page, artifact)
        assert (found.score, found.verdict) == (verdict.score, verdict.verdict)


def test_what_the_model_calls_unknown_is_left_out(artifact):
    pages = [labelled(line("a", None, html="%PDF-1.7 words")), labelled(line("b", prose(1)))]
    assert [s.source.id for s in score_pages(pages, artifact)] == ["b"]


def test_every_real_page_is_scored_once_and_no_generated_one(real_examples, generated_examples):
    material = Material(tuple(real_examples[:60]), tuple(generated_examples[60:]), {})
    told = []
    scored = score_held_out(material, QUICK, folds=3, progress=told.append)
    assert sorted(s.source.id for s in scored) == sorted(e.source.id for e in real_examples[:60])
    assert all(
        step.startswith(f"fold {n} of 3: ") for n, step in zip("123", told[::6], strict=False)
    )
    bait = [s.score for s in scored if s.source.is_bait]
    honest = [s.score for s in scored if not s.source.is_bait]
    assert sum(bait) / len(bait) > sum(honest) / len(honest)


def test_a_campaign_is_scored_by_a_training_that_never_saw_it(real_examples):
    """Contradict every label of one campaign: only who learnt from it would follow."""
    campaign = real_examples[0].source.group
    turned = [turn(e) if e.source.group == campaign else e for e in real_examples[:48]]
    first, second = (
        score_held_out(Material(tuple(pages), (), {}), QUICK, folds=3, progress=quiet)
        for pages in (real_examples[:48], turned)
    )
    before, after = (
        {s.source.id: s.score for s in scored if s.source.group == campaign}
        for scored in (first, second)
    )
    assert before == after
    assert len(before) > 1


def turn(made):
    label = "ok" if made.source.is_bait else "bait"
    return replace(made, source=replace(made.source, label=label))


def test_generated_pages_go_with_the_site_of_their_article(real_examples):
    """What was laid into an article of a campaign's site says nothing while that is held back."""
    campaign = real_examples[0].source.group
    laid = tuple(
        replace(e, source=replace(e.source, real=False, group=campaign)) for e in real_examples[-8:]
    )
    with_them, without = (
        score_held_out(
            Material(tuple(real_examples[:48]), generated, {}), QUICK, folds=3, progress=quiet
        )
        for generated in (laid, ())
    )
    own, others = (
        [
            [s.score for s in run if (s.source.group == campaign) is is_own]
            for run in (with_them, without)
        ]
        for is_own in (True, False)
    )
    assert own[0] == own[1]
    assert others[0] != others[1]


def test_parts_without_a_real_page_are_not_trained_for(real_examples):
    material = Material(tuple(real_examples[:24]), (), {})
    told = []
    score_held_out(material, QUICK, folds=20, progress=told.append)
    parts = {step.partition(":")[0] for step in told}
    assert 2 <= len(parts) <= len({e.source.group for e in material.real})
