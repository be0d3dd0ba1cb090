"""The counts and gauges of the web processes, for Prometheus: closed unless a token is set."""

import secrets

from flask import Blueprint, Flask, current_app, request
from flask.typing import ResponseReturnValue

from core import metrics
from core.clock import now
from core.database import Database
from core.errors import NotFoundError
from core.settings import Settings
from core.text import Text
from services.operation_metrics import OperationCollector, ReplicaFacts
from views.actors import public
from views.database import reports_database

bp = Blueprint("metrics", __name__)

NO_PAGE = Text(zh="没有这个页面。", en="There is no such page.")
HEADERS = {"Content-Type": metrics.CONTENT_TYPE, "Cache-Control": "no-store"}


def init_app(app: Flask) -> None:
    """Make what reads the gauges; nothing is read before somebody asks."""

    def database() -> Database:
        found: Database = app.extensions["database"]
        return found

    def replica() -> ReplicaFacts | None:
        source = reports_database().source()
        if not source.is_configured:
            return None
        return ReplicaFacts(is_used=source.is_replica, lag_seconds=source.lag_seconds)

    app.extensions["collector"] = OperationCollector(lambda: database().apart(), now, replica)


@bp.get("/metrics")
@public
def exposition() -> ResponseReturnValue:
    """For whoever shows METRICS_TOKEN; to all others the page does not exist."""
    settings: Settings = current_app.extensions["settings"]
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    is_right = secrets.compare_digest(shown.encode(), settings.operators.metrics_token.encode())
    if not settings.operators.metrics_token or not is_right:
        raise NotFoundError(NO_PAGE)
    return metrics.exposition(current_app.extensions["collector"]), 200, HEADERS
