"""``baitwatch doctor``: checks an installation and says what to mend."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from service.cli_serve import data_option, read_settings
from service.doctor import CHECKS, Patient
from service.logs import configure_logs
from service.report import plain


@click.command("doctor")
@data_option
def doctor(data: Path | None) -> None:
    """Check this installation and say what to mend.

    Nothing is changed and nothing is fetched. The exit status is 1 where something is broken; what
    is only unwise is told, and leaves it at 0.
    """
    configure_logs(logging.CRITICAL)
    patient = Patient(read_settings(data))
    broken = False
    for name, check in CHECKS.items():
        complaints = list(check(patient))
        if not complaints:
            click.echo(f"ok      {name}")
        for complaint in complaints:
            broken = broken or complaint.severity == "broken"
            click.echo(f"{complaint.severity:<6}  {name}: {plain(complaint.says)}")
            click.echo(f"        {plain(complaint.mend)}")
    if broken:
        raise click.exceptions.Exit(1)
