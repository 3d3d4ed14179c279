"""Whether the evidence of a verdict quotes what was planted: on generated pages, where it is known.

    python -m benchmarks.evidence [--count 3000] [--seed 7001] [--corpus FOLDER]

Generates pages from a seed that training does not use, judges them with the shipped model, and
looks for what was planted among the quotes of each bait page that is called `bait` or
`suspicious`: the words of one planted sentence, or the address of one planted link. Prints a table
by lure and by template, and then how much of the pages is quoted, since quoting all would find all.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.goals import Goal, report_goals
from model.artifact import Artifact, load_artifact
from model.document import parse_document
from model.judge import judge_page
from model.page import Page
from training.augment import articles_of
from training.corpus import corpus_files, read_corpus
from training.synthesis import Generated, generate

QUOTED = 0.95  # of flagged bait pages, at least
CLEAN_WITHOUT = 0.5  # of those, the page without its evidence is called clean, at least


@dataclass(frozen=True, slots=True)
class Found:
    """One flagged bait page: what became of what was planted in it."""

    made: Generated
    quoted: bool
    share: float  # of the page's text that the quotes hold
    clean_without: bool


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=7_001)
    parser.add_argument("--corpus", type=Path)
    args = parser.parse_args()
    articles = articles_of(read_corpus(corpus_files([args.corpus])).pages) if args.corpus else []
    artifact = load_artifact()
    bait = [m for m in generate(articles, count=args.count, seed=args.seed) if m.label == "bait"]
    found = [f for made in bait if (f := _judge(made, artifact)) is not None]
    print(f"{len(bait):,} bait pages, {len(found):,} of them flagged\n")
    print("what                 pages  planted quoted  clean without  text quoted (median)")
    _table("all", found, lambda _: "all")
    _table("lure", found, lambda f: f.made.lure or "")
    _table("template", found, lambda f: f.made.template)
    return report_goals(
        [
            Goal("planted-quoted", _share(f.quoted for f in found), QUOTED, at_least=True),
            Goal(
                "clean-without-evidence",
                _share(f.clean_without for f in found),
                CLEAN_WITHOUT,
                at_least=True,
            ),
        ]
    )


def _judge(made: Generated, artifact: Artifact) -> Found | None:
    page = (
        Page.from_html(made.html, made.url)
        if made.html is not None
        else Page.from_text(made.text or "", made.url)
    )
    verdict = judge_page(page, artifact)
    if verdict.verdict not in {"bait", "suspicious"}:
        return None
    words = " \n ".join(_plain(e.quote) for e in verdict.evidence)
    hrefs = {e.href for e in verdict.evidence if e.href}
    length = max(1, len(parse_document(page).text))
    return Found(
        made,
        any(planted in hrefs or _plain(planted) in words for planted in made.planted),
        min(1.0, sum(len(e.quote) for e in verdict.evidence if e.kind == "text") / length),
        verdict.without_evidence is not None and verdict.without_evidence.verdict == "clean",
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _table(title: str, found: Iterable[Found], key: Callable[[Found], str]) -> None:
    groups: dict[str, list[Found]] = defaultdict(list)
    for each in found:
        groups[key(each)].append(each)
    for name, group in sorted(groups.items()):
        print(
            f"{title:9}{name[:18]:19}{len(group):5} {_share(f.quoted for f in group):14.1%}"
            f" {_share(f.clean_without for f in group):14.1%}"
            f" {median(f.share for f in group):10.1%}"
        )


def _share(values: Iterable[bool]) -> float:
    held = list(values)
    return sum(held) / len(held) if held else 0.0


if __name__ == "__main__":
    sys.exit(main())
