"""``baitwatch import``: turns what operators bring into saved pages."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

import click

from model.saved import Label
from training.importers.account import Account, Imported, LeftOut
from training.importers.archive import Labelling, pages_of_archive
from training.importers.table import TableRefused, labels_of_table, pages_of_table
from training.progress import counted, steps
from training.report import plain

_OUTPUT = click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A .jsonl file to write, instead of standard output; it appears whole or not at all.",
)
# Undecodable bytes stay out of the way: a row that has any is about a file or address without.
_TABLE = click.File("r", encoding="utf-8", errors="replace")


@click.group("import")
def import_pages() -> None:
    """Turn labelled pages of other forms into saved pages."""


@import_pages.command("csv")
@click.argument("table", type=_TABLE)
@click.option(
    "--pages",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the pages that the table names.",
)
@_OUTPUT
def import_csv(table: TextIO, folder: Path, output: Path | None) -> None:
    """Read a TABLE of labels (CSV) with the saved pages it names in its column `file`.

    What cannot be used is named on standard error, and the exit status is then 1.
    """
    _import(pages_of_table(table, folder), output)


@import_pages.command("warc")
@click.argument(
    "archives",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--label", type=click.Choice(("bait", "ok")), help="The label of all the pages.")
@click.option("--group", help="The campaign or site of all the pages; else each page's site.")
@click.option("--labels", type=_TABLE, help="A CSV of labels by address: url, label, group.")
@_OUTPUT
def import_warc(
    archives: tuple[Path, ...],
    label: str | None,
    group: str | None,
    labels: TextIO | None,
    output: Path | None,
) -> None:
    """Read the pages of WARC files, with one label for all or a table of labels.

    What cannot be read is named on standard error, and the exit status is then 1.
    """
    if importlib.util.find_spec("warcio") is None:
        raise click.UsageError("WARC files need an extra: pip install 'baitwatch[warc]'.")
    if labels is not None and (label or group):
        raise click.UsageError("Name --labels, or --label and --group, not both.")
    unusable: list[LeftOut] = []
    labelling = Labelling(cast("Label | None", label), group)
    if labels is not None:
        with _usable():
            found, unusable = labels_of_table(labels)
        labelling = Labelling(by_address=found)
    _import(_archives(archives, labelling, unusable), output)


def _archives(
    paths: Iterable[Path], labelling: Labelling, unusable: Iterable[LeftOut]
) -> Iterator[Imported]:
    yield from unusable
    for path in paths:
        try:
            for found in pages_of_archive(path, labelling):
                if isinstance(found, LeftOut) and found.name:
                    yield LeftOut(found.why, f"{path}: {found.name}")
                else:
                    yield found
        except OSError as error:
            yield LeftOut("archives that cannot be opened", f"{path}: {error.strerror}")


def _import(found: Iterator[Imported], output: Path | None) -> None:
    account = Account()
    with _usable(), steps() as progress, _writer(output) as put:
        for unread in account.write(counted(found, "importing", progress), put):
            click.echo(f"baitwatch: {plain(unread.name)}: {plain(unread.why)}", err=True)
    for line in account.lines():
        click.echo(plain(line), err=True)
    if account.unread:
        raise click.exceptions.Exit(1)


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except TableRefused as error:
        raise click.UsageError(plain(str(error))) from None


@contextmanager
def _writer(path: Path | None) -> Iterator[Callable[[str], object]]:
    if path is None:
        yield click.echo
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="ascii") as file:
            yield lambda line: file.write(f"{line}\n")
        draft.replace(path)
    except OSError as error:
        raise click.ClickException(plain(f"{path} cannot be written: {error.strerror}")) from None
    finally:
        draft.unlink(missing_ok=True)
