"""What a page's JSON-LD says the page is: read as claims, never as facts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_CLAIMS = 200_000  # characters of one script
_MOST_NODES = 2_000
_LONGEST = 4_096  # characters of one value
_TOLD = ("@type", "name", "headline", "url", "contentUrl", "embedUrl", "author", "publisher")


def read_claims(script: str) -> Iterator[tuple[str, str]]:
    """Yield ``("ld:name", value)`` for the telling properties, outer ones first.

    Broken JSON and a script beyond ``LONGEST_CLAIMS`` yield nothing. The names stand in lower case:
    ``ld:@type``, ``ld:contenturl``.
    """
    if len(script) > LONGEST_CLAIMS:
        return
    try:
        waiting: list[object] = [json.loads(script)]
    except (ValueError, RecursionError):
        return
    for node in waiting:
        if isinstance(node, list):
            children = node
        elif isinstance(node, dict):
            for name in _TOLD:
                yield from ((f"ld:{name.lower()}", words) for words in _words_of(node.get(name)))
            children = list(node.values())
        else:
            continue
        waiting.extend(children[: _MOST_NODES - len(waiting)] if len(waiting) < _MOST_NODES else ())


def _words_of(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            # JSON can spell half a character, which nothing else can hold: it becomes "?".
            yield each[:_LONGEST].encode(errors="replace").decode()
