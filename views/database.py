"""The transaction that a view opens around its services."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from flask import current_app, g

from core.database import Database
from core.reports_database import ReportsDatabase

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def transaction() -> "AbstractContextManager[Session]":
    """One transaction: committed at the end of the block, rolled back if it raises."""
    database: Database = current_app.extensions["database"]
    return database.transaction()


def snapshot() -> "AbstractContextManager[Session]":
    """A transaction for reading alone in which every statement sees the same instant."""
    database: Database = current_app.extensions["database"]
    return database.snapshot()


@contextmanager
def report_snapshot() -> Iterator["Session"]:
    """A snapshot for a report: of the replica while it keeps up, else of the primary."""
    database = reports_database()
    source = database.source()
    g.report_source = source if source.is_configured else None
    with database.snapshot(source) as session:
        yield session


def reports_database() -> ReportsDatabase:
    """The one of this application; tests lend it another database and have no replica."""
    found: ReportsDatabase = current_app.extensions["reports_database"]
    database: Database = current_app.extensions["database"]
    return found if found.primary is database else ReportsDatabase(database)
