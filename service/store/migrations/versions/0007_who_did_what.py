"""Sessions that the server can end, invitations, and an audit that can be searched."""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AUDIT = sa.table("audit", *map(sa.column, ("id", "action", "subject", "host")))
DECISIONS = sa.table("decisions", sa.column("id"), sa.column("url"))
INDEXES = {
    "ix_audit_at": ["at"],
    "ix_audit_by": ["by", "id"],
    "ix_audit_host": ["host", "id"],
    "ix_audit_action": ["action", "at"],
}


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")
        ),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_table(
        "invitations",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitations")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_invitations_account_id")
        ),
        sa.UniqueConstraint("account_id", name=op.f("uq_invitations_account_id")),
    )
    op.add_column(
        "audit", sa.Column("host", sa.String(length=255), server_default="", nullable=False)
    )
    _name_hosts()
    for name, columns in INDEXES.items():
        op.create_index(name, "audit", columns)


def _name_hosts() -> None:
    """Give the acts that were about a ruling the host of its address."""
    connection = op.get_bind()
    about = sa.select(AUDIT.c.id, DECISIONS.c.url).where(
        AUDIT.c.action.in_(("record_decision", "revoke_decision")),
        AUDIT.c.subject == sa.cast(DECISIONS.c.id, sa.String),
    )
    for audit_id, url in connection.execute(about).all():
        host = (urlsplit(url).hostname or "")[:255]
        connection.execute(sa.update(AUDIT).where(AUDIT.c.id == audit_id).values(host=host))


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "audit")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_column("host")
    op.drop_table("invitations")
    op.drop_table("sessions")
