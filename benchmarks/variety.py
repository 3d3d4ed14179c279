"""How much the generator of training pages varies, and what it costs.

    python -m benchmarks.variety [--count 20000] [--seed 1] [--corpus FOLDER]

Prints, for each language, the distinct wordings per bait page and the shares of near copies; for
each template the one that is built most alike; then a line a goal, of the worst language or
template, and of the CPU time of a page. With a corpus, its honest articles are used as in
training; without one, the few that each language brings, so that whole pages repeat more. Exits
with 1 where a goal is short.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks.goals import Goal, report_goals
from training.augment import articles_of
from training.corpus import corpus_files, read_corpus
from training.synthesis import generate
from training.variety import measure_variety, nearest_templates

# Goals: at least, at most, at most, at most, at most.
WORDINGS = 10.0
NEAR_PASSAGES = 0.05
NEAR_PAGES = 0.05
SIMILARITY = 0.6
MILLISECONDS = 1.2  # of CPU a page: 50,000 pages in a minute


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path)
    args = parser.parse_args()
    articles = articles_of(read_corpus(corpus_files([args.corpus])).pages) if args.corpus else []
    started = time.process_time()
    pages = list(generate(articles, count=args.count, seed=args.seed))
    spent = 1000 * (time.process_time() - started) / args.count
    print("language   pages  wordings/bait  near passages  near pages")
    varieties = list(measure_variety(pages))
    for v in varieties:
        print(
            f"{v.lang:8} {v.pages:7} {v.wordings:14.1f}"
            f" {v.near_passages:14.3f} {v.near_pages:11.3f}"
        )
    print("\ntemplate        nearest         similarity")
    nearest = list(nearest_templates(pages))
    for near in nearest:
        print(f"{near.template:15} {near.nearest:15} {near.similarity:.2f}")
    return report_goals(
        [
            Goal("wordings", min(v.wordings for v in varieties), WORDINGS, at_least=True),
            Goal("near-passages", max(v.near_passages for v in varieties), NEAR_PASSAGES),
            Goal("near-pages", max(v.near_pages for v in varieties), NEAR_PAGES),
            Goal("template-similarity", max(n.similarity for n in nearest), SIMILARITY),
            Goal("milliseconds-a-page", spent, MILLISECONDS),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
