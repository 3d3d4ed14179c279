"""What children do for ``pool.py``: read an input, say what it is called, judge it.

child --{"id", "url"}--> as soon as the input is read
      --{"verdict"}, or {"unread"}--> once it is judged; then the next input
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter

from model.page import Page
from model.saved import UnreadablePage
from model.verdict import ModelId, Verdict
from service.judging.inputs import Input, parse_input
from service.judging.nursery import CannotStart
from service.logs import configure_logs

VERDICT = TypeAdapter(Verdict)
MODEL = TypeAdapter(ModelId)


class ModelUnusable(Exception):
    """No page can be judged: the artefact is missing or was refused."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges pages with one model."""

    judge: Callable[[Page], Verdict]
    model: ModelId


# Pickled to the process that children are forked from: a module's function or a frozen dataclass.
# Raises ModelUnusable.
LoadJudge = Callable[[], Judge]


@dataclass(frozen=True, slots=True)
class LoadJudging:
    """Loads what children do with an input."""

    load: LoadJudge

    def __call__(self) -> Judging:
        """Load the judge. Raises CannotStart."""
        configure_logs(logging.ERROR)
        try:
            judge = self.load()
        except ModelUnusable as error:
            raise CannotStart(str(error)) from error
        # What the first page makes libraries load and remember, the children then share.
        judge.judge(Page.from_html("<p>Words, and <a href=https://site.example/>a link</a>.</p>"))
        return Judging(judge)


@dataclass(frozen=True, slots=True)
class Judging:
    """What a child does: names the page as soon as it is read, then judges it."""

    judge: Judge

    def ready(self) -> bytes:
        """Name the model."""
        return MODEL.dump_json(self.judge.model)

    def do(self, job: object, tell: Callable[[bytes], None]) -> bytes:
        """Judge inputs one by one; all there is to say of them is told on the way."""
        for item in cast("list[Input]", job):
            self._judge(item, tell)
        return b""

    def _judge(self, item: Input, tell: Callable[[bytes], None]) -> None:
        try:
            saved = parse_input(item)
            url = saved.page.url
            tell(as_json({"id": saved.id} if url is None else {"id": saved.id, "url": url}))
            verdict = self.judge.judge(saved.page)
        except UnreadablePage as error:
            tell(as_json({"unread": str(error)}))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  # one page must not lose the others
            tell(as_json({"unread": f"judging it failed ({type(error).__name__}: {error})"}))
        else:
            tell(as_json({"verdict": VERDICT.dump_json(verdict).decode()}))


def as_json(told: dict[str, str]) -> bytes:
    """Write a message, by Python itself: others refuse half characters, which errors may hold."""
    return json.dumps(told).encode()


@dataclass(frozen=True)
class ArtifactJudge:
    """Loads the judge of one artefact, or of the shipped one where ``path`` is None."""

    path: Path | None

    def __call__(self) -> Judge:
        """Load the artefact. Raises ModelUnusable."""
        from model.artifact import ArtifactRefused, load_artifact
        from model.judge import judge_page

        try:
            artifact = load_artifact(self.path)
        except ArtifactRefused as error:
            raise ModelUnusable(str(error)) from None
        return Judge(lambda page: judge_page(page, artifact), artifact.model_id)
