"""The one check: it goes on after a failure, names what failed, and says so by its exit code."""

from __future__ import annotations

import sys

from check import FAST, WHOLE, Step, check


def step(title: str, code: str) -> Step:
    return Step(title, (sys.executable, "-c", code))


def test_all_steps_that_pass_end_with_0(capfd):
    assert check([step("first", "print('one')"), step("second", "print('two')")]) == 0
    out = capfd.readouterr().out
    assert out.index("=== first") < out.index("one") < out.index("=== second") < out.index("two")
    assert out.endswith("check.py: all is well\n")


def test_a_step_that_fails_is_named_and_the_others_still_run(capfd):
    assert check([step("bad", "raise SystemExit(3)"), step("good", "print('ran')")]) == 1
    out = capfd.readouterr().out
    assert "ran" in out
    assert "good                  ok" in out
    assert out.endswith("check.py: failed: bad\n")


def test_a_step_that_is_killed_has_failed(capfd):
    assert check([step("killed", "import os; os.kill(os.getpid(), 9)")]) == 1


def test_the_fast_check_is_part_of_the_whole_one_but_for_its_tests():
    fast, whole = ({s.title for s in steps} for steps in (FAST, WHOLE))
    assert fast - whole == {"unit tests"}
    assert whole - fast == {"tests", "browser and versions", "quality floors"}
