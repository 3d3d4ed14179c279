"""Attacked copies of held-out bait, scored by the training that never saw its campaign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from joblib import Parallel, delayed

from model.document import parse_document
from model.page import Page
from model.verdict import VerdictName
from training.attacks import ATTACKS, PageVerdicts, attack, attacked_recall
from training.evaluate import score_examples
from training.examples import Example, Source, make_example
from training.experiments.study import Outcome
from training.fit import Fitted

Verdicts = dict[str, VerdictName]


def judge_copies(
    bait: Sequence[tuple[Source, Page]], fitted: Fitted, seed: int, jobs: int = 2
) -> list[Verdicts]:
    """Return the verdict of every attacked copy by the attack's name, for each page in order.

    A copy with nothing left to read is ``unknown``, as the service would have it; an attack that
    cannot apply to a page is not named.
    """
    made = Parallel(n_jobs=jobs)(delayed(_copies)(source, page, seed) for source, page in bait)
    return [_verdicts(copies, fitted) for copies in made]


def _copies(source: Source, page: Page, seed: int) -> dict[str, Example | None]:
    copies = {name: attack(page, name, seed) for name in ATTACKS}
    return {name: _example(source, copy) for name, copy in copies.items() if copy is not None}


def _example(source: Source, page: Page) -> Example | None:
    document = parse_document(page)
    if not document.text.strip() and not document.links:
        return None
    return make_example(source, document)


def _verdicts(copies: Mapping[str, Example | None], fitted: Fitted) -> Verdicts:
    readable = {name: example for name, example in copies.items() if example is not None}
    scored = score_examples(list(readable.values()), fitted)
    found: Verdicts = dict.fromkeys(copies, "unknown")
    return found | {name: s.verdict for name, s in zip(readable, scored, strict=True)}


def attack_table(judged: Iterable[tuple[VerdictName, Verdicts]]) -> Outcome:
    """Say what each attack leaves of the recall, over (clean verdict, verdicts of copies)."""
    table = attacked_recall([PageVerdicts(clean, copies) for clean, copies in judged])
    return {name: {"says": ATTACKS[name].description, **found} for name, found in table.items()}
