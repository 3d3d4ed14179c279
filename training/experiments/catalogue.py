"""The experiments one may ask for: each a few trainings that lack something, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from training.examples import Example
from training.experiments.crossings import CROSSINGS, Crossing
from training.experiments.learners import LEARNERS, with_learner
from training.experiments.study import Outcome, Study, measure
from training.experiments.templates import TEMPLATE_PARTS, with_templates, without_templates
from training.experiments.variants import (
    BUILD,
    FAMILIES,
    Variant,
    part_of,
    shuffled,
    without_numbers,
    without_page_view,
    without_passage_view,
)
from training.progress import Tell

Run = Callable[[Study, Tell], Outcome]

CURVE = {"an eighth": 1 / 8, "a quarter": 1 / 4, "half": 1 / 2, "all": 1.0}  # of the campaigns
SHUFFLES = 3
_HELD_BACK = 3  # one in so many campaigns and sites tests the learning curve


@dataclass(frozen=True, slots=True)
class Experiment:
    """A few trainings that answer one question. ``rows`` names each as people read it."""

    title: str
    says: str
    rows: Mapping[str, Run]


def _with_variant(variant: Variant | None, study: Study, tell: Tell) -> Outcome:
    learnt = study.compared if variant is None else [variant(e) for e in study.compared]
    return measure(study, learnt, tell)


def _with_shuffled_labels(seed: int, study: Study, tell: Tell) -> Outcome:
    return measure(study, shuffled(study.real, seed), tell)


def _crossed(crossing: Crossing, study: Study, tell: Tell) -> Outcome:
    learnt, unseen = crossing(study)
    return measure(study, learnt, tell, unseen=unseen)


def _without_real_bait(study: Study, tell: Tell) -> Outcome:
    honest = [e for e in study.real if not e.source.is_bait]
    bait = [e for e in study.real if e.source.is_bait]
    return measure(study, [*honest, *study.material.generated], tell, unseen=bait)


def _with_campaigns(share: float, study: Study, tell: Tell) -> Outcome:
    """Learn from a share of the campaigns that are not held back; smaller shares lie in larger."""
    unseen = [e for e in study.real if _is_held_back(e)]
    known = [e for e in study.compared if not _is_held_back(e)]
    campaigns = _campaigns(known)
    taken = set(campaigns[: max(2, round(share * len(campaigns)))])
    learnt = [
        e for e in known if not (e.source.real and e.source.is_bait) or e.source.group in taken
    ]
    return {"campaigns": len(taken), **measure(study, learnt, tell, unseen=unseen)}


def _is_held_back(example: Example) -> bool:
    return part_of(example.source.group, _HELD_BACK) == 0


def _campaigns(examples: Sequence[Example]) -> list[str]:
    """Name the campaigns of real bait in an order that has nothing to do with them."""
    names = {e.source.group for e in examples if e.source.real and e.source.is_bait}
    return sorted(names, key=lambda name: (part_of(name, 2**63), name))


EXPERIMENTS: dict[str, Experiment] = {
    "families": Experiment(
        "One view or one family of numbers left out",
        "What the model loses without it: a part that nothing is lost without may go, and one that "
        "everything rests on is where an attacker looks first.",
        {
            "everything": partial(_with_variant, None),
            "without the page view": partial(_with_variant, without_page_view),
            "without the passage view": partial(_with_variant, without_passage_view),
            **{
                f"without numbers: {family}": partial(_with_variant, without_numbers(names))
                for family, names in {**FAMILIES, "build": BUILD}.items()
            },
        },
    ),
    "learners": Experiment(
        "Other kinds of model",
        "Each ranks campaigns and sites that it never saw. The simplest that finds most is kept; "
        "between equals the one whose reasons are exact.",
        {name: partial(with_learner, learner) for name, learner in LEARNERS.items()},
    ),
    "shuffle": Experiment(
        "Labels shuffled among campaigns and sites",
        "Nothing can be learnt from labels dealt out by chance. A model that ranks better than "
        "chance (0.5) here learns from a leak. That nothing was learnt is the right answer.",
        {f"deal {n}": partial(_with_shuffled_labels, n) for n in range(1, SHUFFLES + 1)},
    ),
    "crossing": Experiment(
        "Learnt from one kind of page, tested on another",
        "What carries over from pages of one kind to those of another that was never seen.",
        {name: partial(_crossed, crossing) for name, crossing in CROSSINGS.items()},
    ),
    "curve": Experiment(
        "Learning curve over campaigns",
        "A third of the campaigns and sites is held back, and the model learns from a share of the "
        "other campaigns. Where the curve still rises, more campaigns would help.",
        {
            f"{name} of the campaigns": partial(_with_campaigns, share)
            for name, share in CURVE.items()
        },
    ),
    "no-real-bait": Experiment(
        "Without any real bait",
        "Learnt from generated pages and real honest ones, tested on all real bait: the plainest "
        "estimate of what campaigns unlike those of the corpus will meet.",
        {"generated bait alone": _without_real_bait},
    ),
    "templates": Experiment(
        "Templates of the generator left out",
        "Recall on generated bait whose template was known, in pages of unseen sites, and where a "
        "quarter of the templates was left out: what the model learns beyond its templates.",
        {
            "templates known": with_templates,
            **{
                f"without part {part + 1} of the templates": partial(without_templates, part)
                for part in range(TEMPLATE_PARTS)
            },
        },
    ),
}
