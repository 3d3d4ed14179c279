"""What parse_document costs and how true it is, beside other ways to read a page.

    python -m benchmarks.extraction --corpus DIR [--tree-tests DIR] [--fidelity N]

DIR holds saved pages (.jsonl, .jsonl.gz). One run measures everything on the same pages: CPU time
of this thread, the best of three rounds in which the contenders take turns. Contenders that are
not installed (trafilatura, selectolax) are left out. ``--fidelity`` compares the visible text of N
pages with headless Chromium's innerText; it needs Playwright and Debian's chromium.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import os
import statistics
import sys
import time
import tracemalloc
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from benchmarks.browser import TOKEN, chromium, token_f1
from benchmarks.corpus import choose_pages
from benchmarks.tree_tests import agreement, read_ours, read_stock
from model.document import parse_document

if TYPE_CHECKING:
    from model.page import Page
    from model.saved import SavedPage

Contender = Callable[["Page"], object]
_ROUNDS = 3
_WORST = 10


def _stock_known(page: Page) -> object:
    return BeautifulSoup(page.body, "lxml", from_encoding="utf-8")


def _stock_guessing(page: Page) -> object:
    return BeautifulSoup(page.body, "lxml").get_text(" ")


def _contenders() -> dict[str, Contender]:
    found: dict[str, Contender] = {"parse_document": parse_document}
    if importlib.util.find_spec("selectolax"):
        from selectolax.lexbor import LexborHTMLParser

        def lexbor(page: Page) -> object:
            parsed = LexborHTMLParser(page.body)
            return parsed.text(separator=" "), [a.attributes.get("href") for a in parsed.css("a")]

        found["lexbor, text and links"] = lexbor
    if importlib.util.find_spec("trafilatura"):
        from trafilatura import extract

        found["trafilatura, fast"] = lambda page: extract(page.body.decode(), fast=True)
    found["bs4 + lxml, encoding given"] = _stock_known
    found["bs4 + lxml, raw bytes, get_text"] = _stock_guessing
    return found


def _seconds(contender: Contender, page: Page) -> float:
    begun = time.thread_time()
    contender(page)
    return time.thread_time() - begun


def report_cost(pages: list[Page]) -> None:
    """Print each contender's median and total time, and the ratios that matter."""
    contenders = _contenders()
    best: dict[str, list[float]] = {name: [float("inf")] * len(pages) for name in contenders}
    for _ in range(_ROUNDS):
        for name, contender in contenders.items():
            gc.collect()  # the trees of the one before are not this one's cost
            for index, page in enumerate(pages):
                best[name][index] = min(best[name][index], _seconds(contender, page))
    size = sum(len(page.body) for page in pages) / 1e5
    ours = best["parse_document"]
    print(f"\ncost over {len(pages)} pages, {size * 100 / len(pages):.0f} KB on average")
    print(
        f"{'':34}{'median ms':>10}{'ms/100 KB':>11}{'ours / this: median page':>26}{'in total':>10}"
    )
    for name, times in best.items():
        ratio = statistics.median(mine / other for mine, other in zip(ours, times, strict=True))
        print(
            f"{name:34}{statistics.median(times) * 1e3:10.2f}{sum(times) * 1e3 / size:11.2f}"
            f"{ratio:26.3f}{sum(ours) / sum(times):10.3f}"
        )


def report_memory(pages: list[Page]) -> None:
    """Print the peak of Python's allocations while a page is parsed, the document included."""
    peaks = []
    for page in pages:
        tracemalloc.start()
        parse_document(page)
        peaks.append(tracemalloc.get_traced_memory()[1] / max(len(page.body), 1))
        tracemalloc.stop()
    peaks.sort()
    print(f"\npeak memory, times the page's size: median {peaks[len(peaks) // 2]:.1f}", end="")
    print(f", 95 % {peaks[len(peaks) * 95 // 100]:.1f}, most {peaks[-1]:.1f}")


def report_tree_tests(folder: Path) -> None:
    """Print how often html5lib's tests agree."""
    print("\nhtml5lib's tree-construction tests: share that agrees in")
    for name, read in (("ours", read_ours), ("bs4 + lxml", read_stock)):
        count, tags, text, both = agreement(folder, read)
        print(f"{name:12} {count} tests: tags {tags:.3f}, text {text:.3f}, both {both:.3f}")


def report_fidelity(pages: list[SavedPage]) -> None:
    """Print the token F1 against Chromium, with what differs on the worst pages."""
    rows = []
    with chromium() as browser:
        for saved in pages:
            body = saved.page.body
            try:
                shown = browser.inner_text(body, saved.page.headers["content-type"])
            except Exception as error:  # noqa: BLE001 - the browser's own failures are reported
                print(f"  {saved.id}: the browser failed: {str(error).splitlines()[0][:100]}")
                continue
            rows.append((token_f1(parse_document(saved.page).text, shown), saved, shown))
    rows.sort(key=lambda row: row[0])
    scores = [row[0] for row in rows]
    print(f"\nfidelity: token F1 against Chromium over {len(rows)} pages, scripts off", end="")
    print(f": mean {statistics.mean(scores):.4f}, median {statistics.median(scores):.4f}")
    for score, saved, shown in rows[:_WORST]:
        ours, theirs = (
            Counter(TOKEN.findall(text.lower()))
            for text in (parse_document(saved.page).text, shown)
        )
        extra, missing = ours - theirs, theirs - ours
        print(f"  {score:.3f} {saved.id}: {extra.total()} words of {ours.total()} more", end="")
        print(f" {_few(extra)}, {missing.total()} of {theirs.total()} less {_few(missing)}")


def _few(words: Counter[str]) -> list[str]:
    return [word[:20] for word, _ in words.most_common(4)]


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("BAITWATCH_CORPUS"))
    parser.add_argument("--pages", type=int, default=240)
    parser.add_argument("--tree-tests", type=Path, help="html5lib-tests/tree-construction")
    parser.add_argument("--fidelity", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    if arguments.corpus is None:
        parser.error("name a folder of saved pages: --corpus DIR or BAITWATCH_CORPUS")
    warnings.simplefilter("ignore")
    chosen = choose_pages(Path(arguments.corpus), arguments.pages)
    pages = [saved.page for saved in chosen]
    report_cost(pages)
    report_memory(pages[:100])
    if arguments.tree_tests:
        report_tree_tests(arguments.tree_tests)
    if arguments.fidelity:
        report_fidelity(chosen[: arguments.fidelity])
    return 0


if __name__ == "__main__":
    sys.exit(main())
