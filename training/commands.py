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
from training.evaluate import score_held_out, score_pages
from training.fit import Recipe
from training.gate import (
    GateClosed,
    below_floors,
    figures,
    pages_digest,
    read_floors,
)
from training.metrics import summarize
from training.progress import steps
from training.report import markdown
from training.train import train_artifact

GENERATED = 24_000
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
@click.option("--because", help="Why a model that is worse than the shipped one is wanted.")
def train(
    corpus: Path | None,
    out: Path | None,
    ship: bool,
    generated: int,
    seed: int,
    version: str,
    because: str | None,
) -> None:
    """Train a model on saved pages and generated ones, and write it if it holds the gate."""
    if corpus is None:
        raise click.UsageError("Name the saved pages with --corpus or BAITWATCH_CORPUS.")
    if (out is None) is not ship:
        raise click.UsageError("Say where to write: --out DIR, or --ship.")
    folder = SHIPPED if out is None else out
    recipe = Recipe(seed=seed)
    with _plainly(), steps() as progress:
        material = build_material([corpus], generated=generated, seed=seed, progress=progress)
        artifact, summary = train_artifact(
            material, recipe, folder, version=version, because=because, progress=progress
        )
    if ship:
        pin_shipped()
    click.echo(markdown("Out of fold, in training", summary, tables=()))
    click.echo(f"{folder / MANIFEST_FILE}: version {artifact.version}, digest {artifact.digest}")


@click.command()
@click.argument("pages", nargs=-1, type=click.Path(exists=True, path_type=Path))
@_CORPUS
@click.option(
    "--model", type=click.Path(exists=True, path_type=Path), help="Folder of an artefact."
)
@click.option("--floors", is_flag=True, help="Fail where a pinned floor is not held.")
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True)
@_GENERATED
@_SEED
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(
    pages: tuple[Path, ...],
    corpus: Path | None,
    model: Path | None,
    floors: bool,
    folds: int,
    generated: int,
    seed: int,
    as_json: bool,
) -> None:
    """Measure a model on labelled PAGES; or, with --corpus alone, on campaigns it never saw.

    With PAGES the shipped model (or --model) judges them. Without, the whole training is repeated
    once a fold without that fold's campaigns and sites, which are then scored.
    """
    with _plainly():
        if pages:
            name, summary = "pages", _evaluate_pages(pages, model)
        elif corpus is not None:
            name, summary = "held_out", _evaluate_held_out(corpus, folds, generated, seed)
        else:
            raise click.UsageError("Name saved pages, or a corpus with --corpus.")
        _print(name, summary, as_json)
        if floors:
            _hold_floors(name, summary, pages)


def _evaluate_pages(pages: Sequence[Path], model: Path | None) -> dict[str, Any]:
    artifact = load_artifact(model)
    corpus = read_corpus(corpus_files(pages), drop_duplicates=False)
    return summarize(list(score_pages(corpus.pages, artifact)))


def _evaluate_held_out(corpus: Path, folds: int, generated: int, seed: int) -> dict[str, Any]:
    with steps() as progress:
        material = build_material([corpus], generated=generated, seed=seed, progress=progress)
        scored = score_held_out(material, Recipe(seed=seed), folds=folds, progress=progress)
    return summarize(scored)


def _print(name: str, summary: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False))
        return
    titles = {"pages": "Judged by the model", "held_out": "Held-out campaigns and sites"}
    tables = ("language", "lure", "kind", "campaign")
    click.echo(markdown(titles[name], summary, tables=tables))


def _hold_floors(name: str, summary: Mapping[str, Any], pages: Sequence[Path]) -> None:
    floors = read_floors()[name]
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
        if isinstance(error, NoCorpus | ArtifactRefused | GateClosed):
            click.echo(f"baitwatch: {error}", err=True)
            sys.exit(1)
