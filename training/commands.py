"""``baitwatch train`` and ``baitwatch evaluate``: what they read, print and write."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from model.artifact import MANIFEST_FILE, SHIPPED, ArtifactRefused, load_artifact, pin_shipped
from training.build import build_material
from training.corpus import NoCorpus, corpus_files, read_corpus
from training.doubts import doubt_labels
from training.evaluate import score_held_out, score_pages
from training.experiments.catalogue import EXPERIMENTS
from training.experiments.conduct import Plan, conduct
from training.fit import Recipe
from training.folds import TooLittleToLearn
from training.gate import (
    GateClosed,
    below_floors,
    figures,
    pages_digest,
    read_floors,
)
from training.guard import read_guard
from training.metrics import summarize
from training.progress import counted, steps
from training.report import markdown, plain
from training.reporting.write import keep_judged, write_card, write_report
from training.reviews import tell_reviews
from training.train import train_artifact

Measured = tuple[dict[str, Any], tuple[str, ...]]  # figures, and what could not be read

GENERATED = 50_000
VERSION = "0.1.0"

_CORPUS = click.option(
    "--corpus",
    type=click.Path(exists=True, path_type=Path),
    envvar="BAITWATCH_CORPUS",
    help="Folder of labelled saved pages (.jsonl, .jsonl.gz), read with all below it.",
)
_GENERATED = click.option(
    "--generated",
    type=click.IntRange(min=0),
    default=GENERATED,
    show_default=True,
    help="How many generated pages to learn from beside the corpus.",
)
_SEED = click.option("--seed", type=int, default=0, show_default=True, help="Seed of every choice.")


@click.command()
@_CORPUS
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write model.joblib and manifest.json into.",
)
@click.option("--ship", is_flag=True, help="Replace the shipped model in the source tree.")
@_GENERATED
@_SEED
@click.option("--version", "version", default=VERSION, show_default=True, help="The model's name.")
@click.option("--because", help="Why a model that is worse than the one it replaces is wanted.")
@click.option(
    "--trust",
    "trusted",
    multiple=True,
    metavar="NAME",
    help="Take this moderator's labels for your own, unguarded; may be given several times.",
)
@click.option(
    "--guard",
    "guard_pages",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="Labelled pages that are never trained on and that the new model must hold.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the model in use, which must not be better on the guard pages; "
    "else the shipped one.",
)
@click.option(
    "--review",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the moderators' labels that somebody should look at into this CSV file.",
)
def train(
    corpus: Path | None,
    out: Path | None,
    ship: bool,
    generated: int,
    seed: int,
    version: str,
    because: str | None,
    trusted: tuple[str, ...],
    guard_pages: tuple[Path, ...],
    against: Path | None,
    review: Path | None,
) -> None:
    """Train a model on saved pages and generated ones, and write it if it holds the gate.

    It replaces no model that judges: see `baitwatch model promote`. Progress goes to standard
    error, figures to standard output. Lines that cannot be read are named and left out; the exit
    status is then 1.
    """
    if corpus is None:
        raise click.UsageError("Name the saved pages with --corpus or BAITWATCH_CORPUS.")
    if (out is None) is not ship:
        raise click.UsageError("Say where to write: --out DIR, or --ship.")
    folder = SHIPPED if out is None else out
    _make(folder)
    recipe = Recipe(seed=seed)
    with _plainly(), steps() as progress:
        guard = read_guard(guard_pages, against, progress) if guard_pages else None
        material = build_material(
            [corpus],
            generated=generated,
            seed=seed,
            progress=progress,
            trusted=trusted,
            apart=guard.pages if guard else (),
        )
        _name_unread(material.unread)
        material, reviews = doubt_labels(material, recipe, progress)
        tell_reviews(reviews, review)
        artifact, summary = train_artifact(
            material,
            recipe,
            folder,
            version=version,
            because=because,
            progress=progress,
            guard=guard,
        )
    if ship:
        pin_shipped()
    summary = summary | {"left_out": material.dropped}
    click.echo(markdown("Out of fold, in training", summary, tables=()))
    manifest = click.format_filename(folder / MANIFEST_FILE)
    click.echo(f"{manifest}: version {artifact.version}, digest {artifact.digest}")
    _exit_for(material.unread)


def _make(folder: Path) -> None:
    """Make the folder to write into before the work is done, not after it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"Nothing can be written to {folder}: {error.strerror}.") from None


@click.command()
@click.argument("pages", nargs=-1, type=click.Path(exists=True, path_type=Path))
@_CORPUS
@click.option(
    "--model", type=click.Path(exists=True, path_type=Path), help="Folder of an artefact."
)
@click.option("--floors", is_flag=True, help="Fail where a pinned floor is not held.")
@click.option(
    "--folds",
    type=click.IntRange(2, 20),
    default=5,
    show_default=True,
    help="Into how many parts the corpus is split, without PAGES.",
)
@_GENERATED
@_SEED
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option(
    "--report",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write report.json and report.html into; what it holds is not measured again.",
)
@click.option(
    "--with",
    "chosen",
    type=click.Choice(list(EXPERIMENTS)),
    multiple=True,
    help="An experiment to make for the report; may be given several times.",
)
@click.option("--all", "every", is_flag=True, help="Make every experiment for the report.")
@click.option(
    "--card",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the model card into this file, from what --report holds; measures nothing.",
)
def evaluate(
    pages: tuple[Path, ...],
    corpus: Path | None,
    model: Path | None,
    floors: bool,
    folds: int,
    generated: int,
    seed: int,
    as_json: bool,
    report: Path | None,
    chosen: tuple[str, ...],
    every: bool,
    card: Path | None,
) -> None:
    """Measure a model on labelled PAGES; or, with --corpus alone, on campaigns it never saw.

    With PAGES the shipped model (or --model) judges them. Without, the whole training is repeated
    once a fold without that fold's campaigns and sites, which are then scored. With --card nothing
    is measured.
    """
    _refuse_contradictions(pages, report, [*chosen, *(["--all"] if every else [])], card)
    plan = Plan(Recipe(seed=seed), generated, folds, tuple(EXPERIMENTS) if every else tuple(chosen))
    with _plainly():
        if card is not None and report is not None:
            write_card(report, card, model)
            return
        if pages:
            name, (summary, unread) = "pages", _evaluate_pages(pages, model, report)
        elif corpus is None:
            raise click.UsageError("Name saved pages, or a corpus with --corpus.")
        elif report is None:
            name, (summary, unread) = "held_out", _evaluate_held_out(corpus, plan)
        else:
            name, (summary, unread) = "held_out", _write_report(corpus, plan, report)
        _print(name, summary, as_json)
        if floors:
            _hold_floors(name, summary, pages)
    _exit_for(unread)


def _refuse_contradictions(
    pages: Sequence[Path], report: Path | None, experiments: Sequence[str], card: Path | None
) -> None:
    if report is None and (experiments or card is not None):
        raise click.UsageError("Experiments and the card need the folder of a report: --report.")
    if pages and (experiments or card is not None):
        raise click.UsageError(
            "PAGES are judged by one model: no experiment and no card with them."
        )
    if report is not None:
        _make(report)


def _evaluate_pages(pages: Sequence[Path], model: Path | None, report: Path | None) -> Measured:
    artifact = load_artifact(model)
    with steps() as progress:
        corpus = read_corpus(corpus_files(pages), drop_duplicates=False, progress=progress)
        _name_unread(corpus.unread)
        watched = counted(corpus.pages, "judging", progress, total=len(corpus.pages))
        scored = list(score_pages(watched, artifact))
    if not scored:
        raise NoCorpus("The model can judge none of the pages: they are no text and no markup.")
    unknown = len(corpus.pages) - len(scored)
    left_out = {**corpus.dropped, **({"unknown to the model": unknown} if unknown else {})}
    summary = summarize(scored) | {"left_out": left_out}
    if report is not None:
        keep_judged(report, summary, artifact.digest, pages_digest(corpus_files(pages)))
    return summary, corpus.unread


def _evaluate_held_out(corpus: Path, plan: Plan) -> Measured:
    seed = plan.recipe.seed
    with steps() as progress:
        material = build_material([corpus], generated=plan.generated, seed=seed, progress=progress)
        _name_unread(material.unread)
        scored = score_held_out(material, plan.recipe, folds=plan.folds, progress=progress)
    return summarize(scored) | {"left_out": dict(material.dropped)}, material.unread


def _write_report(corpus: Path, plan: Plan, folder: Path) -> Measured:
    with steps() as progress:
        report = conduct(corpus, plan, folder, progress)
    _name_unread(report["facts"]["unread"])
    write_report(report, folder)
    summary = report["held_out"] | {"left_out": report["facts"]["left_out"]}
    return summary, tuple(report["facts"]["unread"])


def _name_unread(unread: Sequence[str]) -> None:
    for name in unread:
        click.echo(f"baitwatch: {plain(name)}", err=True)


def _exit_for(unread: Sequence[str]) -> None:
    """End with 1 where something could not be read, once everything else is answered."""
    if unread:
        raise click.exceptions.Exit(1)


def _print(name: str, summary: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        # ASCII only: a terminal has nothing to obey in it, and no locale can fail to print it.
        click.echo(json.dumps(summary))
        return
    titles = {"pages": "Judged by the model", "held_out": "Held-out campaigns and sites"}
    tables = ("language", "lure", "kind", "campaign")
    click.echo(markdown(titles[name], summary, tables=tables))


def _hold_floors(name: str, summary: Mapping[str, Any], pages: Sequence[Path]) -> None:
    floors = read_floors().get(name)
    if floors is None:
        raise GateClosed(f"no floors are pinned for {name.replace('_', '-')} figures")
    short = below_floors(figures(summary), floors)
    if pages and pages_digest(corpus_files(pages)) != floors.get("sha256"):
        short.append("the pages are not those the floors were pinned on: pin them again")
    if short:
        raise GateClosed("; ".join(short))


class _plainly:  # noqa: N801 - reads as a word
    """Turn the exceptions that people can act on into one clear line and exit code 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NoCorpus | TooLittleToLearn | ArtifactRefused | GateClosed):
            click.echo(f"baitwatch: {plain(str(error))}", err=True)
            sys.exit(1)
