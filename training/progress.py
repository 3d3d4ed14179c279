"""Progress on standard error: a live line with a bar where a person looks on, else plain lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Self, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

Item = TypeVar("Item")
Clock = Callable[[], float]

_TOLD_EVERY = 0.5  # seconds between two counts of one step
_WRITTEN_EVERY = 10.0  # the same where every count is a line of its own


Tell = Callable[[str], None]  # told of each step as it begins


class Step(str):
    """What is being done, in words that say the count; with the count as numbers beside them.

    ``total`` is None where nobody knows it before the end.
    """

    __slots__ = ("done", "name", "total")
    name: str
    done: int
    total: int | None

    @classmethod
    def of(cls, name: str, done: int, total: int | None) -> Self:
        """Say that ``done`` of ``total`` are done."""
        step = cls(f"{name}: {done:,}" if total is None else f"{name}: {done:,} of {total:,}")
        step.name, step.done, step.total = name, done, total
        return step


def silent(step: str) -> None:
    """Show nothing of a step: for callers that nobody looks at."""


def counted(
    items: Iterable[Item],
    name: str,
    progress: Tell,
    *,
    total: int | None = None,
    clock: Clock = time.monotonic,
) -> Iterator[Item]:
    """Hand items on, and tell from time to time how many were handed on, and at the end."""
    progress(Step.of(name, 0, total))
    told, done = clock(), 0
    for item in items:
        yield item
        done += 1
        if clock() - told >= _TOLD_EVERY:
            told = clock()
            progress(Step.of(name, done, total))
    progress(Step.of(name, done, done))


@contextmanager
def steps(console: Console | None = None, clock: Clock = time.monotonic) -> Iterator[Tell]:
    """Yield a function that is told each step as it begins; ``console`` is standard error."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console, clock)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield _live(bar)


def _live(bar: Progress) -> Tell:
    """Show the latest step, each with a bar and a clock of its own."""
    shown = ""
    task: TaskID | None = None

    def show(step: str) -> None:
        nonlocal shown, task
        done, total = (step.done, step.total) if isinstance(step, Step) else (0, None)
        if task is None or _name(step) != shown:
            if task is not None:
                bar.remove_task(task)
            shown, task = _name(step), bar.add_task(step, total=total)
        bar.update(task, description=step, completed=done, total=total)

    return show


def _lines(console: Console, clock: Clock) -> Tell:
    """Write a line for each step, and for each count that comes long enough after the last."""
    began = clock()
    last, last_time = "", began

    def write(step: str) -> None:
        nonlocal last, last_time
        complete = isinstance(step, Step) and step.done == step.total
        early = clock() - last_time < _WRITTEN_EVERY and not complete
        if step == last or (early and _name(step) == _name(last)):
            return
        last, last_time = step, clock()
        line = f"[{clock() - began:6.0f} s] {step}"
        console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)

    return write


def _name(step: str) -> str:
    return step.name if isinstance(step, Step) else step
