from __future__ import annotations

import pytest

from training.experiments.conduct import Timing
from training.experiments.kept import Kept, inputs_digest
from training.fit import Recipe


def test_a_part_is_found_as_it_was_kept(tmp_path):
    kept = Kept(tmp_path / "parts", "inputs")
    outcome = {"rate": 0.1, "names": ["ä", "<b>"], "none": None}
    assert kept.keep("fold 1 of 3", outcome) == outcome
    assert Kept(tmp_path / "parts", "inputs").find("fold 1 of 3") == outcome
    assert kept.find("fold 2 of 3") is None


def test_a_part_made_from_other_inputs_is_not_found(tmp_path):
    Kept(tmp_path, "before").keep("facts", {})
    assert Kept(tmp_path, "after").find("facts") is None


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"inputs": "inputs"', "\udcff"])
def test_a_damaged_part_is_not_found(tmp_path, damage):
    kept = Kept(tmp_path, "inputs")
    kept.keep("facts", {"a": 1})
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage.encode("utf-8", "surrogateescape"))
    assert kept.find("facts") is None


def test_parts_with_names_of_any_kind_lie_in_the_folder(tmp_path):
    kept = Kept(tmp_path / "parts", "inputs")
    kept.keep("../../up: and / away", {"a": 1})
    assert kept.find("../../up: and / away") == {"a": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


def test_inputs_differ_where_pages_or_choices_do(tmp_path):
    page, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    page.write_text("1\n")
    other.write_text("2\n")
    recipe = Recipe()
    digests = [
        inputs_digest([page], recipe, 10),
        inputs_digest([other], recipe, 10),
        inputs_digest([page], Recipe(seed=1), 10),
        inputs_digest([page], recipe, 11),
        inputs_digest([page, other], recipe, 10),
    ]
    assert len(set(digests)) == len(digests)
    assert inputs_digest([page], Recipe(), 10) == digests[0]


def test_the_time_left_is_told_once_something_was_measured():
    now, told = [0.0], []
    parts = ["facts", "fold 1 of 2", "fold 2 of 2", "curve: half"]
    timing = Timing(parts, told.append, lambda: now[0])
    for part, seconds in zip(parts, (5, 360, 355, 100), strict=True):
        timing.of(part)("working")
        now[0] += seconds
        timing.done(part)
    assert told[:2] == [
        "part 1 of 4, facts: working",
        "part 2 of 4, fold 1 of 2: working",
    ]
    # 365 s went into 3.1 parts of the weight of a training; 4 and then 1 of that are left.
    assert told[2] == "part 3 of 4 (about 8 min left), fold 2 of 2: working"
    assert told[3] == "part 4 of 4 (about 2 min left), curve: half: working"
