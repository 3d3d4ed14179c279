"""Why the words that are read here differ from those that a browser shows, page by page.

Each differing word is given to the first cause that explains it; the causes are found by reading
and showing the page again without what may cause it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.browser import TOKEN
from model.document import parse_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.page import Page

Words = Counter[str]
_LONGEST = 200  # characters of a word that is looked for in others
_STYLES = re.compile(rb"<style[\s>].*?</style", re.IGNORECASE | re.DOTALL)
_CONTENT = re.compile(rb"\bcontent\s*:", re.IGNORECASE)


def words_of(text: str) -> Words:
    """Count a text's words, in lower case."""
    return Counter(TOKEN.findall(text.lower()))


def causes_of(page: Page, shown: str, show: Callable[[bytes], str]) -> Words:
    """Count the differing words of a page by cause. ``show`` gives a browser's text of a body."""
    document = parse_document(page)
    ours, theirs = words_of(document.text), words_of(shown)
    extra, missing = ours - theirs, theirs - ours
    causes: Words = Counter()
    for part in document.hidden:
        _explain(causes, f"hidden here: {part.because}", missing, words_of(part.text))
    _explain_joined(causes, extra, missing)
    if extra:
        plain = replace(page, body=_CONTENT.sub(b"unread:", page.body))
        _explain(
            causes, "words that a rule adds", extra, ours - words_of(parse_document(plain).text)
        )
    if extra:
        unstyled = words_of(show(_STYLES.sub(b"", page.body)))
        _explain(causes, "hidden there by a rule not read here", extra, unstyled - theirs)
    causes["another tree: seen here only"] += extra.total()
    causes["another tree: seen there only"] += missing.total()
    return +causes


def _explain(causes: Words, cause: str, words: Words, by: Words) -> None:
    explained = words & by
    words -= explained
    causes[cause] += explained.total()


def _explain_joined(causes: Words, extra: Words, missing: Words) -> None:
    """Find words on one side that are several of the other side's, run together."""
    for joined, parts in ((list(missing), extra), (list(extra), missing)):
        whole = missing if parts is extra else extra
        for word in joined:
            while whole[word] > 0:
                pieces = _cut(word, parts)
                if not pieces:
                    break
                parts.subtract(pieces)
                whole[word] -= 1
                causes["spaces between words"] += 1 + len(pieces)


def _cut(word: str, parts: Words) -> list[str]:
    """Cut a word into others of those there are, as few as a search from its start finds."""
    if len(word) > _LONGEST:
        return []
    found: dict[int, list[str]] = {0: []}
    for start in range(len(word)):
        for end in range(start + 1, len(word) + 1):
            piece = word[start:end]
            if start in found and end not in found and parts[piece] > found[start].count(piece):
                found[end] = [*found[start], piece]
    pieces = found.get(len(word), [])
    return pieces if len(pieces) > 1 else []
