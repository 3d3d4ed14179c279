"""Crossings: learn from pages of one kind, and be tested on pages of another."""

from __future__ import annotations

from collections.abc import Callable

from training.examples import Example, Source
from training.experiments.study import Study
from training.experiments.variants import part_of

_SHOWS = frozenset({"streaming", "live-sports"})

Split = tuple[list[Example], list[Example]]


# Returns what is learnt from and what is tested.
Crossing = Callable[[Study], Split]


def _by_bait(is_unseen: Callable[[Source], bool]) -> Crossing:
    """Leave out bait of a kind, generated families of it whole, and test on the real ones."""

    def split(study: Study) -> Split:
        unseen = [e for e in study.real if e.source.is_bait and is_unseen(e.source)]
        families = {
            e.source.pair for e in study.fewer_generated if e.source.is_bait and is_unseen(e.source)
        }
        learnt = [e for e in study.real if not (e.source.is_bait and is_unseen(e.source))]
        learnt += [e for e in study.fewer_generated if e.source.pair not in families]
        return learnt, unseen

    return split


def _by_markup(*, unseen_markup: bool) -> Crossing:
    """Learn from real pages of one form, and test on those of the other, of other groups."""

    def split(study: Study) -> Split:
        forms = [page.document.markup for page in study.pages]
        known = [e for e, form in zip(study.real, forms, strict=True) if form is not unseen_markup]
        groups = {e.source.group for e in known}
        unseen = [
            e
            for e, form in zip(study.real, forms, strict=True)
            if form is unseen_markup and e.source.group not in groups
        ]
        tested_groups = {e.source.group for e in unseen}
        others = [e for e in study.fewer_generated if e.source.group not in tested_groups]
        return [*known, *others], unseen

    return split


def _by_honest_kind(part: int) -> Crossing:
    """Leave out the honest pages of half of the kinds, and test whether they are flagged."""

    def split(study: Study) -> Split:
        def is_unseen(example: Example) -> bool:
            return not example.source.is_bait and part_of(example.source.kind, 2) == part

        known = [e for e in study.real if not is_unseen(e)]
        groups = {e.source.group for e in known}
        unseen = [e for e in study.real if is_unseen(e) and e.source.group not in groups]
        tested_groups = {e.source.group for e in unseen}
        others = [e for e in study.fewer_generated if e.source.group not in tested_groups]
        return [*known, *others], unseen

    return split


CROSSINGS: dict[str, Crossing] = {
    "films and sports, tested on other lures": _by_bait(lambda s: s.lure not in _SHOWS),
    "other lures, tested on films and sports": _by_bait(lambda s: s.lure in _SHOWS),
    "bait in English, tested on other languages": _by_bait(lambda s: s.lang != "en"),
    "markup, tested on plain text": _by_markup(unseen_markup=False),
    "plain text, tested on markup": _by_markup(unseen_markup=True),
    "half of the honest kinds, tested on the other half": _by_honest_kind(0),
    "the other half, tested on the first": _by_honest_kind(1),
}
