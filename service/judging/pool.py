"""Judging in several processes at once.

    inputs --feeder thread--> window of inputs --threads, children--> answers, in input order

Inputs are read and judged in children (``children.py``), a few in each, since a fork costs as much
as a judgement. One that ends its child, or passes a limit there, is judged once more in a child
of its own; what happens there is its own doing, and it is ``unknown``, as in the service.
The window bounds memory. A thread reads, so that an answer goes out as soon as it and those before
it are there, however slowly the next input comes.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Semaphore, Thread

from model.page import Page
from model.verdict import UnknownBecause, Verdict
from service.judging.children import ChildDiedError, Children, LimitPassedError, NoChildError
from service.judging.inputs import Input, Unread
from service.judging.judges import MODEL, VERDICT, LoadJudge, LoadJudging, ModelUnusable
from service.judging.limits import ChildLimits
from service.judging.nursery import CannotStart

# In the window for each job, so that none waits while the oldest answer is still being made; and in
# one child at most.
_INPUTS_PER_JOB, _INPUTS_PER_CHILD = 8, 4


@dataclass(frozen=True, slots=True)
class Answer:
    """One judged page. ``page`` comes without its body."""

    id: str
    page: Page
    verdict: Verdict


Outcome = Answer | Unread


def judge_inputs(
    inputs: Iterator[Input | Unread], load: LoadJudge, limits: ChildLimits, *, jobs: int
) -> Iterator[Outcome]:
    """Judge inputs, ``jobs`` at a time, and yield one outcome each, in their order.

    An input that breaks its process, or passes the ``limits``, costs only itself. Raises
    ModelUnusable.
    """
    try:
        judging = _Judging(Children(LoadJudging(load), limits), jobs)
    except (CannotStart, NoChildError) as error:
        raise ModelUnusable(str(error)) from None
    try:
        yield from _in_order(inputs, judging, _INPUTS_PER_JOB * jobs)
    finally:
        judging.close()


def _in_order(
    inputs: Iterator[Input | Unread], judging: _Judging, window: int
) -> Iterator[Outcome]:
    events: SimpleQueue[_Event] = SimpleQueue()
    slots = Semaphore(window)
    Thread(target=_feed, args=(inputs, events, slots), daemon=True).start()
    pending: deque[Future[Outcome]] = deque()
    fed = False
    while pending or not fed:
        event = events.get()
        if isinstance(event, BaseException):
            raise event
        if isinstance(event, Input | Unread):
            pending.append(judging.submit(event))
            pending[-1].add_done_callback(events.put)
        fed = fed or event is None
        while pending and pending[0].done():
            yield pending.popleft().result()
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


_Job = tuple[Input, "Future[Outcome]"]


class _Judging:
    """Threads that have inputs judged in children, and say what became of each."""

    def __init__(self, children: Children, jobs: int) -> None:
        self._children = children
        self._model = MODEL.validate_json(children.ready())
        self._jobs = jobs
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._closing = Event()
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(jobs)]
        for thread in self._threads:
            thread.start()

    def submit(self, item: Input | Unread) -> Future[Outcome]:
        """Promise what becomes of an input."""
        future: Future[Outcome] = Future()
        if isinstance(item, Unread):
            future.set_result(item)
        else:
            self._waiting.put((item, future))
        return future

    def close(self) -> None:
        """End the children; what they were doing is lost."""
        self._closing.set()
        for _ in self._threads:
            self._waiting.put(None)
        self._children.close()

    def _work(self) -> None:
        while (first := self._waiting.get()) is not None:
            jobs = [first]
            # Its share of what waits, no more: the other threads want some too.
            share = min(_INPUTS_PER_CHILD - 1, self._waiting.qsize() // self._jobs)
            with suppress(Empty):
                while len(jobs) <= share and (job := self._waiting.get_nowait()) is not None:
                    jobs.append(job)
            self._judge_all(jobs)

    def _judge_all(self, jobs: Sequence[_Job]) -> None:
        try:
            rest = self._judge(jobs)
            while rest:
                self._judge(rest[:1])
                rest = self._judge(rest[1:])
        except BaseException as error:  # noqa: BLE001  # raised again where it can be seen
            for _, future in jobs:
                if not future.done():
                    future.set_exception(error)

    def _judge(self, jobs: Sequence[_Job]) -> Sequence[_Job]:
        """Judge inputs in one child; return what is left where it ended before all were done.

        An input that has the child for itself is never left.
        """
        if not jobs or self._closing.is_set():
            return ()
        heard = _Heard(jobs)
        try:
            self._children.do([item for item, _ in jobs], heard.hear)
            because = UnknownBecause.of("crashed")
        except NoChildError:
            heard.settle(lambda item, _: Unread(item.name, "no process could be started for it"))
            return jobs[heard.done :]
        except LimitPassedError as error:
            because = UnknownBecause.of("too_complex", f"It ran out of {error.limit}.")
        except (ChildDiedError, ValueError, LookupError):
            because = UnknownBecause.of("crashed")
        if len(jobs) == 1 and heard.done == 0:
            heard.settle(partial(self._unknown, because))
        return jobs[heard.done :]

    def _unknown(self, because: UnknownBecause, item: Input, named: Named | None) -> Outcome:
        if named is None:
            return Unread(item.name, f"nothing could be read of it. {because.text}")
        return _answer(named, Verdict("unknown", None, self._model, unknown_because=because))


class _Heard:
    """What a child said of its inputs: how many are done, and what the next one is called."""

    def __init__(self, jobs: Sequence[_Job]) -> None:
        self._jobs = jobs
        self._named: Named | None = None
        self.done = 0

    def hear(self, news: bytes) -> None:
        """Take news of an input: its name, or what became of it. Raises ValueError, LookupError."""
        told = _told(news)
        if "id" in told:
            self._named = told["id"], told.get("url")
        elif "unread" in told:
            self.settle(lambda item, _: Unread(item.name, told["unread"]))
        elif self._named is not None:
            named, verdict = self._named, VERDICT.validate_json(told["verdict"])
            self.settle(lambda *_: _answer(named, verdict))

    def settle(self, outcome: Callable[[Input, Named | None], Outcome]) -> None:
        """Say what became of the next input."""
        item, future = self._jobs[self.done]
        future.set_result(outcome(item, self._named))
        self.done, self._named = self.done + 1, None


# A page's id and address.
Named = tuple[str, str | None]


def _told(answer: bytes) -> dict[str, str]:
    """Read what a child says, from which a page may speak. Raises ValueError, LookupError."""
    try:
        told = json.loads(answer)
    except RecursionError as error:
        raise ValueError from error
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise ValueError
    return told


def _answer(named: Named, verdict: Verdict) -> Answer:
    name, url = named
    return Answer(name, Page(url, url, 200, {}, b""), verdict)
