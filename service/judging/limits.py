"""What the process of one scan may use, held by the kernel: time, processor time, memory."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

_PAGE_SIZE = resource.getpagesize()
_GENTLER = 5  # steps of niceness below the serving process, which must go on answering


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Limits of one child: ``wall`` and ``cpu`` in seconds, ``memory`` in bytes.

    ``memory`` counts what the child takes beyond what it had when it began, which it shares with
    its nursery.
    """

    wall: float
    cpu: int
    memory: int

    def apply(self) -> None:
        """Bind the calling process by them for good; it also leaves no core dump.

        Beyond ``wall`` SIGALRM ends it, beyond ``cpu`` SIGXCPU; beyond ``memory`` it is refused
        more. Sources: setrlimit(2), setitimer(2).
        """
        for name in (signal.SIGALRM, signal.SIGXCPU):
            signal.signal(name, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, self.wall)
        resource.setrlimit(resource.RLIMIT_CPU, (self.cpu, self.cpu + 1))
        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + self.memory,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(_GENTLER)
        # Where the whole machine runs out of memory, the child goes before the service.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("800")


def _address_space() -> int:
    """Return the bytes of addresses that this process holds. Source: proc_pid_statm(5)."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE_SIZE
