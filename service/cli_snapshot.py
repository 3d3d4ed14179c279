"""``baitwatch snapshot``: fetches pages and keeps them as saved pages, to label and to judge."""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TextIO, cast

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from model.page import Page
from model.saved import Label, SavedPage, dump_saved_page
from model.url import InvalidUrl, canonicalize_url
from model.verdict import UNKNOWN_BECAUSE
from service.cli_serve import WRONG_USAGE, read_settings
from service.clock import Now, utc_now
from service.fetch import FetchError
from service.logs import configure_logs
from service.politeness import Turns, site_of_url
from service.report import plain
from service.serve import real_fetch
from service.settings import Settings
from service.snapshots import LineFile, snapshot_of
from service.verdict_json import utc_text

Fetch = Callable[[str], Page]
_AT_ONCE = 8
_READ_AHEAD = 16  # pages fetched before the oldest is written: they are held in memory


@dataclass(frozen=True, slots=True)
class _Missed:
    """An address whose page was not kept, and why."""

    url: str
    because: str


def make_snapshot_command(
    fetch_with: Callable[[Settings], Fetch] = real_fetch, now: Now = utc_now
) -> click.Command:
    """Build the command around what makes a fetcher from the settings, and a clock."""

    @click.command("snapshot")
    @click.argument("urls", nargs=-1, metavar="URL...")
    @click.option(
        "--from",
        "listed",
        type=click.File("r", encoding="utf-8", errors="replace"),
        help='A file with an address a line, or "-"; blank lines and lines with # are passed over.',
    )
    @click.option(
        "--label", type=click.Choice(("bait", "ok")), help="The label to give to all of them."
    )
    @click.option("--group", help="The campaign or site to give to all of them.")
    @click.option(
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="A .jsonl file to add the pages to, instead of standard output.",
    )
    def snapshot(
        urls: tuple[str, ...],
        listed: TextIO | None,
        label: str | None,
        group: str | None,
        output: Path | None,
    ) -> None:
        """Fetch pages and keep them as saved pages.

        They are fetched as the service fetches, and written a line each. An address whose page
        cannot be had is named on standard error, the rest goes on, and the exit status is then 1.
        """
        if not urls and listed is None:
            raise click.UsageError("Name addresses, or a file of them with --from.")
        configure_logs(logging.ERROR)
        settings = read_settings(None)
        keep = partial(
            _snapshot,
            fetch_with(settings),
            Turns(settings.pace),
            now,
            label=cast("Label | None", label),
            group=group,
        )
        wanted = dict.fromkeys(chain(urls, _addresses(listed or ())))
        complete = True
        with ExitStack() as stack:
            write = _writer(output, stack)
            advance = stack.enter_context(_progress(len(wanted)))
            for outcome in _in_order(keep, wanted):
                advance()
                if isinstance(outcome, SavedPage):
                    write(dump_saved_page(outcome))
                else:
                    complete = False
                    _name(outcome)
        if not complete:
            raise click.exceptions.Exit(1)

    return snapshot


def _addresses(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        address = line.strip()
        if address and not address.startswith("#"):
            yield address


def _snapshot(
    fetch: Fetch, turns: Turns, now: Now, asked: str, *, label: Label | None, group: str | None
) -> SavedPage | _Missed:
    try:
        url = canonicalize_url(asked)
        with turns.of(site_of_url(url)):
            page = fetch(url.href)
    except (InvalidUrl, FetchError) as error:
        return _Missed(asked, str(error))
    if not 200 <= page.status < 300:
        return _Missed(asked, f"{UNKNOWN_BECAUSE['http_status']} Its status was {page.status}.")
    if not page.body.strip():
        return _Missed(asked, "It is no web page and no plain text, or it is empty.")
    extra = {"asked_url": asked, "fetched_at": utc_text(now())}
    return snapshot_of(page, label=label, group=group, extra=extra)


def _in_order(
    keep: Callable[[str], SavedPage | _Missed], urls: Iterable[str]
) -> Iterator[SavedPage | _Missed]:
    """Fetch several at once and hand them on in order, a bounded number ahead."""
    pending: deque[Future[SavedPage | _Missed]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            for url in urls:
                pending.append(pool.submit(keep, url))
                if len(pending) >= _READ_AHEAD:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _writer(output: Path | None, stack: ExitStack) -> Callable[[str], None]:
    if output is None:
        return click.echo
    if output.suffix != ".jsonl":
        raise click.UsageError(f"{output} cannot be added to: name a .jsonl file.")
    try:
        return stack.enter_context(LineFile(output)).add
    except BlockingIOError:
        said = f"{output} is being written by another command: wait for it, or name another file."
    except OSError as error:
        said = f"{output} cannot be written: {error.strerror}."
    click.echo(f"baitwatch: {plain(said)}", err=True)
    raise SystemExit(WRONG_USAGE)


def _name(missed: _Missed) -> None:
    click.echo(f"baitwatch: {plain(missed.url)}: {plain(missed.because)}", err=True)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    # Where the pages go to the same terminal, they show themselves how far it is.
    if sys.stdout.isatty() or not sys.stderr.isatty():
        yield lambda: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed} of {task.total}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("fetching", total=total)
        yield lambda: progress.advance(task)


snapshot = make_snapshot_command()
