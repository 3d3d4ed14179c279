"""What scoring a parsed page costs: compiled, with the plain pipelines, alone and in a batch.

    python -m benchmarks.scoring [--repeat 40] [--corpus FOLDER [--pages 300]]

One pass is everything between a parsed page of about 5 KB of text and its score: cutting passages,
tokens, named numbers, hashing, both views, joining. The counterfactual (the same page judged again
without its evidence) is told apart. Medians of CPU time, the compiled scorer and scikit-learn's
pipelines side by side in one run. With a corpus its pages are scored both ways, and the largest
difference is a goal; without one, five pages of English, German, Russian, Hindi and Chinese prose.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.goals import Goal, report_goals
from model.artifact import Artifact, load_artifact
from model.document import Document, parse_document
from model.features import Reading, extract_features
from model.hashing import hash_features
from model.judge import judge_page
from model.page import Page
from training.corpus import corpus_files, read_corpus
from training.synthesis.language import load_language

MILLISECONDS = 3.0
DIFFERENCE = 1e-6
LANGUAGES = ("en", "de", "ru", "hi", "zh")
BYTES = 5_000
CLOSING = "\n\nWatch the full film free on our partner site: https://bit.ly/3qXfilm"


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=40)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--pages", type=int, default=300)
    args = parser.parse_args()
    artifact = load_artifact()
    print("language  bytes  features  score compiled  score plain  one pass  judged with evidence")
    passes = [_row(code, artifact, args.repeat) for code in LANGUAGES]
    documents = [parse_document(Page.from_text(_prose(code))) for code in LANGUAGES]
    if args.corpus:
        pages = read_corpus(corpus_files([args.corpus])).pages
        chosen = Random(0).sample(pages, min(args.pages, len(pages)))
        documents = [page.document for page in chosen]
    compiled, plain, difference = _batch(documents, artifact)
    print(
        f"\nbatch of {len(documents)} pages, milliseconds of CPU a page after parsing:"
        f" compiled {compiled:.2f}, plain {plain:.2f}, largest difference {difference:.1e}"
    )
    return report_goals(
        [
            Goal("one-pass-milliseconds", median(passes), MILLISECONDS),
            Goal("difference-to-pipelines", difference, DIFFERENCE),
        ]
    )


def _row(code: str, artifact: Artifact, repeat: int) -> float:
    text = _prose(code)
    document = parse_document(Page.from_text(text))
    features = extract_features(Reading(document))
    bait = Page.from_text(text + CLOSING)
    extraction, compiled, plain, whole, judged = _medians(
        repeat,
        lambda: extract_features(Reading(document)),
        lambda: artifact.scorer.score(features),
        lambda: artifact.classifier.predict(features),
        lambda: artifact.scorer.score(extract_features(Reading(document))),
        lambda: judge_page(bait, artifact),
    )
    print(
        f"{code:8}{len(text.encode()):7} {extraction:9.2f} {compiled:15.2f} {plain:12.2f}"
        f" {whole:9.2f} {judged:21.2f}"
    )
    return whole


def _medians(repeat: int, *steps: Callable[[], object]) -> list[float]:
    """Return the median milliseconds of each step; the steps take turns, so load meets all."""
    spent: list[list[float]] = [[] for _ in steps]
    for _ in range(repeat):
        for step, times in zip(steps, spent, strict=True):
            started = time.process_time()
            step()
            times.append(1000 * (time.process_time() - started))
    return [median(times) for times in spent]


def _batch(documents: Sequence[Document], artifact: Artifact) -> tuple[float, float, float]:
    """Return milliseconds a page compiled and plain, and the largest difference of scores."""
    spent = [0.0, 0.0]
    difference = 0.0
    for document in documents:
        features = extract_features(Reading(document))
        hash_features(features)  # so that neither pays for warming up
        started = time.process_time()
        compiled = artifact.scorer.score(features).prediction.score
        between = time.process_time()
        plain = artifact.classifier.predict(features).score
        spent[0] += between - started
        spent[1] += time.process_time() - between
        difference = max(difference, abs(compiled - plain))
    return 1000 * spent[0] / len(documents), 1000 * spent[1] / len(documents), difference


def _prose(code: str) -> str:
    """Return about 5 KB of a language's own articles."""
    paragraphs = [p for article in load_language(code).articles for p in article.paragraphs]
    text = ""
    number = 0
    while len(text.encode()) < BYTES:
        text += f"{paragraphs[number % len(paragraphs)]}\n\n"
        number += 1
    return text.encode()[:BYTES].decode(errors="ignore")


if __name__ == "__main__":
    sys.exit(main())
