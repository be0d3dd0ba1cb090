"""The operators' pages: whether the service is well, in numbers."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from core.clock import now
from services import invariants, operations
from views.actors import requires
from views.database import reports_database, transaction
from views.health import current_readiness
from workflows.permissions import Permission

bp = Blueprint("operations", __name__, url_prefix="/operations")


@bp.get("")
@requires(Permission.OPERATIONS_READ)
def index() -> ResponseReturnValue:
    """Readiness with its reasons, what waits for each department, jobs and workers."""
    at = now()
    with transaction() as session:
        queues = operations.queues(session, at)
        jobs = operations.jobs(session, at)
        workers = operations.workers(session)
    return render_template(
        "operations/index.html",
        readiness=current_readiness(),
        reports=reports_database().source(),
        queues=queues,
        jobs=jobs,
        workers=workers,
        at=at,
    )


@bp.get("/invariants")
@requires(Permission.OPERATIONS_READ)
def invariant_runs() -> ResponseReturnValue:
    """The newest run of every check: of what moved of late, and of everything."""
    with transaction() as session:
        runs = invariants.last_runs(session)
    return render_template(
        "operations/invariants.html",
        runs=runs,
        every=invariants.INVARIANTS,
        most_shown=invariants.MOST_SHOWN,
    )
