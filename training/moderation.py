"""Moderators' labels: what of them is learnt from, and how much they may weigh.

A label that says who gave it (``labelled_by``) is a moderator's; one without is the operator's
own, and so is one of a person the operator trusts. Whoever gets hold of a moderator's account must
not be able to turn the model, so moderators' labels pass these guards, in this order:

    settle_votes   where people disagree, nobody is believed; where they agree, all are remembered
    cap_people     so many pages a person, drawn by a hash, so that a flood drowns itself
    weigh_labels   one person, and one campaign, has a bounded share of its label's weight
    doubts.py      one person alone does not overrule a model that never saw moderators' labels
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.corpus import LabelledPage

MOST_LABELS = 200  # pages of one person
MOST_SHARE = 0.1  # of a label's weight, for one person and for one campaign of moderators' pages
_LEAST_WEIGHT = 1e-3  # a page below this teaches nothing
_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Review:
    """A label that somebody should look at, and why; ``used`` says whether it is learnt from."""

    id: str
    url: str
    label: str
    by: tuple[str, ...]
    why: str
    used: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """Pages whose labels nobody disputes, the operator's own first, and the disputed ones."""

    pages: tuple[LabelledPage, ...]
    disputed: tuple[Review, ...]


def settle_votes(pages: Sequence[LabelledPage], trusted: Collection[str]) -> Settled:
    """Leave out labels that contradict another's, and join those that agree.

    Two labels are about one page where the address is the same, or the words and the links are.
    The operator's own label counts before everybody's.
    """
    own = [replace(page, labelled_by=()) for page in pages if _is_own(page, trusted)]
    theirs = [page for page in pages if not _is_own(page, trusted)]
    if not theirs:
        return Settled(tuple(own), ())
    votes: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for page in (*own, *theirs):
        for key in _keys(page):
            votes[key][page.label].update(page.labelled_by or ("",))
    kept: list[LabelledPage] = []
    disputed: list[Review] = []
    for page in theirs:
        against = {by for key in _keys(page) for by in _others(votes[key], page.label)}
        agreeing = {by for key in _keys(page) for by in votes[key][page.label] if by}
        if against:
            why = "it contradicts a label of your own" if "" in against else "moderators disagree"
            disputed.append(review_of(page, tuple(sorted(agreeing)), why, used=False))
        else:
            kept.append(replace(page, labelled_by=tuple(sorted(agreeing))))
    return Settled((*own, *kept), tuple(disputed))


def _is_own(page: LabelledPage, trusted: Collection[str]) -> bool:
    return all(by in trusted for by in page.labelled_by)


def _others(votes: dict[str, set[str]], label: str) -> Iterator[str]:
    for other, people in votes.items():
        if other != label:
            yield from people


def _keys(page: LabelledPage) -> tuple[str, ...]:
    """Name a page by its address and by its content: twins that differ in a link are two pages."""
    document = page.document
    content = "\n".join((" ".join(document.text.split()), *(link.href for link in document.links)))
    digest = hashlib.sha256(content.encode("utf-8", errors="replace")).hexdigest()
    url = page.saved.page.url
    return (f"content {digest}", f"url {url}") if url else (f"content {digest}",)


def review_of(page: LabelledPage, by: tuple[str, ...], why: str, *, used: bool) -> Review:
    """Put a page's label on the list of those to look at."""
    return Review(page.saved.id, page.saved.page.url or "", page.label, by, why, used)


def cap_people(
    pages: Sequence[LabelledPage], dropped: Counter[str], most: int = MOST_LABELS
) -> list[LabelledPage]:
    """Keep at most ``most`` pages a person; which ones, a hash of the page decides.

    Of a page that several labelled it is enough that one of them has room.
    """
    taken: Counter[str] = Counter()
    kept: set[int] = set()
    drawn = sorted(
        (i for i, page in enumerate(pages) if page.labelled_by), key=lambda i: _keys(pages[i])[0]
    )
    for i in drawn:
        people = pages[i].labelled_by
        if any(taken[by] < most for by in people):
            taken.update(people)
            kept.add(i)
    if len(kept) < len(drawn):
        dropped["more labels than a person may give"] += len(drawn) - len(kept)
    return [page for i, page in enumerate(pages) if not page.labelled_by or i in kept]


def weigh_labels(
    pages: Sequence[LabelledPage], dropped: Counter[str], most: float = MOST_SHARE
) -> list[LabelledPage]:
    """Lower the weight of moderators' pages until no person and no campaign has more than a share.

    The share is of the weight that all pages of one label have, where a page weighs what training
    gives it: the inverse root of its campaign's size. Where there is too little beside a person's
    labels to weigh them against, they come to nothing, and are dropped.
    """
    sizes = Counter((page.group, page.label) for page in pages)
    weights = [sizes[page.group, page.label] ** -0.5 for page in pages]
    factors = [1.0] * len(pages)
    for label in ("bait", "ok"):
        some = [i for i, page in enumerate(pages) if page.label == label]
        units = _units(pages, some)
        for _ in range(_ROUNDS):
            if not _lower(units, some, weights, factors, most):
                break
    if nothing := sum(factor < _LEAST_WEIGHT for factor in factors):
        dropped["too few labels of others beside them"] += nothing
    return [
        replace(page, weight=factor) if factor < 1 else page
        for page, factor in zip(pages, factors, strict=True)
        if factor >= _LEAST_WEIGHT
    ]


def _units(pages: Sequence[LabelledPage], some: Sequence[int]) -> list[list[int]]:
    """Gather the moderators' pages of each person, and of each campaign or site."""
    units: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for i in some:
        for by in pages[i].labelled_by:
            units["person", by].append(i)
        if pages[i].labelled_by:
            units["group", pages[i].group].append(i)
    return list(units.values())


def _lower(
    units: Sequence[Sequence[int]],
    some: Sequence[int],
    weights: Sequence[float],
    factors: list[float],
    most: float,
) -> bool:
    """Scale down each unit that has more than its share; False once none has."""
    lowered = False
    whole = sum(weights[i] * factors[i] for i in some)
    for unit in units:
        share = sum(weights[i] * factors[i] for i in unit)
        allowed = most / (1 - most) * (whole - share)
        if share > allowed * (1 + 1e-6):
            lowered = True
            whole += allowed - share
            for i in unit:
                factors[i] *= allowed / share
    return lowered
