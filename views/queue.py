"""The queue: what waits for a clerk or a maker, filtered as they like, and the next one."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from forms import queue_filters
from forms.queue_filters import QueueQuery
from services import queue, queue_lists
from services.queue import TaskKey
from views.actors import current_actor, requires
from views.database import transaction
from views.localisation import wording
from views.queue_page import QueuePage, choices, queue_url, read_page, views
from workflows.permissions import Permission

bp = Blueprint("queue", __name__, url_prefix="/queue")


@bp.get("")
@requires(Permission.TASK_CLAIM)
def index() -> ResponseReturnValue:
    """One page of what the actor chose to see of their queue."""
    asked = _asked()
    page = read_page(current_actor(), asked.chosen, now())
    answer = render_template("queue/index.html", **_shown(page, asked))
    return (answer, 422) if asked.problems else answer


@bp.post("/next")
@requires(Permission.TASK_CLAIM)
def take_next() -> ResponseReturnValue:
    """Claim what is next in line and open it."""
    return onwards(posted_command_id())


def onwards(command_id: UUID) -> ResponseReturnValue:
    """To the case that ``command_id`` claims, or back to the queue if nothing waits."""
    with transaction() as session:
        task = queue.claim_next(session, current_actor(), command_id, now())
    if task is None:
        flash(_("现在没有等待办理的件了。"))
        return redirect(url_for("queue.index"), 303)
    return redirect(task_url(task), 303)


def task_url(task: TaskKey) -> str:
    """The address of one item's part of a case."""
    return url_for(
        "tasks.show",
        district_code=task.key.district_code,
        case_id=task.key.case_id,
        item_code=task.item_code,
    )


def posted_command_id() -> UUID:
    """What the page sent; anything else counts as one press of its own."""
    try:
        return UUID(request.form.get("command_id", ""))
    except ValueError:
        return uuid4()


def _asked() -> QueueQuery:
    """What the address asks to see."""
    return queue_filters.read(
        request.args,
        items=queue_lists.item_codes(),
        districts=queue.reach(current_actor(), now()).district_codes,
    )


def _shown(page: QueuePage, asked: QueueQuery) -> dict[str, object]:
    """The values of the queue's templates."""
    mistakes = {name: wording(text) for name, text in asked.problems.items()}

    def address(**changes: object) -> str:
        return queue_url(queue_filters.written(page.chosen, **changes))

    return {
        "page": page,
        "chosen": page.chosen,
        "list_query": queue_filters.query(page.chosen),
        "problems": [{"id": f"filter-{name}", "text": text} for name, text in mistakes.items()],
        "mistakes": mistakes,
        "typed": asked.typed,
        "is_error": bool(mistakes),
        "choices": choices(page),
        "views": views(page),
        "address": address,
        "new_id": uuid4,
    }
