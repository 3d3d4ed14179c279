"""``baitwatch keys``, ``users`` and ``db``: administration of a data folder, on its machine."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import click
from rich.console import Console
from rich.table import Table

from service.cli_serve import WRONG_USAGE, data_option, read_settings
from service.clock import utc_now
from service.errors import ServiceError
from service.passwords import Passwords, new_password
from service.serve import CannotServeError, open_database
from service.store.accounts import (
    ROLES,
    Role,
    create_account,
    disable_account,
    every_account,
    set_password,
)
from service.store.audit import Actor
from service.store.database import Database
from service.store.keys import KEY_SCOPES, KeyScope, create_key, every_key, revoke_key
from service.verdict_json import utc_text

_LONGEST_NAME = 64


@contextmanager
def open_data(data: Path | None) -> Iterator[Database]:
    """Open the database of a data folder, with every failure said in words for people."""
    try:
        db = open_database(read_settings(data))
        yield db
        db.close()
    except CannotServeError as error:
        click.echo(f"baitwatch: {error}", err=True)
        raise SystemExit(WRONG_USAGE) from None
    except ServiceError as error:
        raise click.ClickException(str(error)) from None


def actor() -> Actor:
    """Name whoever runs this command, for the audit."""
    return Actor(f"command line ({getpass.getuser()})"[:_LONGEST_NAME], utc_now())


def _name(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    if not (0 < len(name) <= _LONGEST_NAME and name.isprintable() and name == name.strip()):
        raise click.BadParameter(f"a name has 1 to {_LONGEST_NAME} visible characters")
    return name


def _print(table: Table) -> None:
    Console(highlight=False, emoji=False, markup=False).print(table)


def _table(*titles: str) -> Table:
    return Table(*titles, box=None, pad_edge=False)


@click.group()
def keys() -> None:
    """Make, list and revoke API keys."""


@keys.command("create")
@click.argument("name", callback=_name)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(KEY_SCOPES),
    help="What the key may do; repeat for more.",
)
@data_option
def create(name: str, scopes: tuple[str, ...], data: Path | None) -> None:
    """Make a key and print it; it cannot be shown again."""
    with open_data(data) as db:
        granted = cast("tuple[KeyScope, ...]", scopes)
        with db.write() as connection:
            key = create_key(connection, name, set(granted), actor())
    click.echo(key)


@keys.command("list")
@data_option
def list_keys(data: Path | None) -> None:
    """List the keys: never the keys themselves, only how they begin."""
    table = _table("key", "name", "scopes", "last used", "state")
    with open_data(data) as db:
        for key in every_key(db):
            used = utc_text(key.last_used_at) if key.last_used_at else "never"
            state = "revoked" if key.revoked_at else "valid"
            table.add_row(f"bw_{key.prefix}_", key.name, " ".join(sorted(key.scopes)), used, state)
    _print(table)


@keys.command("revoke")
@click.argument("prefix")
@data_option
def revoke(prefix: str, data: Path | None) -> None:
    """End the key that begins with bw_PREFIX_."""
    with open_data(data) as db:
        revoke_key(db, prefix.removeprefix("bw_").partition("_")[0], actor())


@click.group()
def users() -> None:
    """Make, list and shut the accounts of the desk."""


@users.command("create")
@click.argument("name", callback=_name)
@click.option("--role", type=click.Choice(ROLES), default="moderator", show_default=True)
@data_option
def create_user(name: str, role: str, data: Path | None) -> None:
    """Make an account and print its password; it cannot be shown again."""
    password = new_password()
    with open_data(data) as db:
        hashed = Passwords().hash(password)
        with db.write() as connection:
            create_account(connection, name, hashed, cast("Role", role), actor())
    click.echo(password)


@users.command("list")
@data_option
def list_users(data: Path | None) -> None:
    """List the accounts."""
    table = _table("name", "role", "since", "state")
    with open_data(data) as db:
        for account in every_account(db):
            state = "shut" if account.disabled_at else "open"
            table.add_row(account.name, account.role, utc_text(account.created_at), state)
    _print(table)


@users.command("password")
@click.argument("name")
@data_option
def reset_password(name: str, data: Path | None) -> None:
    """Give an account a new password, print it, and end its sessions."""
    password = new_password()
    with open_data(data) as db:
        set_password(db, name, Passwords().hash(password), actor())
    click.echo(password)


@users.command("disable")
@click.argument("name")
@data_option
def disable(name: str, data: Path | None) -> None:
    """Shut an account and end its sessions."""
    with open_data(data) as db:
        disable_account(db, name, actor())


@click.group("db")
def database() -> None:
    """Look after the database."""


@database.command()
@data_option
def upgrade(data: Path | None) -> None:
    """Create the database, or bring it to this version's form."""
    with open_data(data) as db:
        click.echo(f"{db.place} is up to date")
