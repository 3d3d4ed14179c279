"""Jobs done in child processes, each in one of its own that is killed at its limits.

The nursery (``nursery.py``) forks the children; this is the side of whoever has jobs.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Literal

import structlog

from service.judging.frames import receive_frame, send_frame
from service.judging.limits import ChildLimits
from service.judging.nursery import (
    CODE_LENGTH,
    JOB,
    NEWS,
    OUT_OF_MEMORY,
    READY,
    STARTED,
    CannotStart,
    LoadWork,
    Order,
)

_log = structlog.get_logger(__name__)

Limit = Literal["time", "processor time", "memory"]

# A nursery loads scikit-learn and a model: seconds, and minutes on a machine that is overrun.
_START_SECONDS = 300.0
# How long a nursery may take to say how a child ended, or what it is ready with.
_SAY_SECONDS = 10.0
# How long a kill is waited for: the kernel ends the child by itself at the same moment.
_KILL_SECONDS = 0.5
# A child that a page took over must not keep its owner busy with news.
_MOST_NEWS = 100
# Not ``-m``, which would let the folder that a command is started in bring modules of its own.
_PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; " + (
    "from service.judging.nursery import main; main(int(sys.argv[1]))"
)
# Threads inside numerical libraries would not survive the forks.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

_ENDED_BY: dict[int, Limit] = {
    OUT_OF_MEMORY: "memory",
    -signal.SIGALRM: "time",
    -signal.SIGXCPU: "processor time",
}


class LimitPassedError(Exception):
    """A child was ended because it used more than it may; ``limit`` says of what."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit = limit


class ChildDiedError(Exception):
    """A child died without an answer and not by a limit; the message says how."""


class NoChildError(Exception):
    """No child could be started: it is not the job's fault, and worth trying again later."""


class Children:
    """Does jobs in children of a nursery; safe for many threads, and across a fork.

    The nursery is started at once, and again where it died. Raises CannotStart where the first
    one has nothing to work with.
    """

    def __init__(self, load: LoadWork, limits: ChildLimits) -> None:
        self._order = pickle.dumps(Order(load, limits))
        self._wall = limits.wall
        self._lock = threading.Lock()
        self._control = self._start()

    def ready(self) -> bytes:
        """Ask the nursery what it is ready with. Raises NoChildError."""
        channel, end = self._open(READY)
        with channel, end:
            try:
                return receive_frame(channel, time.monotonic() + _SAY_SECONDS)
            except (OSError, EOFError) as error:
                raise NoChildError("The nursery does not answer.") from error

    def do(self, job: object, hear: Callable[[bytes], None] = lambda _: None) -> bytes:
        """Do a job in a child of its own; blocks, for at most the wall limit and a moment.

        ``hear`` is given the news that the child sends before its answer, as they come. Raises
        LimitPassedError, ChildDiedError, NoChildError, and what ``hear`` raises.
        """
        content = pickle.dumps(job)
        until = time.monotonic() + self._wall
        channel, end = self._open(JOB)
        with channel, end:
            try:
                channel.settimeout(self._wall)
                send_frame(channel, content)
                return _answer(channel, until, hear)
            except TimeoutError:
                # The nursery takes it for the order to kill, and tells when that is done.
                end.shutdown(socket.SHUT_WR)
                if not _ended(end, _KILL_SECONDS):
                    raise NoChildError("No child began in time.") from None
                raise LimitPassedError("time") from None
            except (OSError, EOFError):
                raise _why(end) from None

    def close(self) -> None:
        """End the nursery with its children; what they were doing is lost."""
        with self._lock:
            self._shut()

    def _open(self, kind: bytes) -> tuple[socket.socket, socket.socket]:
        """Ask the nursery for a child, or for what it says; a new nursery where it is dead."""
        channel, its_channel = socket.socketpair()
        end, its_end = socket.socketpair()
        fds = [its_channel.fileno(), its_end.fileno()]
        with its_channel, its_end:
            control = self._control
            try:
                socket.send_fds(control, [kind], fds)
            except OSError:
                try:
                    socket.send_fds(self._replaced(control), [kind], fds)
                except BaseException as error:
                    channel.close()
                    end.close()
                    if isinstance(error, OSError | CannotStart):
                        raise NoChildError("The nursery cannot be started.") from error
                    raise
        return channel, end

    def _replaced(self, dead: socket.socket) -> socket.socket:
        with self._lock:
            if self._control is dead:
                _log.warning("nursery_died")
                self._shut()
                self._control = self._start()
            return self._control

    def _start(self) -> socket.socket:
        control, its_control = socket.socketpair()
        try:
            process = subprocess.Popen(  # noqa: S603  # our own program
                [sys.executable, "-c", _PROGRAM, str(its_control.fileno()), *sys.path],
                pass_fds=[its_control.fileno()],
                stdin=subprocess.DEVNULL,
                env=os.environ | _ONE_THREAD,
            )
        except OSError as error:
            control.close()
            raise CannotStart("No process can be started for judging.") from error
        finally:
            its_control.close()
        self._shut = weakref.finalize(self, _end, control, process)
        try:
            send_frame(control, self._order)
            said = receive_frame(control, time.monotonic() + _START_SECONDS)
        except (OSError, EOFError) as error:
            self._shut()
            raise CannotStart("The process that judges ended before it was ready.") from error
        if said.startswith(b"!"):
            self._shut()
            raise CannotStart(said[1:].decode())
        control.settimeout(_SAY_SECONDS)
        return control


def _answer(channel: socket.socket, until: float, hear: Callable[[bytes], None]) -> bytes:
    for _ in range(_MOST_NEWS):
        said = receive_frame(channel, until)
        if not said.startswith(NEWS):
            return said[1:]
        hear(said[1:])
    raise EOFError


def _end(control: socket.socket, process: subprocess.Popen[bytes]) -> None:
    # Shut down, not only closed: a fork of this process may hold the socket too.
    with contextlib.suppress(OSError):
        control.shutdown(socket.SHUT_RDWR)
    control.close()
    try:
        process.wait(_SAY_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _why(end: socket.socket) -> ChildDiedError | LimitPassedError | NoChildError:
    told = _ended(end, _SAY_SECONDS)
    if not told:
        return NoChildError("No process could be forked.")
    if len(told) < len(STARTED) + CODE_LENGTH:
        return ChildDiedError("Its nursery died too.")
    code = int.from_bytes(told[len(STARTED) :], "big", signed=True)
    limit = _ENDED_BY.get(code)
    return ChildDiedError(f"It ended with {code}.") if limit is None else LimitPassedError(limit)


def _ended(end: socket.socket, seconds: float) -> bytes:
    """Wait until a child has ended; return all that is told of it, b'' where it never began."""
    told = b""
    end.settimeout(seconds)
    with contextlib.suppress(OSError):
        while piece := end.recv(16):
            told += piece
    return told
