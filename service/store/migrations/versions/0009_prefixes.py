"""What the prefix list of the browser extension is made from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAMES = ("verdict", "decision", "rulings")
INDEXES = ("prefix", "hash", "place", "decision_id", "expires_at")


def upgrade() -> None:
    op.create_table(
        "listed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("prefix", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("ruling", sa.String(length=16), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed")),
        sa.UniqueConstraint("subject", "scope", name=op.f("uq_listed_subject_scope")),
    )
    for column in INDEXES:
        op.create_index(f"ix_listed_{column}", "listed", [column])
    op.create_table(
        "prefix_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prefix_changes")),
    )
    op.create_index("ix_decisions_revoked_at", "decisions", ["revoked_at"])
    followed = op.create_table(
        "followed",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_followed")),
    )
    op.bulk_insert(followed, [{"name": name, "number": 0} for name in NAMES])


def downgrade() -> None:
    op.drop_index("ix_decisions_revoked_at", "decisions")
    for table in ("followed", "prefix_changes", "listed"):
        op.drop_table(table)
