"""The labels that somebody should look at again: named on standard error, and listed as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from training.moderation import Review
from training.report import plain

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = ("id", "url", "label", "by", "why", "used")


def tell_reviews(reviews: Sequence[Review], path: Path | None) -> None:
    """Say how many labels are to be reviewed, and list them in a file where one is named.

    Raises ClickException where it cannot be written.
    """
    if reviews:
        left_out = sum(not review.used for review in reviews)
        click.echo(
            f"baitwatch: {len(reviews):,} moderators' labels to review, {left_out:,} of them left "
            f"out{'' if path else '; list them with --review'}",
            err=True,
        )
    if path is None:
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            write_reviews(reviews, csv.writer(file).writerow)
    except OSError as error:
        raise click.ClickException(plain(f"{path} cannot be written: {error.strerror}")) from None


def write_reviews(reviews: Sequence[Review], write: Callable[[Sequence[str]], object]) -> None:
    """Write a table of labels, a row each, in cells that no spreadsheet computes."""
    write(_COLUMNS)
    for review in reviews:
        used = "yes" if review.used else "no"
        cells = (review.id, review.url, review.label, ", ".join(review.by), review.why, used)
        write([_cell(text) for text in cells])


def _cell(text: str) -> str:
    shown = plain(text)
    return f"'{shown}" if text.startswith(_FORMULA) or shown.startswith(_FORMULA) else shown
