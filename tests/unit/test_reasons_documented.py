"""docs/reasons.md lists every reason and every unknown, in the very words that people are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.reasons import REASON_SENTENCES
from model.verdict import UNKNOWN_BECAUSE

PAGE = Path(__file__).parents[2] / "docs" / "reasons.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text("utf-8").splitlines()
    if line.startswith("| `")
]
SENTENCES = {row[0].strip("`"): row[1] for row in ROWS}


@pytest.mark.parametrize("code", [*REASON_SENTENCES, *UNKNOWN_BECAUSE])
def test_every_code_is_explained_in_its_own_words(code):
    assert SENTENCES.get(code) == (REASON_SENTENCES | UNKNOWN_BECAUSE)[code]


def test_nothing_is_explained_that_does_not_exist():
    assert set(SENTENCES) <= set(REASON_SENTENCES) | set(UNKNOWN_BECAUSE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_an_explanation_has_all_its_parts(row):
    assert len(row) == (5 if row[0].strip("`") in REASON_SENTENCES else 3)
    assert all(row)
