"""Which site a scan asks, and when it last did."""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCANS = sa.table("scans", sa.column("id"), sa.column("canonical"), sa.column("site"))


def upgrade() -> None:
    op.add_column(
        "scans", sa.Column("site", sa.String(length=255), server_default="", nullable=False)
    )
    op.add_column("scans", sa.Column("started_at", sa.String(length=32), nullable=True))
    op.create_index("ix_scans_started_at", "scans", ["started_at"])
    connection = op.get_bind()
    unfinished = sa.select(SCANS.c.id, SCANS.c.canonical).where(sa.text("state <> 'done'"))
    for scan_id, canonical in connection.execute(unfinished).all():
        connection.execute(
            sa.update(SCANS)
            .where(SCANS.c.id == scan_id)
            .values(site=(urlsplit(canonical).hostname or "")[:255])
        )


def downgrade() -> None:
    op.drop_index("ix_scans_started_at", "scans")
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.drop_column("started_at")
        batch_op.drop_column("site")
