"""``baitwatch model``: which models there are, which one is live, and switches between them.

What compares models needs training, so it is a command that training adds to this group.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from model.artifact import ArtifactRefused, read_manifest
from service.cli import CommandSource, LazyGroup, installed_commands
from service.cli_admin import actor, open_data
from service.cli_serve import data_option, read_settings
from service.models import (
    SwitchRefusedError,
    figures_of,
    live_model,
    promote,
    roll_back,
    shipped_model,
)
from service.report import plain
from service.settings import Settings
from service.store.switches import Model, Switch, every_switch
from service.verdict_json import utc_text

_MODEL_GROUP = "baitwatch.model"
_SHOWN = ("recall_at_1_in_1000", "bait_found", "false_bait", "false_flag")
_LONGEST_REASON = 500


def _reason(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    if not text.strip() or len(text) > _LONGEST_REASON:
        raise click.BadParameter(f"give a reason of 1 to {_LONGEST_REASON} characters")
    return plain(text)


_because = click.option(
    "--because", required=True, callback=_reason, help="Why; it is kept with the switch."
)


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except (SwitchRefusedError, ArtifactRefused) as error:
        raise click.ClickException(plain(str(error))) from None


@click.command("list")
@data_option
def list_models(data: Path | None) -> None:
    """List the models, the figures they were trained with, and every switch between them."""
    settings = read_settings(data)
    with open_data(data) as db, _plainly():
        live = live_model(db) or shipped_model()
        with db.read() as connection:
            switches = every_switch(connection)
        kept = {switch.model.folder: switch.model for switch in switches if switch.model.folder}
        for model in (shipped_model(), *kept.values()):
            _show_model(settings, model, is_live=model.folder == live.folder)
    for switch in switches:
        _show_switch(switch)
    if settings.model is not None:
        click.echo(f"BAITWATCH_MODEL counts before all of these: {settings.model}")


def _show_model(settings: Settings, model: Model, *, is_live: bool) -> None:
    folder = settings.models_folder / model.folder if model.folder else None
    try:
        figures = figures_of(read_manifest(folder, manifest_sha256=model.manifest_sha256))
        said = ", ".join(f"{name} {figures[name]:.3f}" for name in _SHOWN if name in figures)
    except ArtifactRefused as error:
        said = plain(str(error))
    mark = "live  " if is_live else "      "
    click.echo(f"{mark}{plain(model.version)}  {model.digest[:12]}  {folder or 'shipped'}")
    click.echo(f"      {said or 'no figures'}")


def _show_switch(switch: Switch) -> None:
    then = f"{plain(switch.from_version)} {switch.from_digest[:12]}"
    now = f"{plain(switch.model.version)} {switch.model.digest[:12]}"
    what = f"{switch.action} from {then} to {now} by {plain(switch.by)}"
    click.echo(f"{utc_text(switch.at)}  {what}: {plain(switch.because)}")


@click.command("promote")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_because
@click.option(
    "--although-worse",
    is_flag=True,
    help="Promote it though figures are worse than the live one's.",
)
@data_option
def promote_model(folder: Path, because: str, although_worse: bool, data: Path | None) -> None:
    """Make a trained model the live one; a running service follows within a second.

    FOLDER is what `baitwatch train --out` wrote; a copy is kept. Refused where a figure of its
    manifest is worse than the live model's by more than one in a hundred.
    """
    settings = read_settings(data)
    with open_data(data) as db, _plainly():
        model = promote(
            db, settings, folder, because=because, although_worse=although_worse, actor=actor()
        )
    _say_live(model)


@click.command("rollback")
@_because
@data_option
def roll_back_model(because: str, data: Path | None) -> None:
    """Go back to the model that was live before the newest promotion that still stands."""
    with open_data(data) as db, _plainly():
        model = roll_back(db, read_settings(data), because=because, actor=actor())
    _say_live(model)


def _say_live(model: Model) -> None:
    click.echo(f"live: version {plain(model.version)}, digest {model.digest}")


model = LazyGroup(
    name="model",
    help="List models, make one live, and go back.",
    sources=(
        CommandSource.of("list", "service.cli_model:list_models", "List models and switches."),
        CommandSource.of(
            "promote", "service.cli_model:promote_model", "Make a trained model the live one."
        ),
        CommandSource.of(
            "rollback", "service.cli_model:roll_back_model", "Go back to the model before."
        ),
        *installed_commands(_MODEL_GROUP),
    ),
)
