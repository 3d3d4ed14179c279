"""The report as one HTML page: no script, nothing from elsewhere, light or dark as one likes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.experiments.catalogue import EXPERIMENTS
from training.reporting import sections, shortcuts
from training.reporting.markup import Html, element, together

_STYLE = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")


def html_report(report: Mapping[str, Any]) -> str:
    """Return the page for a report, as ``training.experiments.conduct`` returns one."""
    held_out, facts = report["held_out"], report["facts"]
    body = [
        element("h1", "How well bait is found"),
        element("p", _made_from(facts, held_out), class_="lead"),
        sections.headline(held_out),
        *_section("Scores", "", sections.charts(held_out)),
        *_section("Thresholds", _ON_THRESHOLDS, sections.thresholds(held_out)),
        *_section("Breakdowns", _ON_BREAKDOWNS, sections.breakdowns(held_out)),
        *_section("Trials", _ON_TRIALS, sections.trials(held_out["trials"])),
        *_section("Attacked copies", _ON_ATTACKS, sections.attacks(held_out["attacks"])),
        *_section("The worst mistakes", _ON_MISTAKES, sections.mistakes(held_out)),
        *_section("Origin", _ON_ORIGIN, shortcuts.origin(report["origin"], held_out)),
        *_section("Language", _ON_LANGUAGE, shortcuts.languages(held_out["languages"])),
    ]
    if report["experiments"]:
        titles = {name: (e.title, e.says) for name, e in EXPERIMENTS.items()}
        shown = shortcuts.experiments(titles, report["experiments"])
        body += _section("Experiments", _ON_EXPERIMENTS, shown)
    return _page(body)


def _page(body: list[Html]) -> str:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", "baitwatch: how well bait is found"),
        element("style", Html(_STYLE)),
    )
    shown = element("html", head, element("body", element("main", *body)), lang="en")
    return f"<!doctype html>\n{shown}\n"


def _section(title: str, says: str, content: Html) -> list[Html]:
    return [element("section", element("h2", title), *_paragraph(says), content)]


def _paragraph(says: str) -> list[Html]:
    return [element("p", says)] if says else []


def _made_from(facts: Mapping[str, Any], held_out: Mapping[str, Any]) -> Html:
    data, pages, generated = facts["data"], held_out["pages"], facts["generated"]
    left_out = ", ".join(f"{count:,} {why}" for why, count in facts["left_out"].items())
    return together(
        [
            f"{pages['bait']:,} bait pages of {data['campaigns']:,} campaigns and "
            f"{pages['ok']:,} honest pages of {data['sites']:,} sites in {data['languages']:,} "
            f"languages, each judged by one of {held_out['folds']} trainings that never saw its "
            f"campaign or site. Each learnt from generated pages as well "
            f"({generated['bait'] + generated['ok']:,} in all); nothing is counted on those here. "
            f"Seed {facts['seed']}. ",
            f"Left out: {left_out}." if left_out else "Nothing was left out.",
        ]
    )


_ON_THRESHOLDS = (
    "Verdicts are by the thresholds that each training fixed on its own honest pages. The cuts "
    "here are those of the held-out pages all together: how far they would move if other campaigns "
    "and sites had been collected tells how sure a threshold is."
)
_ON_BREAKDOWNS = (
    "Shares with their 95 % interval (Wilson). Where a row has few pages, its interval says so."
)
_ON_TRIALS = (
    "Held-out honest articles three times: as they are, with an ending that makes them bait, and "
    "with a lawful ending about the same thing in the same place. The endings were written by hand "
    "and apart from the generator. Wholly right is bait, clean, clean; ranked right is bait above "
    "both others."
)
_ON_ATTACKS = (
    "Every held-out bait page, rewritten so that a reader reads the same. Kept is the recall after "
    "divided by the recall before, over the pages that the attack applies to."
)
_ON_MISTAKES = (
    "Titles are as the pages have them. Reasons are what the model has to say for bait, strongest "
    "first, whatever its verdict."
)
_ON_ORIGIN = (
    "A corpus can be learnt by where its pages came from. The closer a model of traces alone comes "
    "to the real one, the less the figures above mean for pages from elsewhere."
)
_ON_LANGUAGE = (
    "A language is no evidence: honest pages of every language should score alike. Languages with "
    "fewer than 20 honest pages are left out."
)
_ON_EXPERIMENTS = (
    "Trainings that lack something, measured like one another. They learn from a third of the "
    "generated pages, but for the one without real bait, and rank real pages out of fold; compare "
    "their rows with one another, not with the figures above."
)
