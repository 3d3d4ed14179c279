"""The main part: every page judged by a training that never saw its campaign or site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from model.artifact import Artifact
from model.judge import judge_page
from model.scorer import Scorer
from model.verdict import Thresholds
from training.corpus import LabelledPage
from training.evaluate import held_out_folds, score_examples
from training.examples import Source
from training.experiments.remade import judge_copies, judge_triples
from training.experiments.study import Outcome, Study
from training.fit import Fitted, fit
from training.metrics import Scored
from training.progress import Tell

MISTAKES = 15  # of each side and fold that are explained
_LONGEST_TITLE = 120
_KNOWN = ("id", "label", "group", "lang", "lure", "kind", "pair", "origin")  # kept of a page


def judge_fold(study: Study, fold: int, folds: int, tell: Tell) -> Outcome:
    """Train without one part of the campaigns and sites, and judge the real pages of that part.

    Of a page's words no more is kept than its title, and that only of the worst mistakes.
    Raises TooLittleToLearn where what is left is too little.
    """
    examples = study.material.examples
    train, test = held_out_folds(examples, folds, study.recipe.seed + 2)[fold]
    places = [int(i) for i in test if examples[i].source.real]
    if not places:
        return {"thresholds": None, "pages": [], "trials": None}
    fitted = fit([examples[i] for i in train], study.recipe, tell)
    scored = score_examples([examples[i] for i in places], fitted)
    pages = [study.pages[i] for i in places]
    records = [_record(page, s) for page, s in zip(pages, scored, strict=True)]
    tell("explaining what it gets wrong")
    for at, reasons in _explained(pages, scored, fitted).items():
        records[at] |= {"title": pages[at].document.title[:_LONGEST_TITLE], "reasons": reasons}
    tell("attacking the bait")
    bait = [at for at, s in enumerate(scored) if s.source.is_bait]
    attacked = [(scored[at].source, pages[at].saved.page) for at in bait]
    copies = judge_copies(attacked, fitted, study.recipe.seed)
    for at, verdicts in zip(bait, copies, strict=True):
        records[at]["copies"] = verdicts
    tell("trying hand-written endings")
    trials = judge_triples(pages, fitted, study.recipe.seed)
    return {"thresholds": asdict(fitted.thresholds), "pages": records, "trials": trials}


def _record(page: LabelledPage, scored: Scored) -> Outcome:
    form = "markup" if page.document.markup else "text"
    source = {name: getattr(scored.source, name) for name in _KNOWN}
    return {"source": source, "form": form, "score": scored.score, "verdict": scored.verdict}


def scored_of(records: Iterable[Mapping[str, Any]]) -> list[Scored]:
    """Make judged pages of what was kept of them."""
    return [Scored(Source(**r["source"], real=True), r["score"], r["verdict"]) for r in records]


def _explained(
    pages: Sequence[LabelledPage], scored: Sequence[Scored], fitted: Fitted
) -> dict[int, list[str]]:
    """Name the reasons that the model has for the pages it is furthest wrong about, by place."""
    # A page below both cuts has no reasons; here those for the little it says are wanted too.
    cuts, scorer = Thresholds(bait=1.0, suspicious=0.0), Scorer.of(fitted.classifier)
    telling = Artifact(fitted.classifier, cuts, "", "", {}, scorer)
    missed = [i for i, s in enumerate(scored) if s.source.is_bait and s.verdict != "bait"]
    flagged = [i for i, s in enumerate(scored) if not s.source.is_bait and s.verdict != "clean"]
    worst = sorted(missed, key=lambda i: scored[i].score)[:MISTAKES]
    worst += sorted(flagged, key=lambda i: -scored[i].score)[:MISTAKES]
    return {
        i: [reason.code for reason in judge_page(pages[i].saved.page, telling).reasons]
        for i in worst
    }
