"""Alembic's entry: runs the migrations on the connection that ``Database.upgrade`` opened."""

from __future__ import annotations

from alembic import context

from service.store.tables import METADATA

connection = context.config.attributes["connection"]
# SQLite cannot alter most of a table in place: batch mode copies it.
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
