"""Doubting moderators' labels: a model that never saw any of them says which to look at again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from training.build import Material
from training.evaluate import score_examples
from training.examples import Example
from training.fit import Recipe, fit
from training.folds import refuse_one_sided
from training.metrics import Scored
from training.moderation import Review
from training.progress import Tell

_ENOUGH_PEOPLE = 2
_LEFT_OUT = "contradicted by a model that saw no moderator's label"


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Scores of honest pages: few lie at or above ``suspicious``, half at or below ``typical``."""

    suspicious: float
    typical: float


def doubt_labels(
    material: Material, recipe: Recipe, progress: Tell
) -> tuple[Material, tuple[Review, ...]]:
    """Leave out the labels of one person alone that a model without moderators' labels contradicts.

    Returns the material that is left, and every label to review: the disputed and the
    contradicted. Where there is no moderator's label the material is as it was. Raises
    TooLittleToLearn where the pages that the operator labelled cannot teach alone.
    """
    own = [example for example in material.real if not example.source.labelled_by]
    theirs = [example for example in material.real if example.source.labelled_by]
    if not theirs:
        return material, material.disputed
    refuse_one_sided([e.source.group for e in own], [e.source.is_bait for e in own])
    progress("fitting without the moderators' labels")
    fitted = fit([*own, *material.generated], recipe, progress)
    honest = [not e.source.is_bait for e in own]
    scores = fitted.held_out_scores[: len(own)][honest]
    ordinary = Ordinary(fitted.thresholds.suspicious, float(np.median(scores)))
    reviews = list(contradicted(score_examples(theirs, fitted), ordinary))
    kept = [e for e, review in zip(theirs, reviews, strict=True) if review is None or review.used]
    left = _left(material, [*own, *kept], len(theirs) - len(kept))
    return left, (*material.disputed, *filter(None, reviews))


def contradicted(scored: Sequence[Scored], ordinary: Ordinary) -> Iterator[Review | None]:
    """Say of each labelled page, in order, how its score contradicts the label, None if not.

    Honest is a label for what scores as few honest pages do, bait one for what scores as half do:
    such a label is used where two people gave it.
    """
    for page in scored:
        source = page.source
        if not source.is_bait and page.score >= ordinary.suspicious:
            why = "a model that saw no moderator's label would call it suspicious or bait"
        elif source.is_bait and page.score <= ordinary.typical:
            why = "a model that saw no moderator's label takes it for an ordinary honest page"
        else:
            yield None
            continue
        used = len(source.labelled_by) >= _ENOUGH_PEOPLE
        yield Review(source.id, source.url, source.label, source.labelled_by, why, used)


def _left(material: Material, real: Sequence[Example], left_out: int) -> Material:
    people = Counter(by for example in real for by in example.source.labelled_by)
    dropped = {**material.dropped, **({_LEFT_OUT: left_out} if left_out else {})}
    facts = {
        **material.facts,
        "moderators": {"pages": dict(sorted(people.items())), "contradicted": left_out},
    }
    return replace(material, real=tuple(real), dropped=dropped, facts=facts)
