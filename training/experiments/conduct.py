"""Making a report: which parts there are, which are kept already, and how long the rest takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from training.build import material_of
from training.corpus import corpus_files, read_corpus
from training.experiments.assemble import held_out_figures
from training.experiments.catalogue import EXPERIMENTS
from training.experiments.held_out import judge_fold
from training.experiments.kept import Kept, inputs_digest
from training.experiments.origin import probe_origin
from training.experiments.study import Outcome, Study
from training.fit import Recipe
from training.progress import Clock, Tell

Part = Callable[[Study, Tell], Outcome]

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for: how to train, how to split, and the experiments beside the main part."""

    recipe: Recipe
    generated: int
    folds: int
    experiments: tuple[str, ...]


def conduct(
    corpus: Path, plan: Plan, folder: Path, progress: Tell, clock: Clock = time.monotonic
) -> Outcome:
    """Return the report as one JSON object; parts finished in ``folder`` are not made again.

    Raises NoCorpus and TooLittleToLearn as the training does.
    """
    parts = _parts(plan)
    files = corpus_files([corpus])
    kept = Kept(folder / "parts", inputs_digest(files, plan.recipe, plan.generated))
    made = {name: found for name in parts if (found := kept.find(name)) is not None}
    missing = {name: part for name, part in parts.items() if name not in made}
    if missing:
        study = _study(files, plan, progress)
        timing = Timing(list(missing), progress, clock)
        for name, part in missing.items():
            made[name] = kept.keep(name, part(study, timing.of(name)))
            timing.done(name)
    return _report(plan, made)


def _study(files: Sequence[Path], plan: Plan, progress: Tell) -> Study:
    corpus = read_corpus(files, progress=progress)
    seed = plan.recipe.seed
    material = material_of(corpus, generated=plan.generated, seed=seed, progress=progress)
    return Study(corpus.pages, material, plan.recipe)


def _parts(plan: Plan) -> dict[str, Part]:
    """Name every part: the facts first, the folds next, as most rests on them."""
    parts: dict[str, Part] = {"facts": _facts, "origin": _origin}
    parts |= {
        _fold_name(fold, plan.folds): partial(_fold, fold, plan.folds) for fold in range(plan.folds)
    }
    for name in plan.experiments:
        parts |= {_row_name(name, row): run for row, run in EXPERIMENTS[name].rows.items()}
    return parts


def _fold_name(fold: int, folds: int) -> str:
    return f"fold {fold + 1} of {folds}"


def _row_name(experiment: str, row: str) -> str:
    return f"{experiment}: {row}"


def _facts(study: Study, tell: Tell) -> Outcome:
    tell("facts")
    material = study.material
    return {
        **material.facts,
        "left_out": dict(material.dropped),
        "unread": list(material.unread),
        "recipe": asdict(study.recipe),
    }


def _origin(study: Study, tell: Tell) -> Outcome:
    tell("probing for shortcuts")
    return probe_origin(study)


def _fold(fold: int, folds: int, study: Study, tell: Tell) -> Outcome:
    return judge_fold(study, fold, folds, tell)


def _report(plan: Plan, made: Mapping[str, Outcome]) -> Outcome:
    folds = [made[_fold_name(fold, plan.folds)] for fold in range(plan.folds)]
    return {
        "format": FORMAT,
        "facts": made["facts"],
        "held_out": held_out_figures(folds, plan.recipe.seed),
        "origin": made["origin"],
        "experiments": {
            name: {row: made[_row_name(name, row)] for row in EXPERIMENTS[name].rows}
            for name in plan.experiments
        },
    }


class Timing:
    """Says before each step which part it is of, and about how long the rest will take."""

    def __init__(self, parts: Sequence[str], progress: Tell, clock: Clock) -> None:
        self._left = list(parts)
        self._parts, self._progress, self._clock = len(parts), progress, clock
        self._began, self._weighed = clock(), 0.0

    def of(self, name: str) -> Tell:
        """Return whom a part tells of its steps."""
        where = f"part {self._parts - len(self._left) + 1} of {self._parts}{self._time_left()}"

        def tell(step: str) -> None:
            self._progress(f"{where}, {name}: {step}")

        return tell

    def done(self, name: str) -> None:
        """Count a part as finished."""
        self._left.remove(name)
        self._weighed += _weight(name)

    def _time_left(self) -> str:
        if self._weighed < 1:
            return ""
        seconds = (self._clock() - self._began) / self._weighed * sum(map(_weight, self._left))
        return f" (about {max(1, round(seconds / 60))} min left)"


def _weight(name: str) -> float:
    """Weigh a part by the time it takes, in trainings of an experiment."""
    return 0.1 if name in {"facts", "origin"} else 3.0 if name.startswith("fold ") else 1.0
