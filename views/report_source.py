"""Which server a report is read from, said on its page, and asked again if it breaks off."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, g

from core.database import Database
from core.reports_database import ReplicaLostError, ReportsDatabase, ReportSource

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def init_app(app: Flask) -> None:
    """Tell templates the source, and take up a page anew whose replica broke off."""
    app.register_error_handler(ReplicaLostError, _again)
    app.context_processor(lambda: {"report_source": g.get("report_source")})


@contextmanager
def report_snapshot() -> Iterator["Session"]:
    """A transaction for a report: of the replica while it keeps up, else of the primary."""
    database = reports_database()
    source = database.source()
    g.report_source = source if source.is_configured else None
    with database.snapshot(source) as session:
        yield session


def current_source() -> ReportSource:
    """Who would answer a report now, for operators."""
    return reports_database().source()


def reports_database() -> ReportsDatabase:
    """The one of this application; tests lend it another database and have no replica."""
    found: ReportsDatabase = current_app.extensions["reports_database"]
    database: Database = current_app.extensions["database"]
    return found if found.primary is database else ReportsDatabase(database)


def _again(error: ReplicaLostError) -> Response:
    """Draw the same page once more: the primary answers now. A page is only read here."""
    if g.get("is_drawn_again"):
        raise error
    g.is_drawn_again = True
    answer: Any = current_app.dispatch_request()
    return current_app.make_response(answer)
