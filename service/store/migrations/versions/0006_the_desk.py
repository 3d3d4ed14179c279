"""Cases, what is submitted at the desk, saved views, and what people chose for themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length, default in (("language", 8, ""), ("theme", 8, "auto")):
        op.add_column(
            "accounts", sa.Column(name, sa.String(length), server_default=default, nullable=False)
        )
    op.add_column("accounts", sa.Column("keys", sa.Text(), server_default="{}", nullable=False))
    op.add_column("decisions", sa.Column("case_id", sa.Integer(), nullable=True))
    op.add_column("decisions", sa.Column("group_id", sa.String(32), nullable=True))
    op.add_column("decisions", sa.Column("reason", sa.String(32), nullable=True))
    op.create_index("ix_decisions_case_id", "decisions", ["case_id"])
    op.create_index("ix_decisions_group_id", "decisions", ["group_id"])
    op.create_index("ix_reports_url", "reports", ["url"])
    op.create_index("ix_reports_by", "reports", ["by"])
    _create_cases()
    _create_batches()
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_saved_views_account_id")
        ),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_views_account_id_name")),
    )


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.String(length=32), nullable=False),
        sa.Column("touched_at", sa.String(length=32), nullable=False),
        sa.Column("closed_at", sa.String(length=32), nullable=True),
        sa.Column("band", sa.SmallInteger(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("lure", sa.String(length=16), nullable=True),
        sa.Column("lang", sa.String(length=16), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("site", sa.String(length=255), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("sketch", sa.LargeBinary(), nullable=True),
        sa.Column("campaign", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("disagrees", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", sa.String(length=32), nullable=True),
        sa.Column("ruling", sa.String(length=16), nullable=True),
        sa.Column("second_opinion", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(
        "ix_cases_open",
        "cases",
        ["band", "id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_cases_host", "cases", ["host"])
    op.create_index("ix_cases_site", "cases", ["site"])
    op.create_index("ix_cases_fingerprint", "cases", ["fingerprint"])
    op.create_index("ix_cases_campaign", "cases", ["campaign"])
    op.create_table(
        "case_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("added_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pages")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_pages_case_id")),
        sa.UniqueConstraint("canonical", name=op.f("uq_case_pages_canonical")),
    )
    op.create_index("ix_case_pages_case_id", "case_pages", ["case_id", "id"])
    op.create_index("ix_case_pages_host", "case_pages", ["host"])
    op.create_table(
        "case_bands",
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "case_id", name=op.f("pk_case_bands")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_bands_case_id")),
    )


def _create_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index("ix_batches_by", "batches", ["by", "id"])
    op.create_table(
        "batch_items",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=True),
        sa.Column("scan_id", sa.String(length=32), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_batch_items")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_items_batch_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["scans.id"], name=op.f("fk_batch_items_scan_id")),
    )
    op.create_index("ix_batch_items_canonical", "batch_items", ["canonical"])
    op.create_index("ix_batch_items_scan_id", "batch_items", ["scan_id"])


def downgrade() -> None:
    for table in ("saved_views", "batch_items", "batches", "case_bands", "case_pages", "cases"):
        op.drop_table(table)
    for name, table in (
        ("ix_reports_by", "reports"),
        ("ix_reports_url", "reports"),
        ("ix_decisions_group_id", "decisions"),
        ("ix_decisions_case_id", "decisions"),
    ):
        op.drop_index(name, table)
    _drop_columns("decisions", "reason", "group_id", "case_id")
    _drop_columns("accounts", "keys", "theme", "language")


def _drop_columns(table: str, *names: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in names:
            batch_op.drop_column(name)
