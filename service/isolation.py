"""The steps as the service really takes them: each scan, each judgement in a process of its own.

    Steps (serving process) --a URL, or a page--> child: Steps of its own: fetch -> judge
                            <---how far it came-----'
                            <---a finding as JSON---'

What it told last stays known where it is ended. Only JSON comes back from a child, and the page
as bytes that nothing here reads: a page that took one over could lie, but run nothing here.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import structlog
from pydantic import TypeAdapter

from model.page import Page
from model.verdict import ModelId
from service.clock import utc_now
from service.errors import BusyError, ServiceError
from service.finding import Finding, Reading
from service.freshness import Revisit
from service.judging.children import ChildDiedError, Children, LimitPassedError, NoChildError
from service.judging.limits import ChildLimits
from service.judging.nursery import CannotStart, Work
from service.logs import configure_logs
from service.settings import Settings
from service.snapshots import Snapshot
from service.steps import Found, ScanDiedError, ScanNotBegunError, Steps, Tell, Way, unseen

_log = structlog.get_logger(__name__)

_ASK_EVERY = 1.0  # seconds: how soon a switch of the live model is noticed
# Of a scan's time: the rest is for ending its process and for saving what is known by then.
_ENDED_AFTER = 0.95
_WAITING = 32  # judgements that may wait for their turn: each holds a thread that answers requests

_Step = Literal["scan", "judge"]

_LENGTH, _DIGEST = 8, 64  # bytes of what an answer begins with, and of a snapshot's name

_FIRST_PAGE = Page.from_html("<p>Words, and <a href=https://site.example/>a link</a>.</p>")

_FOUND: TypeAdapter[tuple[Finding, Reading | None]] = TypeAdapter(tuple[Finding, Reading | None])
_MODEL = TypeAdapter(ModelId)
_WAY = TypeAdapter(Way)


def isolated(load: Callable[[], Steps], settings: Settings, log_level: int) -> Steps:
    """Have the steps that ``load`` makes taken in children, under the limits of the settings.

    ``load`` is pickled to the process that the children are forked from. Raises CannotStart with
    the message of the ServiceError that it raises.
    """
    wall = _ENDED_AFTER * settings.scan_deadline
    limits = ChildLimits(wall, settings.scan_cpu, settings.scan_memory)
    apart = _Apart(Children(_LoadScans(load, log_level), limits))
    turns = _Turns(max(2, os.cpu_count() or 1), settings.scan_deadline)

    def take(step: _Step, argument: object, heard: _Heard) -> Found:
        try:
            return apart.take(step, argument, heard)
        except LimitPassedError as error:
            _log.warning("scan_stopped", limit=error.limit)
            ran_out = f"It ran out of {error.limit}."
            return unseen(steps, "too_complex", ran_out, heard.way), None

    def scan(asked: str | Revisit, tell: Tell | None = None) -> Found:
        url = asked if isinstance(asked, str) else asked.url
        return take("scan", asked, _Heard(Way(url), tell))

    def judge(page: Page) -> Found:
        with turns.one():
            return take("judge", page, _Heard(None))

    steps = Steps(scan, judge, apart.model, settings.verdict_life, utc_now, apart.able)
    return steps


class _Heard:
    """What a child told last of how far it came."""

    def __init__(self, way: Way | None, tell: Tell | None = None) -> None:
        self.way = way
        self._tell = tell

    def hear(self, news: bytes) -> None:
        self.way = _WAY.validate_json(news)
        if self._tell:
            self._tell(self.way)


class _Apart:
    """What children are asked for, and the model that their nursery judges with."""

    def __init__(self, children: Children) -> None:
        self._children = children
        self._asking = threading.Lock()
        self._asked = time.monotonic()
        self._model = _MODEL.validate_json(children.ready())
        self._silent = False

    def take(self, step: _Step, argument: object, heard: _Heard) -> Found:
        try:
            return _unpacked(self._children.do((step, argument), heard.hear))
        except NoChildError as error:
            raise ScanNotBegunError(str(error)) from error
        except (ChildDiedError, ValueError) as error:
            raise ScanDiedError(str(error), heard.way) from error

    def model(self) -> ModelId:
        # Whoever finds the lock taken goes on with what is there: one question a second is enough.
        if time.monotonic() - self._asked >= _ASK_EVERY and self._asking.acquire(blocking=False):
            try:
                self._asked = time.monotonic()
                self._model = _MODEL.validate_json(self._children.ready())
                self._silent = False
            except NoChildError:
                self._silent = True
                _log.warning("nursery_silent")
            finally:
                self._asking.release()
        return self._model

    def able(self) -> bool:
        """Say whether the nursery answered when it was asked last, at most a second ago."""
        self.model()
        return not self._silent


class _Turns:
    """Lets so many judgements run at once, and a few more wait for theirs."""

    def __init__(self, at_once: int, patience: float) -> None:
        self._running = threading.BoundedSemaphore(at_once)
        self._here = threading.BoundedSemaphore(at_once + _WAITING)
        self._patience = patience

    @contextmanager
    def one(self) -> Iterator[None]:
        if not self._here.acquire(blocking=False):
            raise BusyError("Too many pages are being judged: try again in a moment.")
        try:
            if not self._running.acquire(timeout=self._patience):
                raise BusyError("The pages before this one take long: try again in a moment.")
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._here.release()


@dataclass(frozen=True, slots=True)
class _LoadScans:
    """Loads what a nursery's children do."""

    load: Callable[[], Steps]
    log_level: int

    def __call__(self) -> Work:
        configure_logs(self.log_level)
        try:
            steps = self.load()
        except ServiceError as error:
            raise CannotStart(str(error)) from error
        # What the first page makes libraries load and remember, the children then share.
        steps.judge(_FIRST_PAGE)
        return _Scans(steps)


@dataclass(frozen=True, slots=True)
class _Scans:
    steps: Steps

    def ready(self) -> bytes:
        return _MODEL.dump_json(self.steps.model())

    def do(self, job: object, tell: Callable[[bytes], None]) -> bytes:
        step, argument = cast("tuple[_Step, Any]", job)
        if step == "judge":
            return _packed(self.steps.judge(argument))
        return _packed(self.steps.scan(argument, lambda way: tell(_WAY.dump_json(way))))


def _packed(found: Found) -> bytes:
    """Write what was found: its length as JSON, the JSON, and the page's snapshot as it is."""
    finding, reading = found
    snapshot = reading.snapshot if reading else None
    told = _FOUND.dump_json((finding, reading and replace(reading, snapshot=None)))
    page = b"" if snapshot is None else snapshot.digest.encode() + snapshot.content
    return len(told).to_bytes(_LENGTH, "big") + told + page


def _unpacked(answer: bytes) -> Found:
    """Read it back. Raises ValueError, also where the snapshot is not what its name says."""
    end = _LENGTH + int.from_bytes(answer[:_LENGTH], "big")
    finding, reading = _FOUND.validate_json(answer[_LENGTH:end])
    page = answer[end:]
    if reading is None or not page:
        return finding, reading
    snapshot = Snapshot(page[:_DIGEST].decode(), page[_DIGEST:])
    if not snapshot.is_sound:
        raise ValueError("The page that was kept is not the one that it is named for.")
    return finding, replace(reading, snapshot=snapshot)
