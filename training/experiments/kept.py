"""Finished parts of a report, kept so that interrupted work goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from training.experiments.study import Outcome
from training.fit import Recipe

_HOUSE = Path(__file__).parents[2]
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "beautifulsoup4", "lxml")
# What only prints and draws decides no figure.
_NO_FIGURES = ("artifacts", "reporting", "commands.py", "report.py", "__pycache__")


class Kept:
    """A folder of parts, each a JSON file with the digest of what it was made from."""

    def __init__(self, folder: Path, inputs: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._inputs = inputs

    def find(self, name: str) -> Outcome | None:
        """Return a part that was made from the same inputs; None where there is none whole."""
        try:
            kept = json.loads(self._path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(kept, dict) or kept.get("inputs") != self._inputs:
            return None
        outcome: Outcome | None = kept.get("outcome")
        return outcome

    def keep(self, name: str, outcome: Outcome) -> Outcome:
        """Write a part, whole or not at all, and return it as it will be found."""
        text = json.dumps({"part": name, "inputs": self._inputs, "outcome": outcome})
        write_whole(self._path(name), text)
        found: Outcome = json.loads(text)["outcome"]
        return found

    def _path(self, name: str) -> Path:
        plain = "".join(c if c.isalnum() else "-" for c in name)
        return self._folder / f"{plain}.json"


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that it appears whole or not at all."""
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def inputs_digest(files: Iterable[Path], recipe: Recipe, generated: int) -> str:
    """Digest all that figures depend on: pages, choices, code and libraries."""
    stated: Mapping[str, Any] = {
        "pages": [hashlib.sha256(path.read_bytes()).hexdigest() for path in files],
        "recipe": asdict(recipe),
        "generated": generated,
        "code": [_code_digest(_HOUSE / folder) for folder in ("model", "training")],
        "libraries": {name: installed_version(name) for name in _LIBRARIES},
    }
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


@cache
def _code_digest(folder: Path) -> str:
    """Digest the files of a folder, once: what was loaded at the start is what runs."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not set(_NO_FIGURES) & set(name.parts):
            digest.update(str(name).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
