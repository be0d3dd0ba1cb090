"""What is done with several entries of the queue at once, and handing one over."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import RuleViolatedError
from forms.queue_selection import SelectionForm
from services import hand_overs, queue_selections
from services.queue import QueueLine
from services.queue_selections import Act, Answer
from views.actors import current_actor, requires
from views.database import transaction
from views.task_lists import list_url, listed
from workflows.permissions import Permission

bp = Blueprint("queue_selection", __name__, url_prefix="/queue/selection")


@bp.get("")
@requires(Permission.TASK_CLAIM)
def back_to_queue() -> ResponseReturnValue:
    """Whoever reloads the address wants the queue."""
    return redirect(url_for("queue.index"), 303)


@bp.post("")
@requires(Permission.TASK_CLAIM)
def act() -> ResponseReturnValue:
    """Do one thing with every entry that was ticked, and say of each what became of it."""
    actor, at = current_actor(), now()
    form = SelectionForm(request.form)
    lines: Sequence[QueueLine] = ()
    try:
        with transaction() as session:
            lines = queue_selections.picked(session, actor, form.tasks, at)
            order = form.order()
            if order is None:
                return _page(form, lines), 422
            queue_selections.check(session, actor, order, at)
    except RuleViolatedError as error:
        form.blame(error.problems)
        return _page(form, lines), 422
    answers = []
    for line in lines:
        with transaction() as session:
            refusal = queue_selections.act_on(session, actor, line, order, at)
        answers.append(Answer(line=line, refusal=refusal))
    return _page(form, lines, answers)


def _page(
    form: SelectionForm, lines: Sequence[QueueLine], answers: Sequence[Answer] | None = None
) -> str:
    actor, at = current_actor(), now()
    from_list = listed(at)
    with transaction() as session:
        colleagues = hand_overs.colleagues(session, actor, at)
    return render_template(
        "queue/selection.html",
        form=form,
        lines=lines,
        answers=answers,
        done=sum(answer.refusal is None for answer in answers or ()),
        missing=len(form.tasks) - len(lines),
        colleagues=colleagues,
        receiver=_name(form.receiver_id, colleagues),
        list_url=list_url(from_list),
        list_query=request.form.get("list", ""),
        problems=form.problems,
        is_error=bool(form.problems),
        Act=Act,
        new_id=uuid4,
    )


def _name(person_id: UUID | None, colleagues: Sequence[hand_overs.Colleague]) -> str:
    return next((other.name for other in colleagues if other.id == person_id), "")
