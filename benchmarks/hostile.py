"""How parse_document bears pages made to break it: time, memory and growth of every one.

    python -m benchmarks.hostile

Each page is made and parsed in a process of its own, at 100 KB, 1 MB and 5 MB. Time is CPU time;
memory is the process's highest resident size, the interpreter and its imports included. It ends
with a line a goal, and exits 1 where one is short: no page may raise, take over 1.5 s or 200 MB, or
take more time a byte at the largest size than at the middle one.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.goals import Goal, report_goals

SIZES = (100_000, 1_000_000, 5_000_000)
MOST_SECONDS = 1.5
MOST_MEGABYTES = 200.0
MOST_GROWTH = 2.5  # of the time per byte read, from 1 MB to the largest size
ROUNDS = 2  # the faster one counts: other work on the machine is not the page's
CEILING = 2 * 1024 * 1024  # bytes that are read of a page


def repeat(unit: str | bytes) -> Callable[[int], bytes]:
    """Make a page of one unit, over and over."""
    encoded = unit.encode() if isinstance(unit, str) else unit
    return lambda size: (encoded * (size // len(encoded) + 1))[:size]


def halves(first: str, second: str) -> Callable[[int], bytes]:
    """Make a page of one flood after another."""
    return lambda size: repeat(first)(size // 2) + repeat(second)(size // 2)


def within(before: str, unit: str, after: str) -> Callable[[int], bytes]:
    """Make a page of one giant thing."""
    return lambda size: before.encode() + repeat(unit)(size) + after.encode()


def numbered(pattern: str, before: str = "", after: str = "") -> Callable[[int], bytes]:
    """Make a page of many different things."""

    def page(size: int) -> bytes:
        count = size // len(pattern % 0) + 1
        return (before + "".join(pattern % number for number in range(count)) + after).encode()

    return page


def style(pattern: str, count: int) -> str:
    """Make a sheet of many different rules."""
    rules = "".join(pattern.replace("#", str(number)) for number in range(count))
    return f"<style>{rules}</style>"


_MANY_RULES = style(".a.b#{display:none}", 2_000)
_MANY_CLASSES = " ".join(f"k{number}" for number in range(200))

PAGES: dict[str, Callable[[int], bytes]] = {
    "nested div": repeat("<div>"),
    "nested inline": repeat("<b><i><font>"),
    "nested p and a": repeat("<a href=x><p>"),
    "nested lists": repeat("<ul><li>"),
    "nested tables": repeat("<table><tr><td>"),
    "nested forms and buttons": repeat("<form action=x><button onclick=y>"),
    "nested svg": repeat("<svg><g>"),
    "nested hidden": repeat("<div hidden><details><template>"),
    "unclosed p": repeat("<p>a"),
    "unclosed li": repeat("<li>a"),
    "paired tags": repeat("<b>a</b>"),
    "end tags": repeat("</x>"),
    "deep, then end tags": halves("<div>", "</x>"),
    "deep inline, then end tags": halves("<b>", "</p>"),
    "deep lists, then closing": halves("<ul><li>", "</ul></p></a>"),
    "line breaks": repeat("<br>"),
    "links": repeat("<a href=http://a.test/>b</a> "),
    "different links": numbered("<a href=http://a%08d.test/>b</a>"),
    "images": repeat("<img src=a alt=b>"),
    "unclosed links": repeat("<a href=x>y"),
    "attributes of one element": numbered(" a%08d=b", "<p", ">text"),
    "one attribute over and over": within("<p", " a=b", ">text"),
    "elements of many attributes": repeat("<p" + "".join(f" a{n}=b" for n in range(200)) + ">"),
    "style attributes": numbered("<p style='color:#%08d'>a"),
    "class attributes": numbered("<p class='c%08d'>a", "<style>.x{display:none}</style>"),
    "giant class": within("<style>.x{display:none}</style><p class='", "y ", "'>text"),
    "giant text": within("<p>", "word ", "</p>"),
    "giant word": within("<p>", "a", "</p>"),
    "giant address": within("<a href='http://a.test/", "a", "'>text</a>"),
    "giant attribute, open": within("<a title='", "a", ""),
    "giant title": within("<title>", "a ", "</title>"),
    "giant script": within("<script>", "location . href ", "</script>"),
    "giant script of redirects": within("<script>", "location='http://a.test/';", "</script>"),
    "giant onclick": within("<p onclick='", "window.open (", "'>text"),
    "giant refresh": within("<meta http-equiv=refresh content='0;", "url = ", "'>text"),
    "giant style": within("<style>", ".a{display:none}", "</style><p class=a>text"),
    "giant style, open": within("<style>", ".a,", ""),
    "different rules": numbered(".c%08d{display:none}", "<style>", "</style><p class=c1>a"),
    "rules and elements": halves("<style>.a{display:none}</style>", "<p class=a>b"),
    "giant style attribute": within("<p style='", "left:1px;", "'>text"),
    "one class, many rules": numbered("<p class='a c%08d'>a", _MANY_RULES),
    "many classes, many rules": numbered(
        f"<p class='{_MANY_CLASSES} c%08d'>a",
        "".join(style(f".k{number}.x#{{display:none}}", 40) for number in range(200)),
    ),
    "rules for what stands in elements": numbered(
        "<div class='a c%08d'>b", style(".a .x# .c# .a{display:none}", 2_000)
    ),
    "rules for elements in each other": halves(
        style("div .a div .b div .c#{display:none}", 2_000) + "<div class='a b c'>", "<div class=a>"
    ),
    "rules for children": numbered(
        "<ul class=c%08d><li class=b>a", style(".c0000000#>.b,li>ul>.b{display:none}", 1_000)
    ),
    "rules of many parts": within(
        "<style>", ".a .b .c .d .e .f .g .h{display:none}", "</style>" + "<p class=h>a" * 10_000
    ),
    "style groups": within("<style>", "@media all{", "</style>text"),
    "style comments, open": within("<style>", "/*", "</style>text"),
    "style elements, open": repeat("<style>"),
    "sheets in a comment": within("<!--<style>.a{display:none}</style>-->", "<p class=a>b", ""),
    "buttons around the same text": halves("<div onclick=\"location='http://a.test/'\">", "word "),
    "hidden links": repeat("<b hidden><a href=x>y</a></b>"),
    "hidden from screen readers": repeat("<b aria-hidden=true>a"),
    "giant JSON-LD": within("<script type=application/ld+json>", '{"@type":[', "</script>text"),
    "tag starts": repeat("<"),
    "open tags": repeat("<a "),
    "open comments": repeat("<!--"),
    "comments": repeat("<!-- a -->"),
    "comment dashes": within("<!--", "--!", ""),
    "declarations": repeat("<!DOCTYPE a>"),
    "instructions": repeat("<?php"),
    "open quotes": repeat('<a b="'),
    "entities": repeat("&amp;"),
    "unknown entities": repeat("&notanentity"),
    "numeric entities": repeat("&#x1F449;"),
    "open entities": repeat("&"),
    "scripts of unclosed addresses": repeat("<script>location=\"location='</script>"),
    "giant script of unclosed addresses": within("<script>", "location=`a window.open(`", ""),
    "handlers": repeat("<a href=x onclick=\"location='/y'\" onload=\"location='/z'\">b</a>"),
    "null bytes": repeat(b"\x00"),
    "null bytes in tags": repeat(b"<\x00p\x00>a"),
    "control characters": repeat(bytes(range(1, 32))),
    "bytes that are no text": repeat(bytes(range(128, 256))),
    "one bad byte a page": repeat(b"word " * 999 + b"\xff"),
    "meta us-ascii": lambda size: b"<meta charset=us-ascii>" + repeat("é ")(size),
    "meta utf-16": lambda size: b"<meta charset=utf-16>" + repeat("a b ")(size),
    "meta utf-7": lambda size: b"<meta charset=utf-7>" + repeat("+ADw-")(size),
    "many metas": repeat("<meta charset=a>"),
    "utf-16 with a mark": lambda size: b"\xff\xfe" + repeat("<p>a".encode("utf-16le"))(size),
    "utf-16 without a mark": repeat("<p>a".encode("utf-16le")),
    "combining letters": repeat("a" + "\u0301" * 50),
    "right-to-left marks": repeat("\u202ea\u202c"),
    "written addresses": repeat("http://a.test "),
    "one long written address": within("", "www.", ""),
    "plain: brackets": repeat("["),
    "plain: open links": repeat("[a]("),
    "plain: open pictures": repeat("[![a]("),
    "plain: links": repeat("[a](b) "),
    "plain: open tags": repeat("<a href="),
    "plain: addresses": repeat("http://"),
    "plain: lines": repeat("a\n"),
}


@dataclass(frozen=True)
class Outcome:
    """One page at one size."""

    seconds: float
    megabytes: float
    cut: bool
    error: str = ""


def parse_one(name: str, size: int) -> None:
    """Parse one page and print its Outcome as JSON; runs in a process of its own."""
    from model.document import parse_document
    from model.page import Page

    body = PAGES[name](size)
    content_type = "text/plain" if name.startswith("plain:") else "text/html"
    page = Page(None, "http://site.test/", 200, {"content-type": content_type}, body)
    begun = time.process_time()
    document = parse_document(page)
    seconds = time.process_time() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "cut": document.cut}))


def measure(name: str, size: int) -> Outcome:
    """Run one page in children, and keep the fastest run."""
    return min((_run(name, size) for _ in range(ROUNDS)), key=lambda outcome: outcome.seconds)


def _run(name: str, size: int) -> Outcome:
    command = [sys.executable, "-m", "benchmarks.hostile", "--one", name, str(size)]
    child = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if child.returncode:
        return Outcome(0.0, 0.0, cut=False, error=child.stderr.strip().rsplit("\n", 1)[-1])
    return Outcome(**json.loads(child.stdout))


def growth_of(outcomes: list[Outcome]) -> float:
    """Return how much longer a byte takes at the largest size than at the one before."""
    read = [min(size, CEILING) for size in SIZES]
    # Below 50 ms the clock's noise and fixed costs outweigh growth.
    if outcomes[2].seconds <= 0.05:
        return 0.0
    return (outcomes[2].seconds / read[2]) / max(outcomes[1].seconds / read[1], 1e-9)


def report(names: Iterable[str]) -> list[Goal]:
    """Measure pages, print a line for each, and return what they must hold."""
    print(f"{'page':36}" + "".join(f"{size // 1000:>9} KB  (MB)" for size in SIZES) + "  cut")
    measured: dict[str, list[Outcome]] = {}
    for name in names:
        outcomes = measured[name] = [measure(name, size) for size in SIZES]
        cells = "".join(f"{one.seconds:10.3f} s {one.megabytes:5.0f}" for one in outcomes)
        cut = " ".join("cut" if one.cut else "-" for one in outcomes)
        errors = " ".join(one.error for one in outcomes)
        print(f"{name:36}{cells}  {cut}  {errors}".rstrip(), flush=True)
    every = [outcome for outcomes in measured.values() for outcome in outcomes]
    return [
        Goal("pages that raise", sum(bool(outcome.error) for outcome in every), 0),
        Goal("seconds of the slowest page", max(one.seconds for one in every), MOST_SECONDS),
        Goal("megabytes of the largest", max(one.megabytes for one in every), MOST_MEGABYTES),
        Goal(
            "growth of the time a byte takes", max(map(growth_of, measured.values())), MOST_GROWTH
        ),
    ]


def main() -> int:
    """Print the table and the goals."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", default="", help="a regular expression of page names")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        parse_one(arguments.one[0], int(arguments.one[1]))
        return 0
    names = list(filter(re.compile(arguments.only).search, PAGES))
    if not names:
        parser.error(f"no page is called like {arguments.only}")
    return report_goals(report(names))


if __name__ == "__main__":
    sys.exit(main())
