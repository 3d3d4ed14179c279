"""How much the generator of training pages varies, and what it costs.

    python -m benchmarks.variety [--count 20000] [--seed 1] [--corpus FOLDER]

Prints, for each language, the distinct wordings per bait page and the shares of near copies; for
each template the one that is built most alike; and the time of a page. Each figure stands beside
its goal. With a corpus, its honest articles are used as in training; without one, the few that
each language brings, so that whole pages repeat more. Exits with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

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
    missed = 0
    print("language   pages  wordings/bait  near passages  near pages")
    print(f"{'goal':8} {'':7} {f'>= {WORDINGS}':>14} {f'<= {NEAR_PASSAGES}':>14}"
          f" {f'<= {NEAR_PAGES}':>11}")  # fmt: skip
    for v in measure_variety(pages):
        print(f"{v.lang:8} {v.pages:7} {v.wordings:14.1f} {v.near_passages:14.3f}"
              f" {v.near_pages:11.3f}")  # fmt: skip
        missed += v.wordings < WORDINGS
        missed += v.near_passages > NEAR_PASSAGES
        missed += v.near_pages > NEAR_PAGES
    print(f"\ntemplate        nearest         similarity (goal <= {SIMILARITY})")
    for near in nearest_templates(pages):
        print(f"{near.template:15} {near.nearest:15} {near.similarity:.2f}")
        missed += near.similarity > SIMILARITY
    print(f"\n{spent:.2f} ms of CPU a page (goal <= {MILLISECONDS})")
    missed += spent > MILLISECONDS
    print("every goal is reached" if not missed else f"{missed} goals are missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
