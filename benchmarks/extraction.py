"""What parse_document costs and how true it is, beside other ways to read a page.

    python -m benchmarks.extraction --corpus DIR

DIR holds saved pages (.jsonl, .jsonl.gz). One run measures everything on the same pages: CPU time
of this thread, the best of five rounds in which the contenders take turns; the peak of Python's
allocations; how often html5lib's tests agree; and the words of the visible text against those that
headless Chromium shows with scripts off, with the causes of what differs. It ends with a line a
goal, and exits 1 where one is short.

It needs the ``bench`` extra, and Debian's chromium.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
import tracemalloc
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from selectolax.lexbor import LexborHTMLParser
from trafilatura import extract

from benchmarks.browser import chromium, token_f1
from benchmarks.causes import causes_of
from benchmarks.corpus import choose_pages
from benchmarks.goals import Goal, report_goals
from benchmarks.tree_tests import CASES, agreement, read_ours, read_stock
from model.document import parse_document

if TYPE_CHECKING:
    from model.page import Page
    from model.saved import SavedPage

Contender = Callable[["Page"], object]
_ROUNDS = 5
_WORST = 10
_STOCK = "bs4 + lxml, encoding given"
_TRAFILATURA = "trafilatura, fast"
_LEXBOR = "lexbor in one pass (the limit)"


def _lexbor(page: Page) -> object:
    parsed = LexborHTMLParser(page.body)
    return parsed.text(separator=" "), [link.attributes.get("href") for link in parsed.css("a")]


CONTENDERS: dict[str, Contender] = {
    "parse_document": parse_document,
    _LEXBOR: _lexbor,
    _TRAFILATURA: lambda page: extract(page.body.decode(errors="replace"), fast=True),
    _STOCK: lambda page: BeautifulSoup(page.body, "lxml", from_encoding="utf-8"),
    "bs4 + lxml, raw bytes, get_text": lambda page: BeautifulSoup(page.body, "lxml").get_text(" "),
}


def _seconds(contender: Contender, page: Page) -> float:
    begun = time.thread_time()
    contender(page)
    return time.thread_time() - begun


def measure_cost(pages: list[Page]) -> dict[str, list[float]]:
    """Return the seconds that each contender takes for each page."""
    best = {name: [float("inf")] * len(pages) for name in CONTENDERS}
    for _ in range(_ROUNDS):
        for name, contender in CONTENDERS.items():
            gc.collect()  # the trees of the one before are not this one's cost
            for index, page in enumerate(pages):
                best[name][index] = min(best[name][index], _seconds(contender, page))
    return best


def report_cost(pages: list[Page]) -> list[Goal]:
    """Print each contender's median and total time, and the ratios that matter."""
    best = measure_cost(pages)
    size = sum(len(page.body) for page in pages) / 1e5
    ours = best["parse_document"]
    print(f"cost over {len(pages)} pages, {size * 100 / len(pages):.0f} KB on average")
    print(f"{'':34}{'median ms':>10}{'ms/100 KB':>11}{'ours / this: median':>21}{'in total':>10}")
    ratios = {}
    for name, times in best.items():
        ratio = statistics.median(mine / other for mine, other in zip(ours, times, strict=True))
        ratios[name] = ratio, sum(ours) / sum(times)
        print(
            f"{name:34}{statistics.median(times) * 1e3:10.2f}{sum(times) * 1e3 / size:11.2f}"
            f"{ratio:21.3f}{ratios[name][1]:10.3f}"
        )
    return [
        Goal("cost of the median page, times stock", ratios[_STOCK][0], 1 / 3),
        Goal("cost in total, times stock", ratios[_STOCK][1], 1 / 3),
        Goal("cost of the median page, times trafilatura", ratios[_TRAFILATURA][0], 1 / 3),
        Goal("cost in total, times trafilatura", ratios[_TRAFILATURA][1], 1 / 3),
    ]


def report_memory(pages: list[Page]) -> list[Goal]:
    """Print the peak of Python's allocations while a page is parsed, the document included."""
    peaks = []
    for page in pages:
        tracemalloc.start()
        parse_document(page)
        peaks.append((tracemalloc.get_traced_memory()[1], len(page.body)))
        tracemalloc.stop()
    megabytes = sorted(peak / 1e6 for peak, _ in peaks)
    times = sorted(peak / max(size, 1) for peak, size in peaks)
    print("\npeak memory of a page       median    95 %    most")
    for name, figures in (("MB", megabytes), ("times the page's size", times)):
        middle, high = figures[len(figures) // 2], figures[len(figures) * 95 // 100]
        print(f"{name:24}{middle:10.2f}{high:8.2f}{figures[-1]:8.2f}")
    return [Goal("peak memory of the worst page, MB", megabytes[-1], 200)]


def report_tree_tests(folder: Path) -> list[Goal]:
    """Print how often html5lib's tests agree."""
    ours, stock = (agreement(folder, read) for read in (read_ours, read_stock))
    print(f"\nof {ours.count} html5lib tests agree  in tags   in text   in both")
    for name, shares in (("ours", ours), ("bs4 + lxml", stock)):
        print(f"{name:26}{shares.tags:10.3f}{shares.text:10.3f}{shares.both:10.3f}")
    return [
        Goal("html5lib tests that agree in tags", ours.tags, stock.tags, at_least=True),
        Goal("html5lib tests that agree in text", ours.text, stock.text, at_least=True),
    ]


@dataclass(frozen=True)
class Compared:
    """One page's text beside the browser's."""

    name: str
    score: float
    causes: Counter[str]


def compare_with_browser(pages: list[SavedPage]) -> list[Compared]:
    """Show pages in Chromium and compare; a page that the browser can't show is named and left."""
    compared = []
    with chromium() as browser:
        for saved in pages:
            page = saved.page
            content_type = page.headers["content-type"]

            def show(body: bytes, content_type: str = content_type) -> str:
                return browser.inner_text(body, content_type)

            try:
                shown = show(page.body)
                causes = causes_of(page, shown, show)
            except Exception as error:  # noqa: BLE001 - the browser's own failures are reported
                print(f"  {saved.id}: the browser failed: {str(error).splitlines()[0][:100]}")
                continue
            score = token_f1(parse_document(page).text, shown)
            compared.append(Compared(saved.id, score, causes))
    return compared


def report_fidelity(pages: list[SavedPage]) -> list[Goal]:
    """Print the token F1 against Chromium, and what differs: in all, and on the worst pages."""
    compared = sorted(compare_with_browser(pages), key=lambda one: one.score)
    scores = [one.score for one in compared]
    mean = statistics.mean(scores)
    print(f"\ntoken F1 against Chromium, scripts off, over {len(compared)} pages: mean {mean:.4f}")
    total: Counter[str] = Counter()
    for one in compared:
        total.update(one.causes)
    print("differing words of all of them, by cause:")
    for cause, count in total.most_common():
        print(f"{count:8} {cause}")
    print(f"the worst {_WORST}:")
    for one in compared[:_WORST]:
        causes = ", ".join(f"{count} {cause}" for cause, count in one.causes.most_common(4))
        print(f"  {one.score:.3f} {one.name}: {causes}")
    return [
        Goal("pages compared with Chromium", len(compared), min(100, len(pages)), at_least=True),
        Goal("mean token F1 against Chromium", mean, 0.97, at_least=True),
    ]


def main() -> int:
    """Measure everything, print it, and say which goals hold."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("BAITWATCH_CORPUS"))
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--fidelity", type=int, default=120, metavar="PAGES")
    parser.add_argument("--tree-tests", type=Path, default=CASES, metavar="DIR")
    arguments = parser.parse_args()
    if arguments.corpus is None:
        parser.error("name a folder of saved pages: --corpus DIR or BAITWATCH_CORPUS")
    warnings.simplefilter("ignore")
    chosen = choose_pages(Path(arguments.corpus), max(arguments.pages, arguments.fidelity))
    if not chosen:
        parser.error(f"{arguments.corpus} holds no saved HTML pages")
    pages = [saved.page for saved in chosen[: arguments.pages]]
    goals = report_cost(pages)
    goals += report_memory(pages)
    goals += report_tree_tests(arguments.tree_tests)
    goals += report_fidelity(chosen[: arguments.fidelity])
    return report_goals(goals)


if __name__ == "__main__":
    sys.exit(main())
