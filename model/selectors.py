"""Selectors of style rules: an element's tag, id and classes, and the elements around it.

Read are compounds (``p``, ``.note``, ``div.a#b``) joined by descendant and child combinators, with
``::before`` and ``::after``. Selectors with anything else in them (siblings, other pseudo-classes,
attributes) are not read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

_MOST_STEPS = 12  # compounds and child combinators before the last compound

_COMPOUND = re.compile(
    r"([a-z][\w-]{0,60})?((?:[.#](?:[\w-]|\\[^\n0-9a-f]){1,200}){0,8})(::?before|::?after)?",
    re.IGNORECASE,
)
_NAME = re.compile(r"([.#])((?:[\w-]|\\.)+)")

_ONE_NAME = frozenset((1, 100, 10_000))  # weights of compounds that are no more than their key

Place = Literal["", "before", "after"]


class Compound(NamedTuple):
    """What one element must be: its tag, its id and its classes, '' and none for any.

    ``key`` is the class by which elements that may match are found, or the id as ``" #id"``, or
    the tag as ``" tag"``: no class has a space.
    """

    text: str  # as written
    tag: str
    identifier: str
    classes: frozenset[str]
    place: Place
    weight: int  # in the cascade: 10,000 an id, 100 a class, 1 a tag
    key: str

    def matches(self, tag: str, identifier: str | None, classes: frozenset[str]) -> bool:
        """Tell whether an element that was found by the key is of this kind."""
        return self.weight in _ONE_NAME or (
            self.tag in {"", tag}
            and self.identifier in {"", identifier}
            and self.classes <= classes
        )


class Selector(NamedTuple):
    """A whole selector. ``around`` has the compounds before the last one, innermost first.

    Each stands with whether it must be the parent; ``needs`` has their texts. ``weight`` is the
    sum of all weights.
    """

    subject: Compound
    around: tuple[tuple[Compound, bool], ...]
    weight: int
    needs: frozenset[str]


_NOTHING: frozenset[str] = frozenset()


class Context:
    """The elements around a place, as far as selectors ask for them: the innermost one first.

    ``texts`` are those of the compounds that the innermost one matches, ``everything`` has also
    those of the others, and ``is_child`` tells whether its parent is the next one.
    """

    __slots__ = ("around", "depth", "everything", "is_child", "texts")

    def __init__(self, texts: tuple[str, ...], around: Context | None, *, is_child: bool) -> None:
        beyond = around.everything if around else frozenset()
        self.texts = texts
        self.around = around
        self.is_child = is_child
        self.depth: int = around.depth + 1 if around else 1
        self.everything: frozenset[str] = (
            beyond if beyond.issuperset(texts) else beyond.union(texts)
        )


def read_selector(text: str) -> Selector | None:
    """Read one selector, without a list's commas; None where it holds what is not read."""
    *steps, last = text.replace(">", " > ").split() or [""]
    subject = _read_compound(last)
    if subject is None or len(steps) > _MOST_STEPS:
        return None
    if not steps:
        return Selector(subject, (), subject.weight, _NOTHING)
    around = []
    is_parent = False
    for step in reversed(steps):
        compound = None if step == ">" else _read_compound(step)
        if compound is not None and not compound.place:
            around.append((compound, is_parent))
        elif step != ">" or is_parent:
            return None
        is_parent = step == ">"
    if is_parent:
        return None
    weight = subject.weight + sum(compound.weight for compound, _ in around)
    return Selector(subject, tuple(around), weight, frozenset(one.text for one, _ in around))


@lru_cache(maxsize=4_096)
def _read_compound(text: str) -> Compound | None:
    match = _COMPOUND.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return None
    tag = (match[1] or "").lower()
    names = [(sign, name.replace("\\", "")) for sign, name in _NAME.findall(match[2])]
    identifiers = [name for sign, name in names if sign == "#"]
    classes = [name for sign, name in names if sign == "."]
    if len(identifiers) > 1:
        return None
    place: Place = "" if not match[3] else "before" if "before" in match[3].lower() else "after"
    weight = 10_000 * len(identifiers) + 100 * len(classes) + bool(tag)
    # The longest of several classes is the one that the fewest rules and elements share.
    longest = max(classes, key=lambda name: (len(name), name), default="")
    key = " #" + identifiers[0] if identifiers else longest or " " + tag
    return Compound(text, tag, "".join(identifiers), frozenset(classes), place, weight, key)


def stands_in(selector: Selector, context: Context, *, is_child: bool) -> bool:
    """Tell whether the elements around a place are those that a selector asks for.

    ``is_child`` tells whether the context's innermost element is the place's parent. Where several
    match a compound, the innermost one is taken, and no other one is tried.
    """
    at: Context | None = context
    for compound, is_parent in selector.around:
        while at is not None and not is_parent and compound.text not in at.texts:
            is_child = at.is_child
            at = at.around
        if at is None or compound.text not in at.texts or (is_parent and not is_child):
            return False
        is_child = at.is_child
        at = at.around
    return True
