"""What officers returned and wait for: a page of the queue, since no queue holds it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from core.clock import now
from services import returned_cases
from views.actors import current_actor, requires
from views.database import transaction
from views.task_lists import task_url
from workflows.clocks import due_words
from workflows.permissions import Permission

bp = Blueprint("returned_cases", __name__, url_prefix="/queue")


@bp.get("/returned")
@requires(Permission.TASK_CLAIM)
def index() -> ResponseReturnValue:
    """The returned cases of the actor's department, the earliest due first."""
    at = now()
    with transaction() as session:
        lines = returned_cases.returned_cases(session, current_actor(), at)
    return render_template(
        "queue/returned.html",
        lines=lines,
        is_cut=len(lines) >= returned_cases.MOST,
        at=at,
        due_words=due_words,
        task_url=task_url,
    )
