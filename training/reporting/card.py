"""The model card: Markdown made wholly from a report, the judged pages and the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any

from training.experiments.catalogue import EXPERIMENTS
from training.gate import GateClosed
from training.report import cell, markdown, percent, short

Figures = Mapping[str, Any]

_TEMPLATE = Template((Path(__file__).parent / "card.md").read_text(encoding="utf-8"))
_FEWEST = 20  # honest pages of a language, for its rates to stand in the card
_ON_INTERVALS = (
    "Pages of one campaign are no independent draws. These intervals redraw whole campaigns and "
    "sites, and with them the cut."
)
_ON_TRIALS = (
    "Held-out honest articles three times: as they are, with an ending that makes them bait, and "
    "with a lawful one in the same place. The endings were written apart from the generator. "
    "Wholly right: `bait`, `clean`, `clean`."
)
_ON_ATTACKS = (
    "The same bait pages, rewritten so that a reader reads the same, judged by the training that "
    "never saw their campaign. Kept: recall after divided by recall before."
)
_ON_SHORTCUTS = (
    "How well bait is told from honest pages, in campaigns and sites that were held back: by the "
    "model, by traces of a page's origin alone ({traces}), and by its language alone. Languages "
    "must be no evidence; a corpus whose traces tell its labels flatters what is measured on it."
)
_ON_EXPERIMENTS = (
    "Trainings that lack something, ranked out of fold. They learn from a third of the generated "
    "pages, but for the one without real bait; compare rows with one another."
)


def model_card(report: Figures, judged: Figures, manifest: Figures) -> str:
    """Return the card of the model that ``manifest`` is of.

    ``judged`` is what was measured on the judging pages. Raises GateClosed where either was
    measured on another model or other pages than the manifest's.
    """
    _refuse_others(report, judged, manifest)
    held_out = report["held_out"]
    return _TEMPLATE.substitute(
        version=manifest["version"],
        digest=manifest["sha256"],
        numbers=len(manifest["features"]["names"]),
        megabytes=f"{manifest['bytes'] / 1e6:.1f}",
        bait_cut=f"{manifest['thresholds']['bait']:.4f}",
        suspicious_cut=f"{manifest['thresholds']['suspicious']:.4f}",
        learned=_learned(manifest),
        folds=held_out["folds"],
        with_experiments=_options(report["experiments"]),
        held_out=_summary(held_out | {"left_out": report["facts"]["left_out"]}),
        intervals=_lines(_intervals(held_out)),
        trials=_lines(_trials(held_out["trials"])),
        attacks=_lines(_attacks(held_out["attacks"])),
        shortcuts=_lines(_shortcuts(report["origin"], held_out)),
        experiments=_lines(_experiments(report["experiments"])),
        judged=_summary(judged["summary"]),
    )


def _refuse_others(report: Figures, judged: Figures, manifest: Figures) -> None:
    facts = report["facts"]
    same = (
        facts["data"]["files"] == manifest["data"]["files"]
        and facts["generated"]["sha256"] == manifest["generated"]["sha256"]
        and facts["seed"] == manifest["seed"]
    )
    if not same:
        raise GateClosed(
            "the report was made from other pages, generated pages or another seed than the model: "
            "make it again with those of the model"
        )
    if judged["model"] != manifest["sha256"]:
        raise GateClosed("the pages were judged by another model: judge them again, with --report")


def _options(experiments: Iterable[str]) -> str:
    chosen = list(experiments)
    if set(chosen) == set(EXPERIMENTS):
        return "--all"
    return " ".join(f"--with {name}" for name in chosen)


def _learned(manifest: Figures) -> str:
    data, generated = manifest["data"], manifest["generated"]
    total = generated["bait"] + generated["ok"]
    return (
        f"{data['ok']:,} real honest pages of {data['sites']:,} sites and {data['bait']:,} real "
        f"bait pages of {data['campaigns']:,} campaigns, in {data['languages']} languages, and "
        f"{total:,} generated pages ({generated['bait']:,} bait) in {generated['languages']} "
        "languages, which were made from the honest pages and teach only."
    )


def _summary(summary: Figures) -> str:
    """Show the figures of one set, and of its languages those with bait or with many pages."""
    by = dict(summary["by"])
    by["language"] = {
        name: rates
        for name, rates in by["language"].items()
        if rates["bait_found"]["of"] or rates["false_flag"]["of"] >= _FEWEST
    }
    whole = markdown("", {**summary, "by": by}, tables=("language", "lure"))
    return whole.partition("\n\n")[2].rstrip("\n") + "\n\n"


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    named = list(heads)
    yield f"| {' | '.join(named)} |"
    yield f"|{' --- |' * len(named)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _intervals(held_out: Figures) -> Iterator[str]:
    yield "### With campaigns and sites redrawn"
    yield ""
    yield _ON_INTERVALS
    yield ""
    names = {
        "cut_at_1_in_1000": "cut at 1 in 1,000 false alarms",
        "recall_at_1_in_1000": "recall there",
        "cut_at_1_in_100": "cut at 1 in 100 false alarms",
        "recall_at_1_in_100": "recall there",
        "pr_auc": "area under precision-recall",
    }
    found = held_out["intervals"]
    rows = [
        (words, *(f"{found[name][part]:.4f}" for part in ("value", "low", "high")))
        for name, words in names.items()
    ]
    yield from _table(("figure", "value", "from", "to"), rows)


def _trials(trials: Figures) -> Iterator[str]:
    yield "## Hand-written endings"
    yield _ON_TRIALS
    yield ""
    names = {
        "wholly_right": "wholly right",
        "ranked_right": "ranked right",
        "bait_found": "bait called `bait`",
        "false_flag_lawful": "lawful flagged",
        "false_flag_bare": "bare flagged",
    }
    rows = [("all", percent(trials["all"]["wholly_right"]), *_rest(trials["all"], names))]
    rows += [
        (f"`{lang}`", percent(rates["wholly_right"]), *_rest(rates, names))
        for lang, rates in trials["by"]["language"].items()
    ]
    yield from _table(("language", *names.values()), rows)


def _rest(rates: Figures, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(short(rates[name]) for name in list(names)[1:])


def _attacks(attacks: Mapping[str, Figures]) -> Iterator[str]:
    yield "## Attacked copies"
    yield _ON_ATTACKS
    yield ""
    rows = [
        (
            name,
            f"{found['pages']:,}",
            *(_kept(found[what]) for what in ("bait", "flagged")),
        )
        for name, found in attacks.items()
    ]
    heads = ("attack", "copies", "called `bait`, kept", "at least suspicious, kept")
    yield from _table(heads, rows)


def _kept(found: Figures) -> str:
    if found["kept"] is None:
        return "–"
    before, after = found["clean"]["rate"], found["attacked"]["rate"]
    return f"{found['kept']:.3f} ({before:.0%} to {after:.0%})"


def _shortcuts(origin: Figures, held_out: Figures) -> Iterator[str]:
    yield "## Shortcuts"
    yield _ON_SHORTCUTS.format(traces=", ".join(origin["traces"]))
    yield ""
    found = {
        "the model": held_out,
        "traces of origin": origin["bait_by_traces"],
        "language": origin["bait_by_language"],
        **{f"the model, {form} alone": f for form, f in held_out["form"].items()},
    }
    rows = [
        (name, _area(f, "roc_auc"), _recall(f, "recall_at_1_in_100")) for name, f in found.items()
    ]
    yield from _table(("told by", "area under ROC", "recall at 1 in 100"), rows)
    yield "Scores of honest pages by language:"
    yield ""
    spread = [
        (
            cell(lang),
            f"{f['pages']:,}",
            *(f"{q:.3f}" for q in f["quantiles"].values()),
            short(f["false_flag"]),
        )
        for lang, f in held_out["languages"].items()
    ]
    heads = (
        "language",
        "honest pages",
        "half below",
        "9 in 10 below",
        "99 in 100 below",
        "flagged",
    )
    yield from _table(heads, spread)


def _area(found: Figures, name: str) -> str:
    return f"{found[name]:.4f}" if name in found else "–"


def _recall(found: Figures, name: str) -> str:
    rates = found.get(name, {})
    return percent(rates.get("page", rates)) if rates else "–"


def _experiments(experiments: Mapping[str, Figures]) -> Iterator[str]:
    if experiments:
        yield "## Experiments"
        yield _ON_EXPERIMENTS
        yield ""
    for name, rows in experiments.items():
        yield f"### {EXPERIMENTS[name].title}"
        yield ""
        yield EXPERIMENTS[name].says
        yield ""
        shown = [(row, *_figures(found)) for row, found in rows.items()]
        yield from _table(
            (
                "training",
                "recall at 1 in 1,000",
                "recall at 1 in 100",
                "area under ROC",
                "honest flagged",
            ),
            shown,
        )


def _figures(row: Figures) -> tuple[str, ...]:
    if not row["learnt"]:
        return ("nothing was learnt", "–", "–", "–")
    return (
        _recall(row, "recall_at_1_in_1000"),
        _recall(row, "recall_at_1_in_100"),
        _area(row, "roc_auc"),
        short(row["false_flag"]) if "false_flag" in row else "–",
    )
