"""The page's own ``<style>`` rules, as far as they hide elements or put words into them.

Read are rules whose selector is one tag, id and classes (``p``, ``.note``, ``div.a.b``, with
``::before`` and ``::after``), cascaded by importance, specificity and order. Rules with
combinators, other pseudo-classes and attribute selectors are left out, and so are external sheets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from model.visibility import PLAIN, Look, look_of, merge_looks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_CSS = 1_000_000  # characters of all sheets of a page
_MOST_RULES = 10_000
_MOST_ALIKE = 40  # rules that share the class, id or tag they are found by
_MOST_CLASSES = 1_000  # characters of one class attribute
_MOST_REMEMBERED = 10_000  # elements of different tags, classes and ids
_WINDOW = 1_280.0  # pixels: the width that media queries are asked about

# A rule with its body, or the beginning of a group with what precedes its first rule, or an end.
_RULE = re.compile(r"([^{}]*+)(?:(\{)([^{}]*+)(\}?)|\})")
_TELLING = (
    *("display", "visib", "font-size:0", "font-size: 0", "indent", "overflow", "clip"),
    *("left:-", "left: -", "top:-", "top: -", "content"),
)
_ROOTS = ("body", "html")
_SELECTOR = re.compile(
    r"([a-z][a-z0-9]{0,30})?((?:[.#][\w-]{1,200}){0,8})(::?before|::?after)?", re.IGNORECASE
)
_NAME = re.compile(r"([.#])([\w-]+)")
_WIDTH = re.compile(r"\((min|max)-width\s{0,3}:\s{0,3}(\d{1,6}(?:\.\d{1,3})?)(px|em|rem)\)")
_CONTENT = re.compile(
    r"content\s{0,3}:\s{0,3}(?:\"([^\"\n]{1,300})\"|'([^'\n]{1,300})')", re.IGNORECASE
)
# What holds text that is no markup: comments, scripts and the sheets themselves.
_RAW = re.compile(r"<(?:(!--)|(script)[\s>/]|style((?:[\s/][^>]{0,4000})?)>)", re.IGNORECASE)
_COMMENT_END = re.compile("-->")
_SCRIPT_END = re.compile("</script", re.IGNORECASE)
_STYLE_END = re.compile("</style", re.IGNORECASE)
_MEDIA = re.compile(r"\bmedia\s{0,3}=\s{0,3}[\"']?([^\"'>]{0,100})", re.IGNORECASE)
_TYPE = re.compile(r"\btype\s{0,3}=\s{0,3}[\"']?([^\"'>]{0,100})", re.IGNORECASE)
_CSS_TYPES = frozenset(("", "text/css"))
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")

BLOCK_DISPLAYS = frozenset(("block", "flex", "flow-root", "grid", "list-item", "table"))
_INLINE_TAGS = frozenset(("a", "b", "em", "i", "label", "small", "span", "strong", "time", "u"))

Place = Literal["", "before", "after"]


@dataclass(frozen=True, slots=True)
class _Rule:
    """One selector with what it declares. ``rank`` orders the cascade; the highest wins."""

    tag: str
    identifier: str
    classes: frozenset[str]
    place: Place
    rank: tuple[bool, int, int, int, int]
    body: str

    def matches(self, tag: str, identifier: str | None, classes: frozenset[str]) -> bool:
        return (
            self.tag in {"", tag}
            and self.identifier in {"", identifier}
            and self.classes <= classes
        )


@dataclass(frozen=True, slots=True)
class Styled:
    """What a page's rules do to an element; ``before`` and ``after`` are words they add.

    ``matters`` is False where the reader of the page would notice nothing of it.
    """

    look: Look = PLAIN
    before: str = ""
    after: str = ""
    matters: bool = False


UNSTYLED = Styled()


class StyleRules:
    """The rules of a page's sheets, found by the elements they apply to.

    ``complete`` is False where the sheets hold more than is read. ``remembered`` has the answers
    already given, by tag, ``class`` and ``id``.
    """

    def __init__(self, sheets: Iterable[str] = ()) -> None:
        self._rules: dict[str, list[_Rule]] = {}  # by "#id", ".class" or tag
        self.remembered: dict[tuple[str, str | None, str | None], Styled] = {}
        self._room = _MOST_CSS
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
        for selectors, body in _applied_rules(_without_comments(read.replace("<!--", ""))):
            if _tells(selectors, body.lower(), telling):
                self._add_rule(selectors, body)
        self.complete = self.complete and len(read) == len(css) and self._count < _MOST_RULES

    def _add_rule(self, selectors: str, body: str) -> None:
        for selector in map(str.strip, selectors.split(",")):
            rule = None if " " in selector or ">" in selector else self._rule(selector, body)
            if rule is None or self._count >= _MOST_RULES:
                continue
            alike = self._rules.setdefault(_key_of(rule), [])
            if len(alike) < _MOST_ALIKE:
                alike.append(rule)
                self._count += 1

    def _rule(self, selector: str, body: str) -> _Rule | None:
        match = _SELECTOR.fullmatch(selector)
        if match is None or not selector:
            return None
        names = _NAME.findall(match[2])
        identifiers = [name for sign, name in names if sign == "#"]
        classes = frozenset(name for sign, name in names if sign == ".")
        tag = (match[1] or "").lower()
        place: Place = "" if not match[3] else "before" if "before" in match[3] else "after"
        if len(identifiers) > 1 or not (tag or names):
            return None
        rank = ("!important" in body, len(identifiers), len(classes), bool(tag), self._count)
        return _Rule(tag, "".join(identifiers), classes, place, rank, body)

    def styled(self, tag: str, named: str | None, identifier: str | None) -> Styled:
        """Return what the rules do to an element with a ``class`` and an ``id`` attribute."""
        classes = named[:_MOST_CLASSES].split() if named else []
        styled = self._cascade(tag, classes, identifier)
        if len(self.remembered) < _MOST_REMEMBERED:
            self.remembered[tag, named, identifier] = styled
        return styled

    def _cascade(self, tag: str, names: list[str], identifier: str | None) -> Styled:
        rules = self._rules
        keys = [tag, *["." + name for name in names]]
        if identifier:
            keys.append("#" + identifier)
        found = [rule for key in keys if key in rules for rule in rules[key]]
        if not found:
            return UNSTYLED
        classes = frozenset(names)
        matching = [rule for rule in found if rule.matches(tag, identifier, classes)]
        matching.sort(key=lambda rule: rule.rank)
        look = merge_looks(look_of(rule.body) for rule in matching if not rule.place)
        words = {rule.place: _words_of(rule.body) for rule in matching if rule.place}
        is_block = look.display in BLOCK_DISPLAYS and tag in _INLINE_TAGS
        matters = bool(words or look.hides or look.colour or look.background or is_block)
        return Styled(look, words.get("before", ""), words.get("after", ""), matters)


def _tells(selectors: str, body: str, telling: list[str]) -> bool:
    """Sort out, cheaply, the rules that can neither hide nor add words: nearly all of them."""
    for word in telling:
        if word in body:
            return word != "content" or _CONTENT.search(body) is not None
    if "background" not in body:
        return False
    return body.count("color") > body.count("background-color") or selectors.startswith(_ROOTS)


def _key_of(rule: _Rule) -> str:
    if rule.identifier:
        return "#" + rule.identifier
    # The longest of several classes is the one that the fewest rules and elements share.
    return "." + max(rule.classes, key=lambda name: (len(name), name)) if rule.classes else rule.tag


def find_sheets(markup: str) -> list[str]:
    """Look for the sheets of a page before it is parsed, fast but easily fooled.

    The parser's word counts: what it meets must be compared with what was found here.
    """
    sheets: list[str] = []
    begun = _RAW.search(markup)
    while begun is not None:
        end = _COMMENT_END if begun[1] else _SCRIPT_END if begun[2] else _STYLE_END
        ended = end.search(markup, begun.end())
        if ended is None:
            break
        if begun[3] is not None:
            media, kind = _MEDIA.search(begun[3]), _TYPE.search(begun[3])
            if is_sheet(media[1] if media else "", kind[1] if kind else ""):
                sheets.append(markup[begun.end() : ended.start()])
        begun = _RAW.search(markup, ended.end())
    return sheets


def is_sheet(media: str, kind: str) -> bool:
    """Tell by its ``media`` and ``type`` whether a style element applies on a screen."""
    return media.strip().lower() in {"", "all", "screen"} and kind.strip().lower() in _CSS_TYPES


def _without_comments(css: str) -> str:
    first, *rest = css.split("/*")
    return first + " ".join(part.partition("*/")[2] for part in rest)


def _applied_rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and the body of every rule that applies on a screen."""
    applies = [True]
    before = ""
    for text, opened, body, closed in _RULE.findall(css[: css.rfind("}") + 1]):
        prelude = (before + text).rpartition(";")[2]
        before = ""
        if opened and closed:
            if applies[-1] and "@" not in prelude:
                yield prelude, body
        elif opened:
            group = prelude.strip().lower()
            # A rule within a rule is for its descendants.
            applies.append(applies[-1] and group.startswith("@") and _group_applies(group))
            before = body
        elif len(applies) > 1:
            applies.pop()


def _group_applies(prelude: str) -> bool:
    if prelude.startswith(("@supports", "@layer")):
        return True
    if not prelude.startswith("@media"):
        return False
    query = prelude[len("@media") :].strip()
    for bound, width, unit in _WIDTH.findall(query):
        pixels = float(width) * (1 if unit == "px" else 16)
        if (bound == "min") != (pixels <= _WINDOW):
            return False
    remaining = _WIDTH.sub("", query).replace("only ", "").replace(" and ", " ").split()
    return set(remaining) <= {"screen", "all", "and"}


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
