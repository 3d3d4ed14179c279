"""``baitwatch check``: fetches pages and judges them, without a server."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from model.url import InvalidUrl, canonicalize_url
from service.answers import Answer, answer_object
from service.cli_serve import WRONG_USAGE, read_settings
from service.logs import configure_logs
from service.politeness import Turns, site_of_url
from service.report import plain, verdict_report
from service.serve import CannotServeError, real_steps
from service.settings import Settings
from service.steps import Steps, run_scan

_AT_ONCE = 8
_QUIET_STEPS = partial(real_steps, log_level=logging.ERROR)


def make_check_command(
    load_steps: Callable[[Settings], Steps] = _QUIET_STEPS,
) -> click.Command:
    """Build the command around what makes the steps of a scan."""

    @click.command("check", no_args_is_help=True)
    @click.argument("urls", nargs=-1, required=True, metavar="URL...")
    @click.option("--json", "as_json", is_flag=True, help="Print one verdict object a line.")
    def check(urls: tuple[str, ...], as_json: bool) -> None:
        """Fetch pages and judge them.

        Answers come in the order of the addresses. What is no address is named on standard error,
        and the exit status is then 1.
        """
        configure_logs(logging.ERROR)
        show = _show_json if as_json else _show_report
        readable = [url for url in urls if _is_readable(url)]
        settings = read_settings(None)
        try:
            steps = load_steps(settings)
        except CannotServeError as error:
            click.echo(f"baitwatch: {error}", err=True)
            raise SystemExit(WRONG_USAGE) from None
        with _progress(len(readable)) as advance:
            for answer in _answers(steps, Turns(settings.pace), readable):
                advance()
                show(answer)
        if len(readable) < len(urls):
            raise click.exceptions.Exit(1)

    return check


def _is_readable(url: str) -> bool:
    try:
        canonicalize_url(url)
    except InvalidUrl as error:
        click.echo(f"baitwatch: {plain(url)}: {error}", err=True)
        return False
    return True


def _answers(steps: Steps, turns: Turns, urls: Sequence[str]) -> Iterator[Answer]:
    def answer(asked: str) -> Answer:
        url = canonicalize_url(asked)
        with turns.of(site_of_url(url)):
            finding, _ = run_scan(steps, url.href)
        return Answer(asked, finding, "scan")

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(answer, urls)


def _show_json(answer: Answer) -> None:
    # ASCII only: a terminal has nothing to obey in it, and no locale can fail to print it.
    click.echo(json.dumps(answer_object(answer)))


def _show_report(answer: Answer) -> None:
    report = verdict_report(answer.url or "", answer.finding.final_url, answer.finding.verdict)
    Console(highlight=False, emoji=False).print(report, "", sep="\n", soft_wrap=True)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    # Where the answers go to the same terminal, they show themselves how far it is.
    if sys.stdout.isatty() or not sys.stderr.isatty():
        yield lambda: None
        return
    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("checking", total=total)
        yield lambda: progress.advance(task)


check = make_check_command()
