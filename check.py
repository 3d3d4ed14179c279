"""The one check: format, lint, types, imports, dependencies, tests and quality floors.

python check.py         everything
python check.py --fast  what an edit needs: the same without the slower tests and the floors
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SCRIPTS = Path(sysconfig.get_path("scripts"))
# Percent of lines and branches that the tests must run; a little below what they do run. Unit tests
# are asked for the model alone: much of the rest is run by tests that go a user's way.
MODEL_COVERAGE = 97
WHOLE_COVERAGE = 94


@dataclass(frozen=True)
class Step:
    """A command that must end with 0, under the title it has in the summary."""

    title: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    title: str
    passed: bool
    seconds: float


def module(title: str, *arguments: str) -> Step:
    """Make a step that runs a module of this interpreter's environment."""
    return Step(title, (sys.executable, "-m", *arguments))


def script(title: str, name: str, *arguments: str) -> Step:
    """Make a step that runs a command of this interpreter's environment."""
    return Step(title, (str(SCRIPTS / name), *arguments))


def tests(title: str, *arguments: str) -> Step:
    """Make a step of tests, in two processes and a random order."""
    return module(title, "pytest", "-q", "-n", "2", *arguments)


def covered(least: int, package: str = "") -> tuple[str, ...]:
    """Ask pytest for coverage with branches, and for failure below ``least`` percent.

    Of one package, or of all.
    """
    counted = f"--cov={package}" if package else "--cov"
    return (counted, "--cov-report=term", f"--cov-fail-under={least}")


STATIC = (
    module("format", "ruff", "format", "--check", "."),
    module("lint", "ruff", "check", "."),
    module("types", "mypy"),
    script("import contract", "lint-imports", "--no-logo"),
    module("dependencies", "deptry", "."),
)
FAST = (*STATIC, tests("unit tests", "tests/unit", *covered(MODEL_COVERAGE, "model")))
WHOLE = (
    *STATIC,
    tests("tests", "-m", "not browser and not versions", *covered(WHOLE_COVERAGE)),
    tests("browser and versions", "-m", "browser or versions"),
    script("quality floors", "baitwatch", "evaluate", "tests/pages", "--floors"),
)


def run(step: Step) -> Outcome:
    """Run a step with its output on ours."""
    print(f"\n=== {step.title}", flush=True)
    begun = time.monotonic()
    code = subprocess.run(step.command, cwd=ROOT, check=False).returncode
    return Outcome(step.title, code == 0, time.monotonic() - begun)


def summarize(outcomes: Sequence[Outcome]) -> str:
    """Say of each step how it ended and how long it took, and last whether all is well."""
    lines = [
        f"{outcome.title:<22}{'ok' if outcome.passed else 'FAILED':<8}{outcome.seconds:7.1f} s"
        for outcome in outcomes
    ]
    failed = [outcome.title for outcome in outcomes if not outcome.passed]
    lines.append(f"check.py: failed: {', '.join(failed)}" if failed else "check.py: all is well")
    return "\n".join(lines)


def check(steps: Sequence[Step]) -> int:
    """Run every step, also after one has failed, and sum up; 0 where all passed, else 1."""
    outcomes = [run(step) for step in steps]
    print(f"\n=== summary\n{summarize(outcomes)}")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def main() -> int:
    """Choose the steps and run them; 2 where what they need is not installed."""
    parser = argparse.ArgumentParser(description="Check everything that can be checked.")
    parser.add_argument("--fast", action="store_true", help="leave out slower tests and floors")
    chosen = parser.parse_args()
    if importlib.util.find_spec("pytest") is None:
        print("Install what the check needs: python -m pip install -e '.[dev]'", file=sys.stderr)
        return 2
    return check(FAST if chosen.fast else WHOLE)


if __name__ == "__main__":
    sys.exit(main())
