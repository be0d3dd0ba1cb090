"""Whether this process lives, and whether it can serve: for supervisors and load balancers."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from core.errors import DomainError
from services.readiness import is_ready
from views.actors import public
from views.database import transaction

bp = Blueprint("health", __name__)

PLAIN = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers; asks nothing of the database and of no session."""
    return "ok\n", 200, PLAIN


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database answers and has something to serve; otherwise 503, so that nobody is sent."""
    return ("ready\n", 200, PLAIN) if _is_ready() else ("not ready\n", 503, PLAIN)


def _is_ready() -> bool:
    try:
        with transaction() as session:
            return is_ready(session)
    except DomainError:
        return False
