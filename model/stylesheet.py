"""The page's own ``<style>`` rules, as far as they hide elements or put words into them.

The rules that ``model.selectors`` can read are cascaded by importance, specificity and order.
External sheets are not read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from model.selectors import Context, read_selector, stands_in
from model.sheets import applied_rules
from model.visibility import PLAIN, Look, look_of, merge_looks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.selectors import Compound, Selector

_MOST_CSS = 1_000_000  # characters of all sheets of a page
_MOST_RULES = 10_000
_MOST_CLASSES = 1_000  # characters of one class attribute
_MOST_REMEMBERED = 10_000  # elements of different tags, classes and ids, or contexts
_MOST_EFFORT = 1_000_000  # rules compared with elements, and their surroundings with contexts

_TELLING = (
    *("display", "visib", "font-size:0", "font-size: 0", "indent", "overflow", "clip"),
    *("left:-", "left: -", "top:-", "top: -", "content"),
)
_ROOTS = ("body", "html")
_CONTENT = re.compile(
    r"content\s{0,3}:\s{0,3}(?:\"([^\"\n]{1,300})\"|'([^'\n]{1,300})')", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")

BLOCK_DISPLAYS = frozenset(("block", "flex", "flow-root", "grid", "list-item", "table"))
_INLINE_TAGS = frozenset(("a", "b", "em", "i", "label", "small", "span", "strong", "time", "u"))


class _Rule(NamedTuple):
    """One selector with what it declares. ``rank`` orders the cascade; the highest wins."""

    selector: Selector
    rank: tuple[bool, int, int]
    body: str


class Styled:
    """What a page's rules do to an element; ``before`` and ``after`` are words they add.

    ``matters`` is False where by itself it changes nothing for the page's reader. Where ``rules``
    are told, those that apply depend on the elements around it: ask ``StyleRules.within``.
    ``bears`` has the texts of what selectors ask of elements around others, and this one is.
    """

    __slots__ = ("after", "bears", "before", "look", "matters", "rules")

    def __init__(
        self,
        look: Look = PLAIN,
        before: str = "",
        after: str = "",
        bears: tuple[str, ...] = (),
        rules: tuple[_Rule, ...] = (),
        *,
        matters: bool = True,
    ) -> None:
        self.look = look
        self.before = before
        self.after = after
        self.bears = bears
        self.rules = rules
        self.matters = matters


UNSTYLED = Styled(matters=False)


class _Kept:
    """What is found by one key: rules by their last compound's, and compounds around those."""

    __slots__ = ("around", "rules")

    def __init__(self) -> None:
        self.rules: list[_Rule] = []
        self.around: dict[str, Compound] = {}


class StyleRules:
    """The rules of a page's sheets, found by the elements they apply to.

    ``complete`` turns False where there is more in the sheets than is read or applied.
    """

    def __init__(self, sheets: Iterable[str] = ()) -> None:
        self._kept: defaultdict[str, _Kept] = defaultdict(_Kept)
        self._remembered: dict[tuple[str, str | None, str | None], Styled] = {}
        self._within: dict[tuple[Styled, Context | None, bool], Styled] = {}
        self._contexts: dict[tuple[tuple[str, ...], Context | None, bool], Context] = {}
        self._room = _MOST_CSS
        self._effort = _MOST_EFFORT
        self._count = 0
        self.complete = True
        for css in sheets:
            self._add(css)

    def __len__(self) -> int:
        return self._count

    def _add(self, css: str) -> None:
        read = css[: self._room]
        self._room -= len(read)
        lower = read.lower()
        telling = [word for word in _TELLING if word in lower]
        for selectors, body in applied_rules(read):
            if _tells(selectors, body.lower(), telling):
                for text in selectors.split(","):
                    self._add_rule(text, body)
        self.complete = self.complete and len(read) == len(css) and self._count < _MOST_RULES

    def _add_rule(self, text: str, body: str) -> None:
        selector = read_selector(text)
        if selector is None or self._count >= _MOST_RULES:
            return
        rank = ("!important" in body, selector.weight, self._count)
        self._kept[selector.subject.key].rules.append(_Rule(selector, rank, body))
        self._count += 1
        for compound, _ in selector.around:
            self._kept[compound.key].around[compound.text] = compound

    # What elements look like

    def styled(self, tag: str, named: str | None, identifier: str | None) -> Styled:
        """Return what the rules do to an element with a ``class`` and an ``id`` attribute."""
        if identifier is not None and " #" + identifier not in self._kept:
            identifier = None
        styled = self._remembered.get((tag, named, identifier))
        if styled is None:
            styled = self._cascade(tag, named[:_MOST_CLASSES].split() if named else [], identifier)
            if len(self._remembered) < _MOST_REMEMBERED:
                self._remembered[tag, named, identifier] = styled
        return styled

    def _cascade(self, tag: str, names: list[str], identifier: str | None) -> Styled:
        kept = self._kept
        found = [kept[name] for name in names if name in kept]
        if " " + tag in kept:
            found.append(kept[" " + tag])
        if identifier is not None:
            found.append(kept[" #" + identifier])
        if not found or not self._affords(sum(len(one.rules) + len(one.around) for one in found)):
            return UNSTYLED
        classes = frozenset(names)
        bears = [
            compound.text
            for one in found
            for compound in one.around.values()
            if compound.matches(tag, identifier, classes)
        ]
        rules = [
            rule
            for one in found
            for rule in one.rules
            if rule.selector.subject.matches(tag, identifier, classes)
        ]
        if len(rules) > 1:
            rules.sort(key=_rank_of)
        if any(rule.selector.around for rule in rules):
            return Styled(bears=tuple(bears), rules=tuple(rules))
        return _apply(rules, tag, tuple(bears))

    def within(
        self, styled: Styled, tag: str, context: Context | None, *, is_child: bool
    ) -> Styled:
        """Return what the rules do to an element that stands in a context, as its child or not."""
        known = self._within.get((styled, context, is_child))
        if known is None:
            rules = [rule for rule in styled.rules if self._applies(rule, context, is_child)]
            known = _apply(rules, tag, styled.bears)
            if len(self._within) < _MOST_REMEMBERED:
                self._within[styled, context, is_child] = known
        return known

    def _applies(self, rule: _Rule, context: Context | None, is_child: bool) -> bool:
        needs = rule.selector.needs
        if not needs:
            return True
        if context is None or not needs <= context.everything or not self._affords(context.depth):
            return False
        return stands_in(rule.selector, context, is_child=is_child)

    def context(self, bears: tuple[str, ...], around: Context | None, *, is_child: bool) -> Context:
        """Return the context inside an element which itself stands in one, as its child or not."""
        known = self._contexts.get((bears, around, is_child))
        if known is None:
            if around is not None and not self._affords(len(around.everything)):
                return around
            known = Context(bears, around, is_child=is_child)
            if len(self._contexts) < _MOST_REMEMBERED:
                self._contexts[bears, around, is_child] = known
        return known

    def _affords(self, effort: int) -> bool:
        self._effort -= effort
        self.complete = self.complete and self._effort >= 0
        return self._effort >= 0


def _rank_of(rule: _Rule) -> tuple[bool, int, int]:
    return rule.rank


def _apply(rules: list[_Rule], tag: str, bears: tuple[str, ...]) -> Styled:
    """Let rules work on an element they match, the strongest last."""
    if not rules:
        return Styled(bears=bears) if bears else UNSTYLED
    look = merge_looks(look_of(rule.body) for rule in rules if not rule.selector.subject.place)
    words = {
        rule.selector.subject.place: _words_of(rule.body)
        for rule in rules
        if rule.selector.subject.place
    }
    is_block = look.display in BLOCK_DISPLAYS and tag in _INLINE_TAGS
    matters = bool(look.hides or look.colour or look.background or is_block or words or bears)
    return Styled(look, words.get("before", ""), words.get("after", ""), bears, matters=matters)


def _tells(selectors: str, body: str, telling: list[str]) -> bool:
    """Sort out, cheaply, the rules that can neither hide nor add words: nearly all of them."""
    for word in telling:
        if word in body:
            return word != "content" or _CONTENT.search(body) is not None
    if "background" not in body:
        return False
    return body.count("color") > body.count("background-color") or selectors.startswith(_ROOTS)


def _words_of(body: str) -> str:
    """Read the words of a ``content`` declaration; icons and ornaments are no words."""
    match = _CONTENT.search(body)
    if match is None or look_of(body).hides:
        return ""
    words = _ESCAPE.sub(_unescape, match[1] or match[2])
    return words if sum(map(str.isalpha, words)) >= 3 else ""


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else ord(match[2])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
