"""Progress on standard error: a live line where a person looks on, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Yield a function that is told each step as it begins."""
    console = Console(stderr=True)
    began = time.monotonic()
    if not console.is_terminal:
        yield lambda step: console.print(
            f"[{time.monotonic() - began:6.0f} s] {step}", markup=False
        )
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda step: bar.update(task, description=step)
