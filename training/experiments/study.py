"""The study: pages, their examples and the recipe, and the one way a training is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from training.build import Material
from training.corpus import LabelledPage
from training.evaluate import score_examples, score_out_of_fold
from training.examples import Example
from training.experiments.variants import thinned
from training.fit import Floats, Recipe, fit, joined_out_of_fold
from training.folds import TooLittleToLearn
from training.metrics import Scored, rate, summarize
from training.progress import Tell

Outcome = dict[str, Any]

# Trainings that are compared with one another learn from fewer generated pages, all from the same
# ones: a report with all its experiments then takes less than an hour.
ONE_IN = 3
_FIGURES = ("recall_at_1_in_1000", "recall_at_1_in_100", "pr_auc", "roc_auc")


@dataclass(frozen=True)
class Study:
    """What every experiment draws on. ``pages`` and ``material.real`` are in the same order."""

    pages: Sequence[LabelledPage]
    material: Material
    recipe: Recipe
    _made: dict[str, Floats] = field(default_factory=dict, repr=False)

    @property
    def real(self) -> Sequence[Example]:
        """The examples of the corpus."""
        return self.material.real

    @cached_property
    def fewer_generated(self) -> list[Example]:
        """The generated examples that compared trainings learn from."""
        return thinned(self.material.generated, ONE_IN)

    @cached_property
    def compared(self) -> list[Example]:
        """What compared trainings learn from: all real examples and fewer generated ones."""
        return [*self.real, *self.fewer_generated]

    def joined(self, tell: Tell) -> Floats:
        """Return what the joiner reads of the compared pages, out of fold; made once."""
        if "joined" not in self._made:
            self._made["joined"] = joined_out_of_fold(self.compared, self.recipe, tell)
        return self._made["joined"]


def measure(
    study: Study, learnt: Sequence[Example], tell: Tell, *, unseen: Sequence[Example] = ()
) -> Outcome:
    """Train on ``learnt`` and count over ``unseen`` pages.

    A label that no unseen page has is counted over the pages of ``learnt``, out of fold. Where the
    pages teach nothing, that is the outcome.
    """
    try:
        fitted = fit(learnt, study.recipe, tell)
    except TooLittleToLearn as error:
        return {"learnt": False, "because": str(error)}
    tested = score_examples(unseen, fitted)
    labels = {s.source.label for s in tested}
    own = [s for s in score_out_of_fold(learnt, fitted) if s.source.real]
    found = figures_of([*tested, *(s for s in own if s.source.label not in labels)])
    honest = [s for s in tested if not s.source.is_bait]
    if honest:  # the thresholds were fixed on others, so how many are flagged is a finding
        found["false_flag"] = rate(sum(s.verdict != "clean" for s in honest), len(honest))
    return found


def figures_of(scored: Sequence[Scored]) -> Outcome:
    """Return the figures by which trainings are compared."""
    summary: Mapping[str, Any] = summarize(scored)
    return {
        "learnt": True,
        "pages": summary["pages"],
        **{name: summary[name] for name in _FIGURES if name in summary},
    }
