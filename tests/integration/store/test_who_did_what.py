"""The migration that lets the audit be searched by host."""

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, select

CONFIG = Config()
CONFIG.set_main_option("script_location", "service.store:migrations")
CONFIG.set_main_option("path_separator", "os")
AT = "2026-03-01T12:00:00.000000Z"


def test_acts_on_earlier_rulings_come_to_be_found_by_their_host(empty, opened):
    db = opened(empty)
    with db.write() as connection:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, "0006")
    tables = MetaData()
    with db.write() as connection:
        tables.reflect(connection)
        ruling = {"scope": "page", "expression": "x", "ruling": "bait", "by": "ada", "at": AT}
        decisions = tables.tables["decisions"]
        connection.execute(decisions.insert().values(url="https://films.example/a", **ruling))
        for action, subject in [
            ("record_decision", "1"),
            ("revoke_decision", "1"),
            ("create_account", "1"),
        ]:
            row = {"at": AT, "by": "ada", "action": action, "subject": subject}
            connection.execute(tables.tables["audit"].insert().values(**row))
    db.upgrade()
    with db.read() as connection:
        now = MetaData()
        now.reflect(connection)
        audit = now.tables["audit"]
        found = connection.execute(select(audit.c.host).order_by(audit.c.id)).scalars().all()
    assert found == ["films.example", "films.example", ""]
