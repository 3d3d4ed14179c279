"""``baitwatch serve``: runs the whole service. Also what the other commands ask settings by."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from service.serve import FirstSecrets
    from service.settings import Settings

WRONG_USAGE = 2


def read_settings(data: Path | None) -> Settings:
    """Read the settings; ``--data`` counts before its variable. Exits 2 where one is wrong."""
    from pydantic import ValidationError

    from service.settings import Settings

    try:
        return Settings() if data is None else Settings(data=data)
    except ValidationError as error:
        for wrong in error.errors():
            name = "_".join(str(part) for part in wrong["loc"]).upper()
            click.echo(f"BAITWATCH_{name}: {wrong['msg']}", err=True)
        raise SystemExit(WRONG_USAGE) from None


data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the database and the secret key (BAITWATCH_DATA).",
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65_535))
@data_option
def serve(host: str, port: int, data: Path | None) -> None:
    """Run the whole service: API, desk and scans."""
    from service import serve as serving
    from service.errors import StoreUnavailableError

    settings = _listening_on(host, read_settings(data))
    try:
        address = serving.free_address(host, port)
        db = serving.open_database(settings)
        steps = serving.real_steps(settings)
        made = serving.first_start(db)
    except (serving.CannotServeError, StoreUnavailableError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(WRONG_USAGE) from None
    serving.serve(settings, steps, address, port, partial(_greet, host, port, settings, made))


def _listening_on(host: str, settings: Settings) -> Settings:
    """Trust the name of the very address that is listened on, unless the operator named hosts."""
    name = f"[{host}]" if ":" in host else host
    if settings.trusted_hosts or host in {"0.0.0.0", "::"} or name in settings.hosts:  # noqa: S104
        return settings
    return settings.model_copy(update={"trusted_hosts": (*settings.hosts, name)})


def _greet(host: str, port: int, settings: Settings, made: FirstSecrets | None) -> None:
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"baitwatch listens on http://{shown}:{port}")
    click.echo(f"data: {settings.data}")
    click.echo(f"answers requests for: {', '.join(settings.hosts)}")
    if made is not None:
        click.echo("First start. These are shown once, so keep them:")
        click.echo("  account:  admin")
        click.echo(f"  password: {made.password}")
        click.echo(f"  API key:  {made.key}")
    sys.stdout.flush()
