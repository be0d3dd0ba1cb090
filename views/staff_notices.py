"""What officers and supervisors were told, marked as read."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from forms.posted import posted_instant
from services import staff_notices
from views.actors import current_actor, requires
from views.database import transaction
from workflows.permissions import Permission

bp = Blueprint("staff_notices", __name__)


@bp.post("/queue/notices/read")
@requires(Permission.TASK_CLAIM)
def of_queue() -> ResponseReturnValue:
    """Those that the queue showed."""
    return _marked("queue.index")


@bp.post("/supervision/notices/read")
@requires(Permission.SUPERVISION_READ)
def of_board() -> ResponseReturnValue:
    """Those that the board showed."""
    return _marked("supervision.index")


def _marked(page: str) -> ResponseReturnValue:
    at = now()
    with transaction() as session:
        until = posted_instant(request.form.get("until"), at)
        staff_notices.mark_read(session, current_actor(), until, at)
    return redirect(url_for(page), 303)
