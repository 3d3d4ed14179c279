"""The shipped model under every Python that is supported: the same pages, the same answers."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
PREFIX = "Programming Language :: Python :: 3."
SUPPORTED = ["3." + c.removeprefix(PREFIX) for c in PROJECT["classifiers"] if c.startswith(PREFIX)]
PAGES = ["en-salt-road", "en-salt-road-bait"]

pytestmark = [pytest.mark.versions, pytest.mark.timeout(1200)]


def find_interpreter(version: str) -> Path | None:
    """Find a Python of this version that starts: on the PATH, among pyenv's, or beside ours."""
    on_path = shutil.which(f"python{version}")
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    places = [Path(on_path)] if on_path else []
    for versions in (pyenv / "versions", Path(sys.base_prefix).parent):
        places += sorted(versions.glob(f"{version}.*/bin/python"))
    return next((place for place in places if starts_as(place, version)), None)


def starts_as(interpreter: Path, version: str) -> bool:
    # pyenv's shims stand on the PATH for versions too that are not switched on.
    asked = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    ran = subprocess.run([interpreter, "-c", asked], capture_output=True, text=True, check=False)
    return ran.stdout.strip() == version


def environment(interpreter: Path, version: str) -> Path:
    """Make an environment with the locked dependencies, or find the one of an earlier run."""
    locked = ROOT / "requirements.txt"
    made_of = hashlib.sha256(locked.read_bytes() + str(interpreter).encode()).hexdigest()[:12]
    place = ROOT / ".cache" / "versions" / f"{version}-{made_of}"
    if not (place / "complete").exists():
        shutil.rmtree(place, ignore_errors=True)
        run(interpreter, "-m", "venv", place)
        run(place / "bin" / "pip", "install", "-q", "--require-hashes", "-r", locked)
        (place / "complete").touch()
    return place / "bin"


def run(*command: object) -> str:
    ran = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, f"{command}: {ran.stderr}{ran.stdout}"
    return ran.stdout


def verdicts(scripts: Path, pages: Path) -> list[dict]:
    lines = run(scripts / "baitwatch", "judge", pages, "--json", "--jobs", "1").splitlines()
    return [{**json.loads(line), "checked_at": None} for line in lines]


@pytest.fixture
def pages(tmp_path) -> Path:
    lines = (ROOT / "tests" / "pages" / "en.jsonl").read_text().splitlines()
    chosen = [line for line in lines if json.loads(line)["id"] in PAGES]
    path = tmp_path / "pages.jsonl"
    path.write_text("\n".join(chosen))
    return path


@pytest.mark.parametrize("version", [v for v in SUPPORTED if v != RUNNING])
def test_another_python_gives_the_same_verdicts(version, pages, tmp_path):
    interpreter = find_interpreter(version)
    if interpreter is None and os.environ.get("CI") != "true":
        pytest.skip(f"there is no Python {version} on the PATH or among pyenv's")
    assert interpreter, f"there is no Python {version}, and in CI none may be missing"
    scripts = environment(interpreter, version)
    install = ("install", "-q", "--no-deps", "--force-reinstall")
    run(scripts / "pip", *install, ROOT)
    ours = verdicts(Path(sysconfig.get_path("scripts")), pages)
    theirs = verdicts(scripts, pages)
    assert [verdict["id"] for verdict in ours] == PAGES
    assert ours[0]["score"] < ours[1]["score"]
    for here, there in zip(ours, theirs, strict=True):
        assert there == near(here)


def near(value: object) -> object:
    """Make what equals a JSON value but for the last digits of its numbers."""
    if isinstance(value, dict):
        return {name: near(part) for name, part in value.items()}
    if isinstance(value, list):
        return [near(part) for part in value]
    return pytest.approx(value, abs=1e-9) if isinstance(value, float) else value
