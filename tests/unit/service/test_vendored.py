"""What is vendored: every byte is one that its list names, and the dark rules are Bootstrap's."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / "service" / "desk" / "static" / "vendor", ROOT / "tests" / "vendor"]
DARK = re.compile(r"([^{}]*\[data-bs-theme=dark\][^{}]*)\{([^{}]*)\}")


def listed(folder: Path) -> dict[str, str]:
    packages = tomllib.loads((folder / "versions.toml").read_text())
    return {
        name: digest for package in packages.values() for name, digest in package["files"].items()
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=["desk", "tests"])
def test_every_vendored_file_is_the_one_that_is_listed(folder):
    here = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {"versions.toml", "bootstrap.auto.css"}
    }
    assert len(here) > 1
    assert here == listed(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=["desk", "tests"])
def test_every_vendored_package_has_its_version_and_its_licence(folder):
    for package in tomllib.loads((folder / "versions.toml").read_text()).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["licence"]
        assert any(name.startswith("licences/") for name in package["files"])


def auto_rules(css: str) -> str:
    """Write Bootstrap's dark rules once more, for pages that leave the choice to the system."""
    rules = [match[0].replace("=dark]", "=auto]") for match in DARK.finditer(css)]
    inside = "\n".join(rules)
    return f"@media (prefers-color-scheme:dark){{\n{inside}\n}}\n"


def test_the_automatic_theme_has_bootstraps_own_dark_rules():
    css = (FOLDERS[0] / "bootstrap.min.css").read_text()
    assert len(DARK.findall(css)) > 5
    assert (FOLDERS[0] / "bootstrap.auto.css").read_text() == auto_rules(css)
