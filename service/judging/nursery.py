"""The nursery: a process that has loaded a model once, and forks a child for every job.

    serving process                    nursery                         child (one job)
    Children.do   --two sockets-->     fork  ------------------------> limits, then the job
                  <------------------------ news, answer --------------'
                  <--how it ended---   wait

It has one thread and reads nothing of a page, so a page can hang or kill nothing but its child.
Children share the model's memory with it. It ends with the process it belongs to. A small process
waits for it, and starts another where it dies.
"""

from __future__ import annotations

import contextlib
import gc
import mmap
import os
import pickle
import select
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from service.judging.frames import receive_frame, send_frame
from service.judging.limits import ChildLimits

_log = structlog.get_logger(__name__)

# What is told of a child: that it lives, then four bytes with its exit code, negative for a signal.
STARTED, CODE_LENGTH = b"+", 4

# How a child ends: with an answer, out of memory, by an error of our own.
ANSWERED, OUT_OF_MEMORY, BROKE = 0, 70, 71

# How a message of a child begins: with news on the way, or with the answer.
NEWS, ANSWER = b"+", b"="

# What is asked of the nursery, each with two sockets: a child for a job, or what it is ready with.
JOB, READY = b"j", b"r"

# Before another nursery follows one that died, in seconds: its trouble may be the machine's.
_PAUSE = 0.5

_CONTROL, _CHILD_ENDED = "control", "child ended"


class CannotStart(Exception):
    """A nursery has nothing to work with, such as a model that was refused: see the message."""


class Work(Protocol):
    """What a nursery was made for."""

    def ready(self) -> bytes:
        """Get ready for jobs, or stay so, and say with what; called before every fork."""
        ...

    def do(self, job: object, tell: Callable[[bytes], None]) -> bytes:
        """Do a job, in a child; ``tell`` sends news of it that counts even if it is ended."""
        ...


# Pickled to the nursery; raises CannotStart.
LoadWork = Callable[[], Work]


@dataclass(frozen=True, slots=True)
class Order:
    """The first thing a nursery is told: what to load, and the limits of every child."""

    load: LoadWork
    limits: ChildLimits


def main(control_fd: int) -> None:
    """Keep a nursery at this control socket until the other end is closed.

    One that dies is followed by another at the same socket: all the processes that share it by a
    fork go on sharing one nursery, and what they asked for meanwhile waits.
    """
    # A signal to the whole group, as from a terminal, is answered by the serving process alone.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    control = socket.socket(fileno=control_fd)
    order = receive_frame(control)
    begun = mmap.mmap(-1, 1)  # shared with the nurseries: the first one says that it is ready
    while True:
        pid = os.fork()
        if not pid:
            _be_nursery(control, order, begun)
            return
        _, status = os.waitpid(pid, 0)
        if not status or not begun[0] or _is_closed(control):
            return
        time.sleep(_PAUSE)


def _is_closed(control: socket.socket) -> bool:
    """Say whether nobody holds the other end any more. Source: unix_poll, as in poll(2)."""
    poll = select.poll()
    poll.register(control, 0)
    return any(event & select.POLLHUP for _, event in poll.poll(0))


def _be_nursery(control: socket.socket, content: bytes, begun: mmap.mmap) -> None:
    order: Order = pickle.loads(content)  # noqa: S301  # from our own parent
    again = bool(begun[0])
    try:
        work = order.load()
        said = work.ready()
    except CannotStart as error:
        if again:
            raise  # it is tried once more
        send_frame(control, b"!" + str(error).encode())
        return
    # What is there now stays shared: a collection in a child would otherwise touch, and copy, it.
    gc.collect()
    gc.freeze()
    if again:
        _log.warning("nursery_died")
    else:
        send_frame(control, b"=" + said)
        begun[0] = 1
    _Nursery(control, work, order.limits).run()


class _Nursery:
    def __init__(self, control: socket.socket, work: Work, limits: ChildLimits) -> None:
        self._control = control
        self._work = work
        self._limits = limits
        # By number: the socket on which the end of this child is told.
        self._children: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._ended, self._wake = socket.socketpair()
        for end in (self._ended, self._wake):
            end.setblocking(False)
        self._selector.register(control, selectors.EVENT_READ, _CONTROL)
        self._selector.register(self._ended, selectors.EVENT_READ, _CHILD_ENDED)

    def run(self) -> None:
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        alive = True
        while alive:
            for key, _ in self._selector.select():
                if key.data == _CONTROL:
                    alive = self._accept()
                elif key.data == _CHILD_ENDED:
                    self._collect()
                elif key.data in self._children:
                    # Whoever waits for this child let go of it, or died.
                    self._selector.unregister(key.fileobj)
                    self._kill(key.data)
        signal.set_wakeup_fd(-1)  # its socket is closed before the last children's ends are told
        for pid in self._children:
            self._kill(pid)

    def _accept(self) -> bool:
        message, fds, _, _ = socket.recv_fds(self._control, 1, 2)
        if not message:
            return False
        sockets = [socket.socket(fileno=fd) for fd in fds]
        try:
            self._serve(message, sockets)
        except Exception:  # noqa: BLE001  # such as no memory for a fork: others may have luck
            _log.exception("nursery_broke")
            for each in sockets:
                each.close()
        return True

    def _serve(self, message: bytes, sockets: list[socket.socket]) -> None:
        channel, end = sockets
        with channel:
            said = self._work.ready()
            if message == READY:
                with end:
                    send_frame(channel, said)
                return
            pid = os.fork()
            if pid == 0:
                self._live(channel, end)
        self._children[pid] = end
        self._selector.register(end, selectors.EVENT_READ, pid)
        with contextlib.suppress(OSError):
            end.sendall(STARTED)

    def _live(self, channel: socket.socket, end: socket.socket) -> None:
        """Be a child: do the one job of the channel, and never return."""
        code = BROKE
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._let_go(end)
            self._limits.apply()
            job = pickle.loads(receive_frame(channel))  # noqa: S301  # from our own parent
            answer = self._work.do(job, lambda news: send_frame(channel, NEWS + news))
            send_frame(channel, ANSWER + answer)
            code = ANSWERED
        except MemoryError:
            code = OUT_OF_MEMORY
        except BaseException:  # noqa: BLE001  # a child must not go on as a second nursery
            _log.exception("child_broke")
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _let_go(self, end: socket.socket) -> None:
        """Close what belongs to the nursery: a page that took a child over finds nothing there."""
        self._selector.close()
        for inherited in (self._control, self._ended, self._wake, end, *self._children.values()):
            inherited.close()

    def _collect(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._ended.recv(4096):
                pass
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                self._tell(pid, os.waitstatus_to_exitcode(status))

    def _tell(self, pid: int, code: int) -> None:
        end = self._children.pop(pid)
        with contextlib.suppress(KeyError):
            self._selector.unregister(end)
        # Nobody may be there any more who wants to know.
        with end, contextlib.suppress(OSError):
            end.sendall(code.to_bytes(CODE_LENGTH, "big", signed=True))

    def _kill(self, pid: int) -> None:
        # It is not collected yet, so the number is still this child's.
        os.kill(pid, signal.SIGKILL)
