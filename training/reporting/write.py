"""Writing a report into its folder, and the card from what the folder holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.artifact import load_artifact
from training.experiments.kept import write_whole
from training.gate import GateClosed
from training.reporting.card import model_card
from training.reporting.page import html_report

REPORT_FILE = "report.json"
PAGE_FILE = "report.html"
JUDGED_FILE = "judged.json"


def write_report(report: Mapping[str, Any], folder: Path) -> None:
    """Write the figures as JSON and the page that shows them."""
    write_whole(folder / REPORT_FILE, json.dumps(report, indent=1) + "\n")
    write_whole(folder / PAGE_FILE, html_report(report))


def keep_judged(folder: Path, summary: Mapping[str, Any], model: str, pages: str) -> None:
    """Keep what a model made of labelled pages, with the digests of both, for the card."""
    judged = {"model": model, "pages": pages, "summary": summary}
    write_whole(folder / JUDGED_FILE, json.dumps(judged, indent=1) + "\n")


def write_card(folder: Path, card: Path, model: Path | None) -> None:
    """Write the card of a model (the shipped one unless its folder is named) from a report.

    Raises ArtifactRefused where the model cannot be loaded, GateClosed where the folder lacks what
    the card is made from or holds figures of another model.
    """
    report, judged = _read(folder, REPORT_FILE), _read(folder, JUDGED_FILE)
    write_whole(card, model_card(report, judged, load_artifact(model).manifest))


def _read(folder: Path, name: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GateClosed(
            f"{folder / name} cannot be read ({error}): `evaluate --corpus` and `evaluate PAGES`, "
            "each with --report, write what the card is made from"
        ) from None
    return found
