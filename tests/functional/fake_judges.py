"""Judges that need no artefact; worker processes import them by name."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from model.page import Page
from model.verdict import Evidence, ModelId, UnknownBecause, Verdict
from service.judging.judges import Judge, ModelUnusable

MODEL = ModelId("fake", "0123456789ab")


def judge(page: Page) -> Verdict:
    text = page.body.decode()
    if "kill" in text:
        os._exit(9)
    if "stick" in text:
        re.fullmatch(r"(a+)+b", "a" * 60)
    if "hoard" in text:
        bytearray(2**33)
    if "raise" in text:
        raise LookupError("\x1b[2Jlost")
    if "slow" in text:
        time.sleep(0.3)
    if not text.strip():
        return Verdict("unknown", None, MODEL, unknown_because=UnknownBecause.of("no_text"))
    return Verdict("bait", 0.75, MODEL, evidence=(Evidence("text", text, None, 0, len(text)),))


def load_judge() -> Judge:
    return Judge(judge, MODEL)


def load_nothing() -> Judge:
    raise ModelUnusable("the artefact was made by another version")


@dataclass(frozen=True)
class CountedLoad:
    """Leaves a file in a folder every time it loads."""

    folder: Path

    def __call__(self) -> Judge:
        (self.folder / uuid4().hex).touch()
        return Judge(judge, MODEL)
