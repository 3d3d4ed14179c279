"""Pages are kept apart from what was read of them, named by their content and each once."""

from __future__ import annotations

import hashlib
import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SNAPSHOTS = sa.table("snapshots", *map(sa.column, ("digest", "content")))
OWNERS = ("verdicts", "decisions")


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_snapshots")),
    )
    for owner in OWNERS:
        op.add_column(owner, sa.Column("snapshot", sa.String(length=64), nullable=True))
        op.create_index(f"ix_{owner}_snapshot", owner, ["snapshot"])
        _move_pages_of(owner)


def _move_pages_of(owner: str) -> None:
    """Take the pages out of the readings, one by one: all of them may not fit into memory."""
    connection = op.get_bind()
    table = sa.table(owner, *map(sa.column, ("id", "reading", "snapshot")))
    ids = sa.select(table.c.id).where(table.c.reading.is_not(None))
    for row_id in connection.execute(ids).scalars().all():
        this = table.c.id == row_id
        blob = connection.execute(sa.select(table.c.reading).where(this)).scalar_one()
        reading = json.loads(zlib.decompress(blob))
        line = reading.pop("saved", "")
        page = json.loads(line) if line else {}
        kind = next((kind for kind in ("html", "text") if isinstance(page.get(kind), str)), None)
        values: dict[str, object] = {}
        if kind:
            content = f"{kind}\n{page[kind]}".encode("utf-8", errors="replace")
            values["snapshot"] = digest = hashlib.sha256(content).hexdigest()
            _keep(connection, digest, zlib.compress(content))
        reading["url"] = page.get("url")
        values["reading"] = zlib.compress(json.dumps(reading).encode())
        connection.execute(sa.update(table).where(this).values(values))


def _keep(connection: sa.Connection, digest: str, content: bytes) -> None:
    there = sa.select(SNAPSHOTS.c.digest).where(SNAPSHOTS.c.digest == digest)
    if connection.execute(there).first() is None:
        connection.execute(sa.insert(SNAPSHOTS).values(digest=digest, content=content))


def downgrade() -> None:
    for owner in OWNERS:
        op.drop_index(f"ix_{owner}_snapshot", owner)
        with op.batch_alter_table(owner, schema=None) as batch_op:
            batch_op.drop_column("snapshot")
    op.drop_table("snapshots")
