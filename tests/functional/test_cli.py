from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import click
from click.testing import CliRunner

from service.cli import GROUP, OWN_COMMANDS, CommandSource, LazyGroup, installed_commands, main


@click.command("greet")
def greet():
    """Greet."""
    click.echo("hello")


def run(*arguments, sources):
    return CliRunner().invoke(LazyGroup(name="baitwatch", sources=sources), list(arguments))


def source(name, value, summary="A summary."):
    return CommandSource.of(name, value, summary)


def test_the_list_of_commands_is_shown_without_loading_any():
    outcome = run("--help", sources=[source("train", "no.such.module:train", "Trains.")])
    assert outcome.exit_code == 0
    assert "train  Trains." in outcome.stdout


def test_a_command_is_loaded_when_it_is_run():
    outcome = run("greet", sources=[source("greet", f"{__name__}:greet")])
    assert (outcome.stdout, outcome.exit_code) == ("hello\n", 0)


def test_a_broken_package_is_named_with_what_is_wrong():
    outcome = run("train", sources=[source("train", "no.such.module:train")])
    assert outcome.exit_code == 1
    assert "'train' cannot be loaded from no.such.module:train" in outcome.stderr
    assert "ModuleNotFoundError" in outcome.stderr


def test_something_else_than_a_command_is_not_run():
    outcome = run("train", sources=[source("train", "json:dumps")])
    assert (outcome.exit_code, outcome.stderr) == (1, "Error: json:dumps is not a command\n")


def test_no_package_replaces_a_command_of_our_own():
    sources = [source("greet", f"{__name__}:greet"), source("greet", "no.such.module:evil")]
    assert run("greet", sources=sources).stdout == "hello\n"


def test_an_unknown_command_is_wrong_usage():
    outcome = run("frob", sources=[])
    assert outcome.exit_code == 2
    assert "No such command 'frob'" in outcome.stderr


def test_the_summary_of_each_own_command_is_its_own_first_sentence():
    for own in OWN_COMMANDS:
        assert own.summary == own.entry.load().get_short_help_str(limit=200)


def test_the_commands_of_training_are_found_by_their_entry_points():
    assert {"train", "evaluate"} <= {found.entry.name for found in installed_commands()}
    assert all(isinstance(found.entry, EntryPoint) for found in installed_commands())
    assert {found.entry.group for found in installed_commands()} == {GROUP}


def test_help_imports_no_heavy_library():
    program = (
        "import sys, service.cli as c\n"
        "try: c.main(['--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(sorted({'sklearn', 'flask', 'bs4', 'numpy', 'sqlalchemy'} & set(sys.modules)))"
    )
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert outcome.stdout.decode().splitlines()[-1] == "[]"


def test_the_version_is_told():
    outcome = CliRunner().invoke(main, ["--version"])
    assert (outcome.exit_code, outcome.stdout.split()[0]) == (0, "baitwatch,")
