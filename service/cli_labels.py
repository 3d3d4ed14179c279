"""``baitwatch labels``: moderators' rulings written out for training."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from model.saved import SavedPage, dump_saved_page
from service.cli_admin import open_data
from service.cli_serve import data_option
from service.labels import export_labels
from service.report import plain


@click.group()
def labels() -> None:
    """Write moderators' rulings out as labelled pages."""


@labels.command("export")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A .jsonl file to write, instead of standard output; it appears whole or not at all.",
)
@click.option(
    "--without", "without", multiple=True, metavar="NAME", help="Leave this person's rulings out."
)
@data_option
def export(output: Path | None, without: tuple[str, ...], data: Path | None) -> None:
    """Write each person's newest ruling on each page, with the page as it was when they ruled.

    What is left out is counted on standard error, by reason.
    """
    people: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    with open_data(data) as db, _output(output) as write:
        for found in export_labels(db, without=without):
            if isinstance(found, SavedPage):
                people[str(found.extra["labelled_by"])] += 1
                write(dump_saved_page(found))
            else:
                left_out[found] += 1
    _account(people, left_out)


@contextmanager
def _output(path: Path | None) -> Iterator[Callable[[str], None]]:
    if path is None:
        yield click.echo
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="ascii") as file:
            yield lambda line: print(line, file=file)
        draft.replace(path)
    except OSError as error:
        raise click.ClickException(plain(f"{path} cannot be written: {error.strerror}")) from None
    finally:
        draft.unlink(missing_ok=True)


def _account(people: Counter[str], left_out: Counter[str]) -> None:
    click.echo(f"{people.total():,} labels of {len(people):,} people", err=True)
    for name, count in people.most_common():
        click.echo(f"  {plain(name)}: {count:,}", err=True)
    for why, count in left_out.most_common():
        click.echo(f"left out, {why}: {count:,}", err=True)
