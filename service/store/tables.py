"""The tables. Times are ISO 8601 UTC text of one fixed width, so that they sort as they pass."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as text: SQLite has no type for it and drops the zone."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write a time; one without a zone is refused, since nobody could say what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read a time back."""
        return None if value is None else datetime.fromisoformat(value)


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", String(16), nullable=False),
    # Raised at every sign-out and password change: cookies that carry an older one are void.
    Column("session_epoch", Integer, nullable=False, server_default=text("0")),
    Column("created_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
    # Empty is what the browser asks for.
    Column("language", String(8), nullable=False, server_default=""),
    Column("theme", String(8), nullable=False, server_default="auto"),
    # The keys that were bound otherwise than they come, as JSON.
    Column("keys", Text, nullable=False, server_default="{}"),
)

# Who is signed in: a cookie carries the token, of which only the SHA-256 is kept.
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Index("ix_sessions_account_id", "account_id"),
)

# Links by which somebody chooses a password, each good for one use.
INVITATIONS = Table(
    "invitations",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False, unique=True),
    Column("expires_at", UtcTime, nullable=False),
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("prefix", String(16), nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    Column("revoked_at", UtcTime),
)

SCANS = Table(
    "scans",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("url", Text, nullable=False),
    Column("canonical", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    # Who runs it, new at every claim: a runner that lost its lease cannot save any more.
    Column("lease", String(64)),
    Column("lease_until", UtcTime),
    # When its id was last given to a broker; None where it waits and nobody has announced it.
    Column("announced_at", UtcTime),
    # Whom it asks, and when it last began to: what pages of one site are paced by.
    Column("site", String(255), nullable=False, server_default=""),
    Column("started_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Column("verdict_id", Integer, ForeignKey("verdicts.id")),
    # One active scan a URL: the database itself joins those who ask at the same time.
    Index(
        "uq_scans_active",
        "canonical",
        unique=True,
        sqlite_where=text("state <> 'done'"),
        postgresql_where=text("state <> 'done'"),
    ),
    Index("ix_scans_state", "state", "created_at"),
    Index("ix_scans_started_at", "started_at"),
)

SUBMISSIONS = Table(
    "submissions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key_id", Integer, ForeignKey("api_keys.id"), nullable=False),
    Column("idempotency_key", String(255), nullable=False),
    Column("body_digest", String(64), nullable=False),
    # None where the answer was known already and no scan was needed.
    Column("scan_id", String(32), ForeignKey("scans.id")),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("key_id", "idempotency_key"),
)

VERDICTS = Table(
    "verdicts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("canonical", Text, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("finding", Text, nullable=False),
    Column("fingerprint", String(64)),
    # What the desk shows of the page, compressed, and the page itself, by its digest; only the
    # newest of a URL keeps them.
    Column("reading", LargeBinary),
    Column("snapshot", String(64)),
    Column("checked_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index("ix_verdicts_canonical", "canonical", "id"),
    Index("ix_verdicts_fingerprint", "fingerprint"),
    Index("ix_verdicts_snapshot", "snapshot"),
)

# Pages, compressed, named by the SHA-256 of what they are without that. Kept while a verdict or a
# decision names them.
SNAPSHOTS = Table(
    "snapshots",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("scope", String(16), nullable=False),
    Column("expression", Text, nullable=False),
    Column("ruling", String(16), nullable=False),
    Column("note", Text),
    # The page as its newest scan had read it when the ruling was made: what a label is about.
    Column("reading", LargeBinary),
    Column("snapshot", String(64)),
    Column("by", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("revoked_by", String(64)),
    Column("revoked_at", UtcTime),
    # The case it was made on, what all made by one bulk act share, and why, from a list.
    Column("case_id", Integer),
    Column("group_id", String(32)),
    Column("reason", String(32)),
    Index("ix_decisions_expression", "expression"),
    Index("ix_decisions_snapshot", "snapshot"),
    Index("ix_decisions_url", "url", "at"),
    Index("ix_decisions_case_id", "case_id"),
    Index("ix_decisions_group_id", "group_id"),
    Index("ix_decisions_revoked_at", "revoked_at"),
)

# Somebody disagrees with a verdict, or asks for a look; a later decision on the address settles it.
REPORTS = Table(
    "reports",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("says", String(16), nullable=False),
    Column("comment", Text),
    Column("by", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_reports_url", "url"),
    Index("ix_reports_by", "by"),
)

# Counters that a change raises in its own transaction: who remembers something sees that it went.
VERSIONS = Table(
    "versions",
    METADATA,
    Column("name", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
)

WEBHOOKS = Table(
    "webhooks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    # As it was shown: a signature needs the secret itself.
    Column("secret", String(64), nullable=False),
    Column("by", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

# What webhooks are still to be told; what was delivered is deleted.
DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("webhook_id", Integer, ForeignKey("webhooks.id"), nullable=False),
    Column("event", String(32), nullable=False),
    # The id of the scan or of the decision that it is about.
    Column("subject", String(32), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("because", Text),
    Column("created_at", UtcTime, nullable=False),
    # None where it was given up.
    Column("due_at", UtcTime),
    Index("ix_deliveries_due_at", "due_at"),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("by", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    # The host that the act was about, where it was about one.
    Column("host", String(255), nullable=False, server_default=""),
    Index("ix_audit_at", "at"),
    Index("ix_audit_by", "by", "id"),
    Index("ix_audit_host", "host", "id"),
    Index("ix_audit_action", "action", "at"),
)

# Rows are only ever added: the models that are promoted and not rolled back are a stack of them.
MODEL_SWITCHES = Table(
    "model_switches",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("by", String(64), nullable=False),
    Column("action", String(16), nullable=False),
    Column("because", Text, nullable=False),
    # None is the shipped model; else a folder among the models, with the pin of its manifest.
    Column("folder", String(128)),
    Column("manifest_sha256", String(64)),
    Column("version", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("from_version", Text, nullable=False),
    Column("from_digest", String(64), nullable=False),
)
