"""The ``baitwatch`` command: which commands there are, and where each one lives.

A command is loaded when it is run, so that ``baitwatch --help`` imports none of them. Packages add
theirs through the entry-point group ``baitwatch.commands``: training's come that way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

import click

GROUP = "baitwatch.commands"


@dataclass(frozen=True, slots=True)
class CommandSource:
    """Where a command is loaded from, and the line ``--help`` shows for it."""

    entry: EntryPoint
    summary: str

    @classmethod
    def of(cls, name: str, value: str, summary: str) -> CommandSource:
        """Name a command of our own; ``value`` is ``module:attribute``."""
        return cls(EntryPoint(name, value, GROUP), summary)


OWN_COMMANDS = (
    CommandSource.of(
        "serve", "service.cli_serve:serve", "Run the whole service: API, desk and scans."
    ),
    CommandSource.of(
        "worker", "service.cli_worker:worker", "Run scans in a process beside the service."
    ),
    CommandSource.of("check", "service.cli_check:check", "Fetch pages and judge them."),
    CommandSource.of("judge", "service.cli_judge:judge", "Judge saved pages, without the network."),
    CommandSource.of("keys", "service.cli_admin:keys", "Make, list and revoke API keys."),
    CommandSource.of(
        "users", "service.cli_admin:users", "Make, list and shut the accounts of the desk."
    ),
    CommandSource.of(
        "doctor", "service.cli_doctor:doctor", "Check this installation and say what to mend."
    ),
    CommandSource.of("db", "service.cli_admin:database", "Look after the database."),
    CommandSource.of(
        "model", "service.cli_model:model", "List models, make one live, and go back."
    ),
    CommandSource.of(
        "snapshot",
        "service.cli_snapshot:snapshot",
        "Fetch pages and keep them as saved pages.",
    ),
    CommandSource.of(
        "labels", "service.cli_labels:labels", "Write moderators' rulings out as labelled pages."
    ),
)


def installed_commands(group: str = GROUP) -> tuple[CommandSource, ...]:
    """List what installed packages add to a group, without importing any of it."""
    return tuple(
        CommandSource(entry, f"({entry.module}; see {entry.name} --help)")
        for entry in entry_points(group=group)
    )


class LazyGroup(click.Group):
    """A group of commands that are imported one by one, when they are run."""

    def __init__(self, *, sources: Iterable[CommandSource], **attributes: object) -> None:
        super().__init__(**attributes)  # type: ignore[arg-type]  # click's own attributes
        # The first of a name stays: no package replaces a command of our own.
        self._sources = {source.entry.name: source for source in reversed(tuple(sources))}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name every command, in alphabetical order."""
        return sorted(self._sources)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command. Raises ClickException where its package is broken."""
        source = self._sources.get(cmd_name)
        if source is None:
            return None
        try:
            command = source.entry.load()
        except Exception as error:
            raise click.ClickException(
                f"the command {cmd_name!r} cannot be loaded from {source.entry.value}: "
                f"{type(error).__name__}: {error}"
            ) from error
        if not isinstance(command, click.Command):
            raise click.ClickException(f"{source.entry.value} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the summaries, without loading one."""
        rows = [(name, self._sources[name].summary) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group("baitwatch", cls=LazyGroup, sources=(*OWN_COMMANDS, *installed_commands()))
@click.version_option(package_name="baitwatch")
def main() -> None:
    """Say whether a page is bait, and why."""
