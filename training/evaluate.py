"""Evaluating: an artefact on labelled pages, or the whole training on campaigns it never saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from model.artifact import Artifact
from model.judge import judge_page
from model.verdict import decide
from training.build import Material
from training.corpus import LabelledPage
from training.examples import Example, source_of
from training.fit import Fitted, Recipe, Views, fit
from training.folds import Fold, folds_by_group, without_borrowers
from training.metrics import Scored
from training.progress import Tell


def score_pages(pages: Iterable[LabelledPage], artifact: Artifact) -> Iterator[Scored]:
    """Judge labelled pages with an artefact; a page that it calls unknown is left out."""
    for page in pages:
        verdict = judge_page(page.saved.page, artifact)
        if verdict.score is not None:
            yield Scored(source_of(page), verdict.score, verdict.verdict)


def score_held_out(
    material: Material, recipe: Recipe, *, folds: int, progress: Tell
) -> list[Scored]:
    """Train once for each fold without its campaigns and sites, and score their real pages.

    Generated pages go with the site of their article. Verdicts use the thresholds that each
    training fixed on its own pages. Raises TooLittleToLearn where what a fold leaves is too little.
    """
    examples = material.examples
    splits = held_out_folds(examples, folds, recipe.seed + 2)
    splits = [(train, test) for train, test in splits if any(examples[i].source.real for i in test)]
    scored: list[Scored] = []
    for number, (train, test) in enumerate(splits, start=1):

        def tell(step: str, number: int = number) -> None:
            progress(f"fold {number} of {len(splits)}: {step}")

        scored += _score_fold(examples, train, test, recipe, tell)
    return scored


def held_out_folds(examples: Sequence[Example], folds: int, seed: int) -> list[Fold]:
    """Split by campaign and site; nothing that is learnt from holds a tested site's words."""
    groups = [e.source.group for e in examples]
    lenders = [e.source.lender for e in examples]
    return [
        (without_borrowers(train, test, groups, lenders), test)
        for train, test in folds_by_group(groups, folds, seed)
    ]


def _score_fold(
    examples: Sequence[Example],
    train: NDArray[np.intp],
    test: NDArray[np.intp],
    recipe: Recipe,
    progress: Tell,
) -> list[Scored]:
    fitted = fit([examples[i] for i in train], recipe, progress)
    return score_examples([examples[i] for i in test if examples[i].source.real], fitted)


def score_examples(examples: Sequence[Example], fitted: Fitted) -> list[Scored]:
    """Score examples with what was fitted without them; the verdicts are by its thresholds."""
    if not examples:
        return []
    views = Views(fitted.classifier.page_view, fitted.classifier.passage_view)
    raw = fitted.classifier.joiner.decision_function(views.joined(examples))
    scores = [fitted.classifier.calibration.score(float(value)) for value in raw]
    return [
        Scored(example.source, score, decide(score, fitted.thresholds))
        for example, score in zip(examples, scores, strict=True)
    ]


def score_out_of_fold(examples: Sequence[Example], fitted: Fitted) -> list[Scored]:
    """Give the fitted examples, in order, the scores that were made without their own group.

    The thresholds were fixed on these very scores, so only rankings say something new here.
    """
    return [
        Scored(example.source, float(score), decide(float(score), fitted.thresholds))
        for example, score in zip(examples, fitted.held_out_scores, strict=True)
    ]
