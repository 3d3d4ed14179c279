"""The gate: pinned floors that a model must hold, and what is said where it is closed.

``floors.toml`` has a table for the pages of the repository (``pages``, with their digest as
``sha256``), one for held-out figures of the corpus (``held_out``) and one for the triples of
``training.trials`` (``trials``, with a digest). A floor is a minimum, except for names that begin
with ``false_``, which are maxima.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from model.figures import holds

FLOORS_FILE = Path(__file__).parent / "floors.toml"


class GateClosed(Exception):
    """A model does not hold the floors, or is worse than the one before; the message lists how."""


def read_floors(path: Path = FLOORS_FILE) -> dict[str, dict[str, Any]]:
    """Read the pinned floors: a table a set of pages, figures by name."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def pages_digest(files: Iterable[Path]) -> str:
    """Return the SHA-256 over the files of a set of pages, by name and content, in name order."""
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def figures(summary: Mapping[str, Any]) -> dict[str, float]:
    """Take from a summary the figures that floors and comparisons are about.

    A share of nothing is no figure: it is left out.
    """
    rates: dict[str, Mapping[str, float]] = {
        **summary["verdicts"],
        "pairs_wholly_right": summary["pairs"]["wholly_right"],
        "pairs_ranked_right": summary["pairs"]["ranked_right"],
    }
    for name in ("recall_at_1_in_1000", "recall_at_1_in_100"):
        if name in summary:
            rates[name] = summary[name]["page"]
            rates[f"{name}_by_campaign"] = summary[name]["campaign"]
    taken = {name: found["rate"] for name, found in rates.items() if found["of"]}
    return taken | ({"pr_auc": summary["pr_auc"]} if "pr_auc" in summary else {})


def below_floors(found: Mapping[str, float], floors: Mapping[str, Any]) -> list[str]:
    """Name every figure that does not hold its floor; one that was not measured holds none."""
    return [
        f"{name} is {found[name]:.4f}, its floor is {floor}"
        if name in found
        else f"{name} has a floor and was not measured"
        for name, floor in floors.items()
        if isinstance(floor, int | float)
        and not (name in found and holds(name, found[name], float(floor)))
    ]
