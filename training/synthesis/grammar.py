"""A small sentence grammar: rules with alternatives, inline choices and named slots.

``[a|b|]`` chooses one of its branches (an empty branch is allowed, choices nest), ``{name}`` is
another rule or a variable that the caller fills. Everything is resolved when the grammar is
built, so a misspelt slot is an error at once and never a placeholder left in a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

# An empty branch can leave a space before the stop that ends its sentence.
_GAP = re.compile(r" (?=[.,。，、،](?:\s|$))")
# A compiled alternative: literal text, choices and references in order.
Alternative = tuple["str | Choice | Rule | Variable", ...]


class GrammarError(ValueError):
    """A rule that cannot be read: a bracket left open, or a slot that nothing fills."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several alternatives, each as likely as the others."""

    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A reference to another rule, by its full dotted name."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A slot that the caller's context fills."""

    name: str


class Grammar:
    """Rules by dotted name (``bait.streaming.call``), ready to be expanded.

    A slot in ``bait.streaming.call`` is looked up as ``bait.streaming.NAME``, ``bait.NAME``,
    ``shared.NAME`` and last among ``variables``.

    Raises:
        GrammarError: a bracket is unbalanced, a slot is unknown, or rules contain each other.
    """

    def __init__(self, rules: Mapping[str, Sequence[str]], variables: frozenset[str]) -> None:
        self._names = frozenset(rules)
        self._variables = variables
        self._rules = {
            name: tuple(self._compile(name, line) for line in lines)
            for name, lines in rules.items()
        }
        self._counts: dict[str, int] = {}
        for name in self._rules:
            self.variants(name)

    def __contains__(self, name: str) -> bool:
        return name in self._rules

    def expand(self, name: str, rng: Random, context: Mapping[str, str]) -> str:
        """Write one sentence of the rule ``name``; ``context`` fills the variables."""
        out: list[str] = []
        self._write(rng.choice(self._rules[name]), rng, context, out)
        return _GAP.sub("", " ".join("".join(out).split()))

    def variants(self, name: str, _inside: tuple[str, ...] = ()) -> int:
        """Count the sentences of a rule, each variable counted as one."""
        if name in _inside:
            raise GrammarError(f"rules contain each other: {' > '.join((*_inside, name))}")
        if name not in self._counts:
            inside = (*_inside, name)
            self._counts[name] = sum(self._ways(line, inside) for line in self._rules[name])
        return self._counts[name]

    def _ways(self, alternative: Alternative, inside: tuple[str, ...]) -> int:
        ways = 1
        for part in alternative:
            if isinstance(part, Choice):
                ways *= sum(self._ways(branch, inside) for branch in part.alternatives)
            elif isinstance(part, Rule):
                ways *= self.variants(part.name, inside)
        return ways

    def _write(
        self, alternative: Alternative, rng: Random, context: Mapping[str, str], out: list[str]
    ) -> None:
        for part in alternative:
            if isinstance(part, str):
                out.append(part)
            elif isinstance(part, Variable):
                out.append(context[part.name])
            else:
                branches = part.alternatives if isinstance(part, Choice) else self._rules[part.name]
                self._write(rng.choice(branches), rng, context, out)

    def _compile(self, owner: str, line: str) -> Alternative:
        parts, end = self._sequence(owner, line, 0, "")
        if end != len(line):
            raise GrammarError(f"{owner}: unexpected {line[end]!r} in {line!r}")
        return parts

    def _sequence(self, owner: str, line: str, at: int, stops: str) -> tuple[Alternative, int]:
        """Read until one of ``stops`` or the end; give the parts and where it stopped."""
        parts: list[str | Choice | Rule | Variable] = []
        literal = ""
        while at < len(line) and line[at] not in stops:
            char = line[at]
            if char not in "[{":
                if char in "]}|":
                    raise GrammarError(f"{owner}: unexpected {char!r} in {line!r}")
                literal += char
                at += 1
                continue
            if literal:
                parts.append(literal)
                literal = ""
            reader = self._choice if char == "[" else self._slot
            part, at = reader(owner, line, at + 1)
            parts.append(part)
        if literal:
            parts.append(literal)
        return tuple(parts), at

    def _choice(self, owner: str, line: str, at: int) -> tuple[Choice, int]:
        branches: list[Alternative] = []
        while True:
            branch, at = self._sequence(owner, line, at, "|]")
            branches.append(branch)
            if at >= len(line):
                raise GrammarError(f"{owner}: a '[' is never closed in {line!r}")
            at += 1
            if line[at - 1] == "]":
                return Choice(tuple(branches)), at

    def _slot(self, owner: str, line: str, at: int) -> tuple[Rule | Variable, int]:
        end = line.find("}", at)
        if end < 0:
            raise GrammarError(f"{owner}: a '{{' is never closed in {line!r}")
        return self._resolve(owner, line[at:end]), end + 1

    def _resolve(self, owner: str, slot: str) -> Rule | Variable:
        sections = owner.split(".")[:-1]
        scopes = [".".join(sections[:depth]) for depth in range(len(sections), 0, -1)]
        for scope in (*scopes, "shared"):
            if f"{scope}.{slot}" in self._names:
                return Rule(f"{scope}.{slot}")
        if slot in self._variables:
            return Variable(slot)
        raise GrammarError(f"{owner}: nothing fills the slot {slot!r}")
