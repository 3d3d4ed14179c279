"""Fitting: from examples to a calibrated classifier and its thresholds.

Everything that is joined, calibrated or cut is fitted on scores that were made without the page's
own campaign or site (out of fold), as unseen campaigns are what the model will meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from model.classifier import (
    JOINED_SIGNS,
    BaitClassifier,
    Calibration,
    joined_row,
)
from model.hashing import LURE_HASHES, fold
from model.joiner import SignedLogistic
from model.verdict import Thresholds
from model.weighing import DampedTfidf
from training.examples import Example, stack
from training.folds import (
    Fold,
    TooLittleToLearn,
    folds_by_group,
    refuse_unlearnable,
    without_borrowers,
)
from training.metrics import cut_at
from training.progress import Tell

Floats = NDArray[np.float64]

_RANKING_FOLDS = 5  # in which the joiner ranks what it has not seen


@dataclass(frozen=True, slots=True)
class Recipe:
    """What may be chosen in training. The defaults are what ships."""

    seed: int = 0
    inner_folds: int = 4
    page_c: float = 1.0
    page_damping: float = 20_000.0
    passage_damping: float = 4_000.0
    passage_alpha: float = 1e-6
    passage_epochs: int = 10
    joiner_penalty: float = 1e-3
    mining_rounds: int = 2
    windows_per_page: int = 8
    passages_per_bait: int = 3


# Learns from rows with their labels and weights, and ranks other rows.
Learner = Callable[[Floats, NDArray[np.bool_], Floats, Floats, Recipe], Floats]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A classifier with its thresholds, and the out-of-fold scores they were fixed on."""

    classifier: BaitClassifier
    thresholds: Thresholds
    held_out_scores: Floats  # one for each example, in order


@dataclass(frozen=True, slots=True)
class Views:
    """The two fitted views."""

    page: Pipeline
    passage: Pipeline

    def joined(self, examples: Sequence[Example]) -> Floats:
        """Return the joiner's input for each example."""
        page = self.page.decision_function(stack([e.page for e in examples]))
        odds = self.passage.decision_function(stack([e.passages for e in examples]))
        ends = np.cumsum([len(e.passages) for e in examples])
        return np.array(
            [
                joined_row(float(p), odds[end - len(e.passages) : end], e.numbers)
                for p, end, e in zip(page, ends, examples, strict=True)
            ]
        )


def fit(examples: Sequence[Example], recipe: Recipe, progress: Tell) -> Fitted:
    """Fit the whole classifier; the same examples and recipe give the same one.

    Raises TooLittleToLearn where the examples lack bait, real honest pages or enough campaigns.
    """
    honest = np.array([e.source.real and not e.source.is_bait for e in examples])
    if not honest.any():
        raise TooLittleToLearn(
            'There is no real honest page to fix the thresholds on: add pages labelled "ok".'
        )
    joined = joined_out_of_fold(examples, recipe, progress)
    weights = joiner_weights(examples)
    labels = _labels(examples)
    progress("joining and calibrating")
    raw = rank_out_of_fold(examples, joined, recipe, rank_by_joiner)
    calibration = _calibrate(raw, labels, weights)
    joiner = _fit_joiner(joined, labels, weights, recipe)
    progress("fitting the views on everything")
    views = fit_views(examples, recipe)
    classifier = BaitClassifier(
        page_view=views.page,
        passage_view=views.passage,
        joiner=joiner,
        lures=_fit_lures(examples, views.passage, recipe),
        calibration=calibration,
    )
    scores = np.array([calibration.score(float(value)) for value in raw])
    return Fitted(classifier, fix_thresholds(scores[honest]), scores)


def fix_thresholds(honest_scores: Floats) -> Thresholds:
    """Cut where at most 1 in 1,000 (bait) and 1 in 100 (suspicious) honest pages lie above."""

    def just_above(rate: float) -> float:
        return float(np.nextafter(cut_at(honest_scores, rate), np.inf))

    return Thresholds(bait=just_above(0.001), suspicious=just_above(0.01))


def fit_views(examples: Sequence[Example], recipe: Recipe) -> Views:
    """Fit both views on all the examples given."""
    return Views(_fit_page_view(examples, recipe), _fit_passage_view(examples, recipe))


def _labels(examples: Sequence[Example]) -> NDArray[np.bool_]:
    return np.array([e.source.is_bait for e in examples])


def inner_folds(examples: Sequence[Example], count: int, seed: int) -> list[Fold]:
    """Hold back campaigns and sites, and hand-written passages wherever they are laid.

    The joiner must see how the views do on passages that they have not learnt, as it will live on
    such. A page around a passage is tested with the passage; where its site is held back and its
    passage is not, it is left out.
    """
    held = [e.source.passage or e.source.group for e in examples]
    laid = np.array([bool(e.source.passage) for e in examples])
    groups = [e.source.group for e in examples]
    lenders = [e.source.lender for e in examples]
    labels = _labels(examples)
    folds = [
        (without_borrowers(train, test[~laid[test]], groups, lenders), test)
        for train, test in folds_by_group(held, count, seed)
        if len(test)
    ]
    refuse_unlearnable(folds, labels, count)
    return folds


def joined_out_of_fold(examples: Sequence[Example], recipe: Recipe, progress: Tell) -> Floats:
    """Return the joiner's input for each example, from views that never saw its group."""
    rows: list[tuple[NDArray[np.intp], Floats]] = []
    folds = inner_folds(examples, recipe.inner_folds, recipe.seed)
    for number, (train, test) in enumerate(folds, start=1):
        progress(f"views without fold {number} of {len(folds)}")
        views = fit_views([examples[i] for i in train], recipe)
        rows.append((test, views.joined([examples[i] for i in test])))
    joined = np.empty((len(examples), rows[0][1].shape[1]))
    for test, values in rows:
        joined[test] = values
    return joined


def page_weights(examples: Sequence[Example]) -> Floats:
    """Weigh pages: as their labels are trusted, campaigns by the root of their size, labels alike.

    Bait and honest pages weigh the same within real and within generated pages, so that being
    generated is no evidence.
    """
    sizes = Counter((e.source.group, e.source.label) for e in examples if e.source.real)
    weights = np.array(
        [
            e.source.weight * sizes[e.source.group, e.source.label] ** -0.5 if e.source.real else 1
            for e in examples
        ],
        dtype=np.float64,
    )
    for real in (True, False):
        for bait in (True, False):
            part = np.array([e.source.real is real and e.source.is_bait is bait for e in examples])
            if part.any():
                weights[part] *= 0.25 * len(examples) / weights[part].sum()
    return weights


def joiner_weights(examples: Sequence[Example]) -> Floats:
    """Weigh pages for joiner and calibration: as page_weights, those with words of the grammar 0.

    The grammar's sentences stand in every fold, so the views know them by heart, and a joiner that
    learnt from them would trust the views too much. Real pages and hand-written passages are as
    new to the views of a fold as what the model will meet. All pages count where those hold too
    little bait, or no honest page.
    """
    is_new = np.array([bool(e.source.real or e.source.passage) for e in examples])
    new = list(compress(examples, is_new))
    taught = {e.source.passage or e.source.group for e in new if e.source.is_bait}
    if len(taught) < _RANKING_FOLDS or all(e.source.is_bait for e in new):
        return page_weights(examples)
    weights = np.zeros(len(examples))
    weights[is_new] = page_weights(new)
    return weights


def _fit_lean(pipeline: Pipeline, rows: csr_matrix, labels: object, weights: Floats) -> Pipeline:
    pipeline.fit(rows, labels, linear__sample_weight=weights)
    _shrink(pipeline)
    return pipeline


def _shrink(pipeline: Pipeline) -> None:
    """Keep only what scoring needs, in single precision: a small artefact, the same ranking."""
    linear, idf = pipeline["linear"], pipeline["tfidf"]
    idf.idf_ = idf.idf_.astype(np.float32)
    scoring = LogisticRegression()
    scoring.coef_ = linear.coef_.astype(np.float32)
    scoring.intercept_, scoring.classes_ = linear.intercept_, linear.classes_
    pipeline.steps[-1] = ("linear", scoring)


def _page_pipeline(recipe: Recipe, damping: float) -> Pipeline:
    # Squared hinge ranks unseen campaigns better than logistic loss here; the joiner calibrates.
    linear = LinearSVC(C=recipe.page_c, tol=1e-3, random_state=recipe.seed)
    return Pipeline([("tfidf", DampedTfidf(damping)), ("linear", linear)])


def _passage_pipeline(recipe: Recipe) -> Pipeline:
    # Averaged gradient descent that stops early: an order faster than solving to the end, and it
    # carries over better to campaigns that were held back. The steps are of one small size, as
    # scikit-learn's default ones are too large for weights as different as these.
    linear = SGDClassifier(
        loss="log_loss",
        alpha=recipe.passage_alpha,
        max_iter=recipe.passage_epochs,
        tol=None,
        average=True,
        learning_rate="constant",
        eta0=0.3,
        random_state=recipe.seed,
    )
    return Pipeline([("tfidf", DampedTfidf(recipe.passage_damping)), ("linear", linear)])


def _fit_page_view(examples: Sequence[Example], recipe: Recipe) -> Pipeline:
    view = _page_pipeline(recipe, recipe.page_damping)
    rows = stack([e.page for e in examples])
    weights = page_weights(examples)
    return _fit_lean(view, rows, _labels(examples), weights / weights.mean())


def _fit_passage_view(examples: Sequence[Example], recipe: Recipe) -> Pipeline:
    """Fit the passage view: planted passages first, then the strongest ones of real bait.

    A real bait page does not say which of its passages are bait; in each round those that the
    last view finds strongest are taken (multiple-instance learning), and the honest passages it
    finds strongest join the negatives (hard negatives). Source of the rounds: S. Andrews,
    I. Tsochantaridis, T. Hofmann, "Support vector machines for multiple-instance learning", 2003.
    """
    matrix = stack([e.passages for e in examples])
    owner = np.repeat(np.arange(len(examples)), [len(e.passages) for e in examples])
    choice = _first_choice(examples, owner, recipe)
    bait = _labels(examples)[owner]
    # Where nothing is known to be planted, every passage of a bait page is bait to begin with.
    first = choice if choice[bait].any() else choice | bait
    view = _fit_chosen(matrix, owner, first, examples, recipe)
    for _ in range(recipe.mining_rounds):
        odds = view.decision_function(matrix)
        choice |= _strongest_passages(examples, owner, odds, recipe)
        view = _fit_chosen(matrix, owner, choice, examples, recipe)
    return view


def _first_choice(
    examples: Sequence[Example], owner: NDArray[np.intp], recipe: Recipe
) -> NDArray[np.bool_]:
    random = np.random.default_rng(recipe.seed)
    chosen = np.zeros(len(owner), dtype=bool)
    start = 0
    for example in examples:
        count = len(example.passages)
        if example.planted.any():
            chosen[start : start + count] = example.planted
        elif not example.source.is_bait:
            few = random.permutation(count)[: recipe.windows_per_page]
            chosen[start + few] = True
            chosen[start + count - 1] = True
        start += count
    return chosen


def _strongest_passages(
    examples: Sequence[Example], owner: NDArray[np.intp], odds: Floats, recipe: Recipe
) -> NDArray[np.bool_]:
    """Mark the strongest passages of honest pages, and of bait that does not say where it is."""
    chosen = np.zeros(len(owner), dtype=bool)
    start = 0
    for example in examples:
        count = len(example.passages)
        if not (example.source.is_bait and example.planted.any()):
            strongest = np.argsort(-odds[start : start + count], kind="stable")
            chosen[start + strongest[: recipe.passages_per_bait]] = True
        start += count
    return chosen


def _fit_chosen(
    matrix: csr_matrix,
    owner: NDArray[np.intp],
    chosen: NDArray[np.bool_],
    examples: Sequence[Example],
    recipe: Recipe,
) -> Pipeline:
    rows = np.flatnonzero(chosen)
    owners = owner[rows]
    labels = _labels(examples)[owners]
    weights = page_weights(examples)[owners]
    weights /= np.bincount(owners, minlength=len(examples))[owners] ** 0.5
    for bait in (True, False):
        weights[labels == bait] *= 0.5 * len(rows) / weights[labels == bait].sum()
    return _fit_lean(_passage_pipeline(recipe), matrix[rows], labels, weights)


def rank_out_of_fold(
    examples: Sequence[Example], joined: Floats, recipe: Recipe, learner: Learner
) -> Floats:
    """Have a learner rank each example by its row of ``joined``, learnt without its group."""
    labels, weights = _labels(examples), joiner_weights(examples)
    raw = np.empty(len(examples))
    for train, test in inner_folds(examples, _RANKING_FOLDS, recipe.seed + 1):
        raw[test] = learner(joined[train], labels[train], weights[train], joined[test], recipe)
    return raw


def rank_by_joiner(
    rows: Floats, labels: NDArray[np.bool_], weights: Floats, unseen: Floats, recipe: Recipe
) -> Floats:
    """Rank by a joiner that is fitted to these rows."""
    return _fit_joiner(rows, labels, weights, recipe).decision_function(unseen)


def _fit_joiner(
    joined: Floats, labels: NDArray[np.bool_], weights: Floats, recipe: Recipe
) -> SignedLogistic:
    return SignedLogistic(JOINED_SIGNS, recipe.joiner_penalty).fit(joined, labels, weights)


def _calibrate(raw: Floats, labels: NDArray[np.bool_], weights: Floats) -> Calibration:
    platt = LogisticRegression(C=1e6, max_iter=1_000)
    platt.fit(raw[:, None], labels, sample_weight=weights / weights.mean())
    if platt.coef_[0, 0] <= 0:
        raise TooLittleToLearn(
            "Bait of campaigns that were held back scores no higher than honest pages, so nothing "
            "was learnt that carries over: add pages of more campaigns and sites, and check labels."
        )
    return Calibration(float(platt.coef_[0, 0]), float(platt.intercept_[0]))


def _fit_lures(examples: Sequence[Example], passage_view: Pipeline, recipe: Recipe) -> Pipeline:
    """Fit the lure to the strongest passage of each bait page: the rest is about something else."""
    bait = [e for e in examples if e.source.is_bait and e.source.lure]
    lures = [e.source.lure for e in bait]
    if len(set(lures)) < 2:
        return _only_lure(lures[0] if lures else "other")
    matrix = stack([e.passages for e in bait])
    odds = passage_view.decision_function(matrix)
    ends = np.cumsum([len(e.passages) for e in bait])
    strongest = [
        end - len(e.passages) + int(odds[end - len(e.passages) : end].argmax())
        for e, end in zip(bait, ends, strict=True)
    ]
    weights = page_weights(bait)
    return _fit_lean(
        _page_pipeline(recipe, damping=0.0),  # which lure is no matter of how much is said
        fold(matrix[strongest]),
        lures,
        weights / weights.mean(),
    )


def _only_lure(lure: str) -> Pipeline:
    """Answer with the one lure there is, where there is nothing to tell it from."""
    constant = Pipeline([("linear", DummyClassifier(strategy="constant", constant=lure))])
    return constant.fit(csr_matrix((1, LURE_HASHES)), [lure])
