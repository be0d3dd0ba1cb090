"""Alembic's entry: which tables are ours, and where to migrate them."""

from collections.abc import MutableMapping
from typing import Literal

from alembic import context
from sqlalchemy import text

import models  # noqa: F401 -- makes every table known to Base.metadata
from core.database import migration_engine
from models.base import Base

JOBS_SCHEMA = "procrastinate"
MIGRATION_LOCK = 7_020_260
"""Any number that no other program locks: two servers that start at once migrate in turn."""

NameKind = Literal[
    "schema",
    "table",
    "column",
    "index",
    "unique_constraint",
    "foreign_key_constraint",
    "check_constraint",
]
Parents = MutableMapping[
    Literal["schema_name", "table_name", "schema_qualified_table_name"], str | None
]


def include_name(name: str | None, kind: NameKind, _parents: Parents) -> bool:
    """Leave the job queue's schema alone: its tables are frozen SQL, not models."""
    return not (kind == "schema" and name == JOBS_SCHEMA)


def run() -> None:
    """Bring the database of ``attributes["url"]`` to the wanted revision, alone."""
    with migration_engine(context.config.attributes["url"]).connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=include_name,
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK}
            )
            context.run_migrations()


run()
