"""Probes for shortcuts: what a page's origin and its language give away without its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log10

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MaxAbsScaler

from model.url import InvalidUrl, canonicalize_url
from training.corpus import LabelledPage
from training.examples import Example, Source, stack
from training.experiments.study import Outcome, Study, figures_of
from training.folds import Fold, learnable_folds
from training.metrics import Scored

Traces = dict[str, str | float]

_FOLDS = 5
_FEWEST_PAGES = 20  # of a collection, for it to be one that can be told
_LOOKED_AT = 20_000  # characters of a page's text


def traces_of(page: LabelledPage) -> Traces:
    """Return what tells where a page came from, and nothing that it says."""
    saved, document = page.saved, page.document
    body, text = saved.page.body, document.text[:_LOOKED_AT]
    head = body[:2_000].lower()
    return {
        "form": "markup" if document.markup else "text",
        "doctype": "html" if b"<!doctype html>" in head else "other" if b"<!doc" in head else "",
        "generator": "named" if b'name="generator"' in head else "",
        "encoding": "ascii" if body.isascii() else "other",
        "language": saved.lang or "und",
        "host": _host_kind(saved.page.url),
        "capitals": sum(map(str.isupper, text)) / max(1, len(text)),
        "bytes": log10(1 + len(body)),
        "characters": log10(1 + len(document.text)),
        "links": log10(1 + len(document.links)),
        "blocks": log10(1 + len(document.blocks)),
    }


def _host_kind(address: str | None) -> str:
    if address is None:
        return "no address"
    try:
        return canonicalize_url(address).host.rpartition(".")[2]
    except InvalidUrl:
        return "no host"


def probe_origin(study: Study) -> Outcome:
    """Ask whether traces alone tell bait, and whether traces or words tell honest collections."""
    traces = [traces_of(page) for page in study.pages]
    sources = [e.source for e in study.real]
    return {
        "traces": sorted(traces[0]),
        "bait_by_traces": _told_apart(sources, traces, study.recipe.seed),
        "bait_by_language": _told_apart(
            sources, [{"language": t["language"]} for t in traces], study.recipe.seed
        ),
        "collections": _collections_told(study.real, traces, study.recipe.seed),
    }


def _told_apart(sources: Sequence[Source], traces: Sequence[Traces], seed: int) -> Outcome:
    """Score every page by its traces, by a model that never saw its campaign or site."""
    bait = np.array([s.is_bait for s in sources])
    rows = DictVectorizer().fit_transform(traces)
    scores = np.empty(len(sources))
    for train, test in learnable_folds([s.group for s in sources], bait, _FOLDS, seed):
        model = _linear().fit(rows[train], bait[train])
        scores[test] = model.predict_proba(rows[test])[:, 1]
    return figures_of(
        [Scored(s, float(score), "clean") for s, score in zip(sources, scores, strict=True)]
    )


def _collections_told(examples: Sequence[Example], traces: Sequence[Traces], seed: int) -> Outcome:
    """Tell the larger collections of honest pages apart, by their traces and by their words."""
    honest = [i for i, e in enumerate(examples) if not e.source.is_bait and e.source.origin]
    sizes = Counter(examples[i].source.origin for i in honest)
    chosen = [i for i in honest if sizes[examples[i].source.origin] >= _FEWEST_PAGES]
    names = np.array([examples[i].source.origin for i in chosen])
    if len(set(names)) < 2:
        return {"of": len(set(names))}
    # Half of them teach and half are asked: enough for a probe, and no site is large.
    train, test = next(StratifiedKFold(2, shuffle=True, random_state=seed).split(names, names))
    told = DictVectorizer().fit_transform([traces[i] for i in chosen])
    words = stack([examples[i].page for i in chosen])
    return {
        "of": len(set(names)),
        "pages": len(chosen),
        "by_chance": 1 / len(set(names)),
        "by_traces": _accuracy(_linear(), told, names, (train, test)),
        "by_words": _accuracy(_many_words(seed), words, names, (train, test)),
    }


def _accuracy(model: Pipeline, rows: csr_matrix, names: NDArray[np.str_], fold: Fold) -> float:
    """Return the mean over the collections of the share of their pages that is told."""
    train, test = fold
    model.fit(rows[train], names[train])
    return float(balanced_accuracy_score(names[test], model.predict(rows[test])))


def _linear() -> Pipeline:
    return make_pipeline(
        MaxAbsScaler(), LogisticRegression(max_iter=2_000, class_weight="balanced")
    )


def _many_words(seed: int) -> Pipeline:
    linear = SGDClassifier(class_weight="balanced", max_iter=5, tol=None, random_state=seed)
    return make_pipeline(TfidfTransformer(), linear)
