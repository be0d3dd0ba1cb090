"""The queue: what waits for a clerk or a maker, and the button that takes the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from services import case_files, queue
from services.queue import QueueLine, TaskKey
from views.actors import current_actor, requires
from views.database import transaction
from workflows.clocks import Urgency, due_words
from workflows.permissions import Permission, Role

bp = Blueprint("queue", __name__, url_prefix="/queue")

LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Group:
    """One section of the queue."""

    code: str
    title: str
    lines: Sequence[QueueLine]


@bp.get("")
@requires(Permission.TASK_CLAIM)
def index() -> ResponseReturnValue:
    """One page of the actor's queue, by what is to be done with it."""
    actor, at, page = current_actor(), now(), _page()
    with transaction() as session:
        lines = queue.waiting(session, actor, at, page=page)
        handled, prepared = queue.count(session, actor, at)
        desks = case_files.desks(session, actor, at)
    return render_template(
        "queue/index.html",
        groups=[group for group in _groups(lines, actor.id) if group.lines],
        handled=handled,
        prepared=prepared,
        late=sum(_is(line, Urgency.LATE, at) for line in lines),
        desks=desks,
        due_words=due_words,
        at=at,
        me=actor.id,
        is_maker=actor.has_role(Role.SEAL_MAKER) and not actor.has_role(Role.CLERK),
        page=page,
        pages=max(1, -(-(handled + prepared) // queue.PAGE_SIZE)),
        new_id=uuid4,
    )


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


def _groups(lines: Sequence[QueueLine], me: UUID) -> list[Group]:
    mine = [line for line in lines if line.claimed_by == me]
    others = [line for line in lines if line.claimed_by != me]
    waiting = [line for line in others if not line.is_preparation]
    return [
        Group("mine", _("我领取的"), mine),
        Group("accept", _("待受理"), [line for line in waiting if line.is_acceptance]),
        Group("handle", _("待办理"), [line for line in waiting if not line.is_acceptance]),
        Group("prepare", _("可以预审"), [line for line in others if line.is_preparation]),
    ]


def _is(line: QueueLine, urgency: Urgency, at: datetime) -> bool:
    return line.due_at is not None and due_words(line.due_at, at)[1] is urgency


def _page() -> int:
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7):  # noqa: PLR2004
        return 1
    return min(max(int(asked), 1), LAST_PAGE)


def posted_command_id() -> UUID:
    """What the page sent; anything else counts as one press of its own."""
    try:
        return UUID(request.form.get("command_id", ""))
    except ValueError:
        return uuid4()
