"""Every form the tables ever had comes to today's, with what stood in them."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, select

from service.store import case_tables, prefix_tables
from service.store.tables import METADATA

# The modules that add tables of their own to the others.
ADDING = (case_tables, prefix_tables)

CONFIG = Config()
CONFIG.set_main_option("script_location", "service.store:migrations")
CONFIG.set_main_option("path_separator", "os")
REVISIONS = [script.revision for script in ScriptDirectory.from_config(CONFIG).walk_revisions()]

AT = "2026-03-01T12:00:00.000000Z"
# A row of each table as the first version wrote it; later versions only add to these.
FIRST_ROWS = {
    "accounts": {"name": "ada", "password_hash": "x", "role": "admin", "created_at": AT},
    "api_keys": {"name": "k", "prefix": "p", "digest": "d", "scopes": "check", "created_at": AT},
    "verdicts": {
        "canonical": "https://a.example/",
        "verdict": "clean",
        "finding": "{}",
        "checked_at": AT,
        "expires_at": AT,
    },
    "scans": {
        "id": "0" * 32,
        "url": "a.example",
        "canonical": "https://a.example/",
        "state": "queued",
        "tries": 1,
        "created_at": AT,
    },
    "submissions": {"key_id": 1, "idempotency_key": "i", "body_digest": "b", "at": AT},
    "decisions": {
        "url": "https://a.example/",
        "scope": "page",
        "expression": "a.example/",
        "ruling": "bait",
        "by": "ada",
        "at": AT,
    },
    "audit": {"at": AT, "by": "ada", "action": "act", "subject": "s"},
}


def upgrade_to(db, revision):
    with db.write() as connection:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, revision)


def rows(connection, only=None):
    """Read every row of every table that holds any, without the columns that came later."""
    tables = MetaData()
    tables.reflect(connection)
    found = {}
    for name, table in tables.tables.items():
        columns = table.c if only is None else [table.c[key] for key in only.get(name, ())]
        if name != "alembic_version" and columns:
            found[name] = [dict(row._mapping) for row in connection.execute(select(*columns))]
    return {name: table for name, table in found.items() if table}


def test_there_is_one_line_of_migrations_from_the_first_on():
    assert REVISIONS[-1] == "0001"
    assert len(ScriptDirectory.from_config(CONFIG).get_heads()) == 1


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_version_comes_to_todays_form_with_its_rows(empty, opened, revision):
    db = opened(empty)
    upgrade_to(db, revision)
    tables = MetaData()
    with db.write() as connection:
        tables.reflect(connection)
        for name, row in FIRST_ROWS.items():
            connection.execute(tables.tables[name].insert().values(**row))
        before = rows(connection)
    db.upgrade()
    with db.read() as connection:
        columns = {name: list(found[0]) for name, found in before.items()}
        assert rows(connection, only=columns) == before
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_desks_tables_can_be_taken_back_and_made_again(empty, opened):
    db = opened(empty)
    upgrade_to(db, "0005")
    with db.write() as connection:
        before = MetaData()
        before.reflect(connection)
        connection.execute(before.tables["accounts"].insert().values(**FIRST_ROWS["accounts"]))
    db.upgrade()
    with db.write() as connection:
        CONFIG.attributes["connection"] = connection
        command.downgrade(CONFIG, "0005")
        after = MetaData()
        after.reflect(connection)
        assert {name: set(table.c.keys()) for name, table in after.tables.items()} == {
            name: set(table.c.keys()) for name, table in before.tables.items()
        }
        assert len(rows(connection)["accounts"]) == 1
    db.upgrade()
    with db.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []
