"""The transaction that a view opens around its services."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from flask import current_app

from core.database import Database

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
