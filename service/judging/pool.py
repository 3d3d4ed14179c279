"""Judging in several processes at once.

    inputs --feeder thread--> window of inputs --worker processes--> answers, in input order

The window bounds memory. A thread reads, so that an answer goes out as soon as it and those before
it are there, however slowly the next input comes.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from threading import Semaphore, Thread
from types import TracebackType
from typing import Self

from model.page import Page
from model.saved import UnreadablePage
from model.verdict import Verdict
from service.judging.inputs import Input, Unread, parse_input

Judge = Callable[[Page], Verdict]
# Pickled to every worker and compared there, so that each loads once: a module's function or a
# frozen dataclass.
LoadJudge = Callable[[], Judge]

_INPUTS_PER_JOB = 4  # enough that no worker waits while the oldest answer is still being made


class ModelUnusable(Exception):
    """No page can be judged: the artefact is missing or was refused."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One judged page. ``page`` comes without its body."""

    id: str
    page: Page
    verdict: Verdict


Outcome = Answer | Unread


def judge_inputs(
    inputs: Iterator[Input | Unread], load: LoadJudge, *, jobs: int
) -> Iterator[Outcome]:
    """Judge inputs in ``jobs`` processes and yield one outcome each, in their order.

    An input that breaks its process costs only itself. Raises ModelUnusable.
    """
    events: SimpleQueue[_Event] = SimpleQueue()
    slots = Semaphore(_INPUTS_PER_JOB * jobs)
    Thread(target=_feed, args=(inputs, events, slots), daemon=True).start()
    pending: deque[tuple[Input | Unread, Future[Outcome]]] = deque()
    fed = False
    with _Workers(load, jobs) as workers:
        while pending or not fed:
            event = events.get()
            if isinstance(event, BaseException):
                raise event
            if isinstance(event, Input | Unread):
                future = workers.submit(event)
                pending.append((event, future))
                future.add_done_callback(events.put)
            fed = fed or event is None
            while pending and pending[0][1].done():
                yield workers.outcome(*pending.popleft())
                slots.release()


# What wakes the loop: an input, an answer, a failure of the feeder, or the inputs' end (None).
_Event = Input | Unread | Future[Outcome] | BaseException | None


def _feed(inputs: Iterator[Input | Unread], events: SimpleQueue[_Event], slots: Semaphore) -> None:
    try:
        for item in inputs:
            slots.acquire()
            events.put(item)
    except BaseException as error:  # noqa: BLE001  # raised again where it can be seen
        events.put(error)
    else:
        events.put(None)


class _Workers:
    """The processes, replaced when one dies and takes its pool with it."""

    def __init__(self, load: LoadJudge, jobs: int) -> None:
        self._load = load
        self._jobs = jobs
        self._pool = _pool(jobs)
        self._lone_pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for pool in (self._pool, self._lone_pool):
            if pool:
                pool.shutdown(cancel_futures=True)

    def submit(self, item: Input | Unread) -> Future[Outcome]:
        if isinstance(item, Unread):
            done: Future[Outcome] = Future()
            done.set_result(item)
            return done
        try:
            return self._pool.submit(_judge_input, self._load, item)
        except BrokenProcessPool:
            self._pool = _pool(self._jobs)
            return self._pool.submit(_judge_input, self._load, item)

    def outcome(self, item: Input | Unread, future: Future[Outcome]) -> Outcome:
        try:
            return future.result()
        except BrokenProcessPool:
            # Every input in the pool fails with it; alone in a process, the guilty one shows.
            return item if isinstance(item, Unread) else self._judge_alone(item)

    def _judge_alone(self, item: Input) -> Outcome:
        if self._lone_pool is None:
            self._lone_pool = _pool(1)
        try:
            return self._lone_pool.submit(_judge_input, self._load, item).result()
        except BrokenProcessPool:
            self._lone_pool = None
            return Unread(item.name, "the process that judged it died")


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Not forked: a fork copies the locks that the feeder and the pool's own thread may hold.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker)


def _start_worker() -> None:
    # An interrupt goes to the whole process group: the parent alone answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _judge_input(load: LoadJudge, item: Input) -> Outcome:
    judge = _loaded(load)
    try:
        saved = parse_input(item)
        verdict = judge(saved.page)
    except UnreadablePage as error:
        return Unread(item.name, str(error))
    except Exception as error:  # noqa: BLE001  # one page must not lose the others
        return Unread(item.name, f"judging it failed ({type(error).__name__}: {error})")
    return Answer(saved.id, replace(saved.page, body=b""), verdict)


@lru_cache(maxsize=1)
def _loaded(load: LoadJudge) -> Judge:
    return load()


@dataclass(frozen=True)
class ArtifactJudge:
    """Loads the judge of one artefact, or of the shipped one where ``path`` is None."""

    path: Path | None

    def __call__(self) -> Judge:
        """Load the artefact. Raises ModelUnusable."""
        from threadpoolctl import threadpool_limits

        from model.artifact import ArtifactRefused, load_artifact
        from model.judge import judge_page

        try:
            artifact = load_artifact(self.path)
        except ArtifactRefused as error:
            raise ModelUnusable(str(error)) from None
        # The processes share the cores already; threads on top of them only take turns.
        threadpool_limits(1)
        return lambda page: judge_page(page, artifact)
