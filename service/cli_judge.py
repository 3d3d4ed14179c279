"""``baitwatch judge``: judges saved pages, without the network."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from service.cli_serve import read_settings
from service.clock import Now, utc_now
from service.judging.inputs import Unread, read_inputs
from service.judging.judges import ArtifactJudge, LoadJudge, ModelUnusable
from service.judging.limits import ChildLimits
from service.judging.pool import Answer, judge_inputs
from service.logs import configure_logs
from service.report import plain, verdict_report
from service.verdict_json import verdict_object

Show = Callable[[Answer], None]


def make_judge_command(
    load_from: Callable[[Path | None], LoadJudge] = ArtifactJudge, now: Now = utc_now
) -> click.Command:
    """Build the command around what turns an artefact's path into a judge, and a clock."""

    @click.command("judge", no_args_is_help=True)
    @click.argument("paths", nargs=-1, required=True, metavar="PATH... | -")
    @click.option("--json", "as_json", is_flag=True, help="Print one verdict object a line.")
    @click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=usable_cores,
        show_default="the cores there are",
        help="How many processes judge.",
    )
    @click.option(
        "--model",
        "model_path",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The folder of the artefact that judges, instead of the shipped one.",
    )
    def judge(paths: tuple[str, ...], as_json: bool, jobs: int, model_path: Path | None) -> None:
        """Judge saved pages, without the network.

        PATH is a page (.html, .htm), a text (.txt) or JSON Lines of pages (.jsonl, .jsonl.gz);
        "-" reads JSON Lines from standard input. Answers come in the order of the pages. What
        cannot be read is named on standard error, and the exit status is then 1. A page that takes
        more than BAITWATCH_SCAN_DEADLINE, BAITWATCH_SCAN_CPU or BAITWATCH_SCAN_MEMORY is unknown.
        """
        configure_logs(logging.ERROR)
        settings = read_settings(None)
        limits = ChildLimits(settings.scan_deadline, settings.scan_cpu, settings.scan_memory)
        show: Show = _show_json(now) if as_json else _show_report
        inputs = read_inputs(paths, sys.stdin.buffer)
        complete = True
        try:
            with _progress() as advance:
                for outcome in judge_inputs(inputs, load_from(model_path), limits, jobs=jobs):
                    advance()
                    if isinstance(outcome, Answer):
                        show(outcome)
                    else:
                        complete = False
                        _name_unread(outcome)
        except ModelUnusable as error:
            raise click.UsageError(f"No model to judge with: {error}") from None
        if not complete:
            raise click.exceptions.Exit(1)

    return judge


def usable_cores() -> int:
    """Count the cores this process may use, which a container may have cut."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _show_json(now: Now) -> Show:
    def show(answer: Answer) -> None:
        verdict = verdict_object(
            answer.verdict,
            page=answer.page,
            url=answer.page.url,
            checked_at=now(),
            expires_at=None,
            source="caller",
            decision=None,
        )
        # ASCII only: a terminal has nothing to obey in it, and no locale can fail to print it.
        click.echo(json.dumps({"id": answer.id, **verdict}))

    return show


def _show_report(answer: Answer) -> None:
    report = verdict_report(answer.id, answer.page.url, answer.verdict)
    Console(highlight=False, emoji=False).print(report, "", sep="\n", soft_wrap=True)


def _name_unread(unread: Unread) -> None:
    click.echo(f"baitwatch: {plain(unread.name)}: {plain(unread.because)}", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[], None]]:
    # On a terminal the answers themselves show how far it is.
    if sys.stdout.isatty() or not sys.stderr.isatty():
        yield lambda: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed} pages"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("judging", total=None)
        yield lambda: progress.advance(task)


judge = make_judge_command()
