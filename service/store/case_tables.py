"""The desk's tables: cases, what is submitted at the desk, saved views."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from service.store.tables import METADATA, UtcTime

# Pages that show the same, or nearly, and wait for one moderator to look. ``verdict``, ``lure``,
# ``lang``, ``title`` and ``host`` are those of its strongest, or first, page.
CASES = Table(
    "cases",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("opened_at", UtcTime, nullable=False),
    Column("touched_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    # 0 is looked at now, 1 soon, 2 later: service/urgency.py.
    Column("band", SmallInteger, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("lure", String(16)),
    Column("lang", String(16), nullable=False),
    Column("host", String(255), nullable=False),
    Column("site", String(255), nullable=False),
    Column("title", Text, nullable=False),
    Column("fingerprint", String(64)),
    # The MinHash of its first page; ``case_bands`` is how it is found by one.
    Column("sketch", LargeBinary),
    # The oldest case of nearly the same content; its own id where it is that one.
    Column("campaign", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    # How often somebody asked about its pages.
    Column("reach", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("disagrees", Boolean, nullable=False),
    Column("claimed_by", String(64)),
    Column("claimed_until", UtcTime),
    Column("ruling", String(16)),
    Column("second_opinion", Boolean, nullable=False),
    # The queue, in its order.
    Index(
        "ix_cases_open",
        "band",
        "id",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("ix_cases_host", "host"),
    Index("ix_cases_site", "site"),
    Index("ix_cases_fingerprint", "fingerprint"),
    Index("ix_cases_campaign", "campaign"),
)

CASE_PAGES = Table(
    "case_pages",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    Column("canonical", Text, nullable=False),
    Column("host", String(255), nullable=False),
    # Title, host and address, casefolded: what a search looks through.
    Column("words", Text, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("added_at", UtcTime, nullable=False),
    UniqueConstraint("canonical"),
    Index("ix_case_pages_case_id", "case_id", "id"),
    Index("ix_case_pages_host", "host"),
)

# Digests of pieces of each case's sketch: nearly the same content shares one at least.
CASE_BANDS = Table(
    "case_bands",
    METADATA,
    Column("digest", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
)

BATCHES = Table(
    "batches",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("by", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("note", Text),
    Index("ix_batches_by", "by", "id"),
)

BATCH_ITEMS = Table(
    "batch_items",
    METADATA,
    Column("batch_id", Integer, ForeignKey("batches.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
    # None where it is no address: ``error`` says why.
    Column("canonical", Text),
    # None where the answer was known already.
    Column("scan_id", String(32), ForeignKey("scans.id")),
    Column("error", Text),
    Index("ix_batch_items_canonical", "canonical"),
    Index("ix_batch_items_scan_id", "scan_id"),
)

SAVED_VIEWS = Table(
    "saved_views",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("query", Text, nullable=False),
    UniqueConstraint("account_id", "name"),
)
