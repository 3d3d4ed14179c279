"""What the README shows is what a reader gets."""

from __future__ import annotations

import json

import pytest
from readme_examples import EXAMPLE, README, output_of

EXAMPLES = list(EXAMPLE.finditer(README.read_text(encoding="utf-8")))
# What differs from one judgement to the next.
TIMES = {"checked_at", "expires_at"}


def near(value):
    """Make what equals a JSON value but for times and the last digits of its numbers."""
    if isinstance(value, dict):
        return {name: near(part) for name, part in value.items() if name not in TIMES}
    if isinstance(value, list):
        return [near(part) for part in value]
    return pytest.approx(value, abs=1e-6) if isinstance(value, float) else value


def test_there_is_an_example_of_judge_check_and_the_api():
    assert [example["command"].split()[0] for example in EXAMPLES] == [
        ".venv/bin/baitwatch",
        ".venv/bin/baitwatch",
        "curl",
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["command"].split()[1])
def test_an_example_shows_what_its_command_prints(example):
    printed = output_of(example["command"])
    if example["form"] == "text":
        assert printed == example["shown"]
        return
    fresh, shown = json.loads(printed), json.loads(example["shown"])
    assert fresh.keys() == shown.keys()
    assert {name: fresh[name] for name in fresh.keys() - TIMES} == near(shown)
