"""Telling a process from every other one, also from one that later gets its number."""

from __future__ import annotations

from pathlib import Path


def process_mark(pid: int) -> str | None:
    """Name a running process by its number and the tick it started at; None where none runs.

    A process that was killed and that nobody has collected yet (a zombie) does not run. Source:
    proc_pid_stat(5), fields 3 and 22.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    # The name of the command stands in brackets and may hold anything, brackets and blanks too.
    fields = stat.rpartition(b")")[2].split()
    state, started = fields[0].decode(), fields[19].decode()
    return None if state in {"Z", "X"} else f"{pid}.{started}"
