"""The repository around the code: links, commands, versions and locked requirements agree."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from service.cli import main

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WRITTEN = sorted(
    path
    for folder in (".", "docs", "docs/decisions", "tests/pages", "tests/vectors")
    for path in (ROOT / folder).glob("*.md")
)
# Pages and tables that are about the web's sites may name any of them.
ABOUT_SITES = {"pages", "vectors", "phrases", "known_hosts.py", "test_known_hosts.py"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def files_of_ours() -> list[Path]:
    """Every text file of the project but those that are about sites."""
    found = [path for path in ROOT.iterdir() if path.name not in {"uv.lock", ".git"}]
    for folder in ("service", "model", "training", "tests", "docs", "benchmarks", "deploy", ".ci"):
        found += (ROOT / folder).rglob("*")
    return [
        path
        for path in found
        if path.is_file()
        and path.suffix not in {".png", ".joblib", ".pyc"}
        and not path.name.startswith(".coverage")
        and not ABOUT_SITES & set(path.relative_to(ROOT).parts)
    ]


# --- what is written


def slug(heading: str) -> str:
    """Name a heading as the forges do in their addresses."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)}


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_every_link_of_a_page_resolves(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://")
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), target


@pytest.mark.parametrize("folder", ["docs", "docs/decisions"])
def test_the_index_of_a_folder_names_every_page_in_it(folder):
    index = (ROOT / folder / "README.md").read_text()
    pages = {path.name for path in (ROOT / folder).glob("*.md")} - {"README.md"}
    assert pages
    assert {page for page in pages if f"]({page})" not in index} == set()


def test_the_architecture_names_only_what_is_there():
    house = (ROOT / "docs" / "architecture.md").read_text().split("```")[1]
    folder, named_there = "", []
    for line in house.strip().splitlines():
        if not line.startswith(" "):
            folder = line.split()[0]
        names = (
            line.partition("   ")[0] if not line.startswith(" ") else line[2:].partition("  ")[0]
        )
        named_there += [(folder, name) for name in re.findall(r"[\w/]+(?:\.py|/)", names)]
    assert len(named_there) > 30
    missing = [
        (folder, name)
        for folder, name in named_there
        if not (ROOT / folder / name).exists() and folder != name
    ]
    assert missing == []


# --- commands


def command_uses() -> list[tuple[str, str]]:
    """Find every use of the command in the prose, as (page, words after ``baitwatch``)."""
    uses = []
    for page in WRITTEN:
        text = page.read_text()
        code = re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
        for piece in code:
            for line in piece.splitlines():
                found = re.search(r"(?:^|[\s/])baitwatch ([a-z-][^|#&]*)", line)
                if found:
                    uses.append((page.name, found[1].strip()))
    return uses


def test_pages_use_the_command():
    assert {"README.md", "CONTRIBUTING.md"} <= {page for page, _ in command_uses()}


@pytest.mark.parametrize(("page", "use"), command_uses(), ids=lambda part: part[:40])
def test_every_command_and_option_in_a_page_exists(page, use):
    command, words = main, use.split()
    context = click.Context(main)
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"{page}: there is no command {words[0]!r}"
        command, words = found, words[1:]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known, page


def test_ci_runs_the_command_that_the_readme_names():
    command = re.search(r"## Test it\n\n```sh\n(.+)\n```", (ROOT / "README.md").read_text())
    assert command
    assert command[1] in (ROOT / ".ci" / "run").read_text()


# --- what no file may say

REGISTRIES = [
    "".join(parts)
    for parts in (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("npm", "js.org"),
        ("npm", "js.com"),
        ("proxy.go", "lang.org"),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w./~@-])/(?:home|root|work|Users|mnt|opt|tmp|srv)/")


def test_no_file_names_a_registrys_host():
    found = {
        named(path)
        for path in files_of_ours()
        if any(host in path.read_text(errors="replace") for host in REGISTRIES)
    }
    assert found == set()


def test_no_file_names_a_path_of_somebodys_machine():
    found = {
        (named(path), match[0])
        for path in files_of_ours()
        for match in MACHINE_PATH.finditer(path.read_text(errors="replace"))
    }
    assert found == set()


@pytest.mark.parametrize("before", ["", " ", "'", "=", "(", ":"])
def test_a_path_of_somebodys_machine_is_recognised(before):
    assert MACHINE_PATH.search(f"{before}/{'home'}/somebody")
    assert not MACHINE_PATH.search(f"{before}~/.local or https://a.example/{'home'}/page")


# --- versions and requirements


def test_the_version_stands_in_one_place():
    version = re.compile(rf"(?<![\d.]){re.escape(PROJECT['version'])}(?![\d.])")
    files = [*(ROOT / "service").rglob("*.py"), *(ROOT / "model").rglob("*.py"), ROOT / "check.py"]
    assert [named(path) for path in files if version.search(path.read_text())] == []


def test_the_classifiers_name_exactly_the_supported_pythons():
    supported = SpecifierSet(PROJECT["requires-python"])
    every = {f"3.{minor}" for minor in range(30) if f"3.{minor}" in supported}
    prefix = "Programming Language :: Python :: "
    assert {c.removeprefix(prefix) for c in PROJECT["classifiers"] if c.startswith(prefix)} == every


def locked(file: str) -> dict[str, set[str]]:
    """Read the locked versions of each distribution; several where the Pythons differ."""
    versions: dict[str, set[str]] = {}
    text = (ROOT / file).read_text()
    for name, version in re.findall(r"^([\w.\[\]-]+)==([^\s;]+)", text, re.MULTILINE):
        versions.setdefault(canonicalize_name(name.partition("[")[0]), set()).add(version)
    return versions


def wanted(*extras: str) -> list[Requirement]:
    texts = list(PROJECT["dependencies"])
    for extra in extras:
        texts += PROJECT["optional-dependencies"][extra]
    found = [Requirement(text) for text in texts]
    return [requirement for requirement in found if requirement.name != PROJECT["name"]]


@pytest.mark.parametrize(
    ("file", "extras"),
    [
        ("requirements.txt", []),
        ("requirements-dev.txt", ["dev"]),
        ("requirements-bench.txt", ["bench"]),
    ],
)
def test_every_dependency_is_locked_within_its_range(file, extras):
    versions = locked(file)
    for requirement in wanted(*extras):
        found = versions.get(canonicalize_name(requirement.name), set())
        assert found, f"{requirement.name} is not locked in {file}"
        assert [v for v in found if v not in requirement.specifier] == [], requirement


@pytest.mark.parametrize("file", ["requirements-dev.txt", "requirements-bench.txt"])
def test_what_is_needed_beside_the_service_is_locked_to_its_versions(file):
    more = locked(file)
    assert {name: more.get(name) for name in locked("requirements.txt")} == locked(
        "requirements.txt"
    )


@pytest.mark.parametrize(
    "file", ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"]
)
def test_every_locked_version_has_hashes(file):
    entries = re.split(r"\n(?=\S)", (ROOT / file).read_text().strip())
    assert len(entries) > 50
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_entry_points_can_be_loaded():
    for group in ("console_scripts", "baitwatch.commands"):
        ours = [e for e in entry_points(group=group) if e.dist and e.dist.name == PROJECT["name"]]
        assert ours
        assert all(isinstance(entry.load(), click.Command) for entry in ours)
