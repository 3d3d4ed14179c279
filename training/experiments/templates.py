"""Templates of the generator, known and left out: how much of what is learnt is the template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from training.evaluate import score_examples, score_out_of_fold
from training.experiments.study import Outcome, Study, figures_of
from training.fit import fit
from training.folds import TooLittleToLearn
from training.metrics import Scored, cut_at, rate
from training.progress import Tell
from training.synthesis.templates import TEMPLATES

TEMPLATE_PARTS = 4
_NAMES = tuple(template.name for template in TEMPLATES)


def with_templates(study: Study, tell: Tell) -> Outcome:
    """Learn from every template; bait is scored by a training without the site of its article."""
    learnt = study.compared
    try:
        fitted = fit(learnt, study.recipe, tell)
    except TooLittleToLearn as error:
        return {"learnt": False, "because": str(error)}
    scored = score_out_of_fold(learnt, fitted)
    bait = [s for s in scored if s.source.is_bait and not s.source.real]
    return _counted(bait, _real_honest(scored))


def without_templates(part: int, study: Study, tell: Tell) -> Outcome:
    """Learn without one part of the templates, and score the generated bait that is of them."""
    unseen = set(_NAMES[part::TEMPLATE_PARTS])
    learnt = [e for e in study.compared if e.source.template not in unseen]
    bait = [e for e in study.fewer_generated if e.source.template in unseen and e.source.is_bait]
    try:
        fitted = fit(learnt, study.recipe, tell)
    except TooLittleToLearn as error:
        return {"learnt": False, "because": str(error)}
    honest = _real_honest(score_out_of_fold(learnt, fitted))
    return _counted(score_examples(bait, fitted), honest)


def _real_honest(scored: Sequence[Scored]) -> list[Scored]:
    return [s for s in scored if s.source.real and not s.source.is_bait]


def _counted(bait: Sequence[Scored], honest: Sequence[Scored]) -> Outcome:
    """Count generated bait above the cut of real honest pages, by template too."""
    cut = cut_at(np.array([s.score for s in honest]), 0.01)
    by_template: dict[str, list[bool]] = defaultdict(list)
    for s in bait:
        by_template[s.source.template].append(s.score > cut)
    templates = {name: rate(sum(hits), len(hits)) for name, hits in sorted(by_template.items())}
    return {**figures_of([*bait, *honest]), "by_template": templates}
