"""The tables of the prefix list: what stands on it, and how it changed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from service.store.tables import METADATA, UtcTime

# What the list is made from: the newest standing decision of each expression and scope, and, with
# an empty scope, every address with a fresh bait verdict or a campaign's content.
LISTED = Table(
    "listed",
    METADATA,
    Column("id", Integer, primary_key=True),
    # An expression, a fingerprint for a campaign, or a canonical address.
    Column("subject", Text, nullable=False),
    Column("scope", String(16), nullable=False),
    # SHA-256 of the expression, and its first four bytes as a number, None where it is not listed.
    Column("hash", LargeBinary, nullable=False),
    Column("prefix", BigInteger),
    # The last two labels of the host: whatever covers the subject, or could, has the same.
    Column("place", String(255), nullable=False),
    # None for an address.
    Column("ruling", String(16)),
    Column("decision_id", Integer),
    Column("expires_at", UtcTime),
    UniqueConstraint("subject", "scope"),
    Index("ix_listed_prefix", "prefix"),
    Index("ix_listed_hash", "hash"),
    Index("ix_listed_place", "place"),
    Index("ix_listed_decision_id", "decision_id"),
    Index("ix_listed_expires_at", "expires_at"),
)

# Prefixes that came to the list or left it; the newest id is the list's version.
PREFIX_CHANGES = Table(
    "prefix_changes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("prefix", BigInteger, nullable=False),
    Column("added", Boolean, nullable=False),
)

# How far the list has followed: the last verdict, the last decision, and the counter of changes of
# decisions ("rulings") that it stood at.
FOLLOWED = Table(
    "followed",
    METADATA,
    Column("name", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
)
