"""The guard set: labelled pages that are never trained on, and that every new model must hold.

Moderators' labels come from outside, so a model that learnt from them must do as well as the one
in use on pages that they could not touch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model.artifact import ArtifactRefused, load_artifact
from model.figures import worse_than
from training.corpus import LabelledPage, corpus_files, read_corpus
from training.evaluate import score_pages
from training.gate import GateClosed, below_floors, figures, pages_digest, read_floors
from training.metrics import Scored, summarize
from training.progress import Tell, counted


@dataclass(frozen=True, slots=True)
class Guard:
    """Labelled pages to hold a model to, with their digest and the floors that are pinned on them.

    ``before`` is what the model in use reaches on them; it is empty where there is none to ask.
    """

    pages: tuple[LabelledPage, ...]
    sha256: str
    floors: Mapping[str, Any] = field(default_factory=dict, hash=False)
    before: Mapping[str, float] = field(default_factory=dict, hash=False)


def read_guard(paths: Sequence[Path], against: Path | None, progress: Tell) -> Guard:
    """Read a guard set, and ask the model in use, or the shipped one, what it reaches on it.

    Raises NoCorpus where there is no labelled page. A model in use that cannot be loaded here is
    no measure.
    """
    files = corpus_files(paths)
    pages = read_corpus(files, drop_duplicates=False, progress=progress).pages
    digest, pinned = pages_digest(files), read_floors()["pages"]
    floors = pinned if pinned.get("sha256") == digest else {}
    return Guard(pages, digest, floors, _reached(pages, against, progress))


def _reached(
    pages: Sequence[LabelledPage], against: Path | None, progress: Tell
) -> dict[str, float]:
    try:
        artifact = load_artifact(against)
    except ArtifactRefused:
        return {}
    watched = counted(pages, "judging with the model in use", progress, total=len(pages))
    return figures(summarize(list(score_pages(watched, artifact))))


def hold_guard(guard: Guard, scored: Sequence[Scored]) -> dict[str, Any]:
    """Return what a model reaches on the guard set, for its manifest.

    ``scored`` are the set's pages as the model judges them. Raises GateClosed where it is below a
    floor, or worse than the model in use.
    """
    found = figures(summarize(scored))
    short = [*below_floors(found, guard.floors), *worse_than(found, guard.before)]
    if short:
        raise GateClosed(
            f"the new model does not hold the guard set: {'; '.join(short)}. "
            "Look at the moderators' labels it learnt from (--review)."
        )
    return {"sha256": guard.sha256, "pages": len(guard.pages), "figures": found}
