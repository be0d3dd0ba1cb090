"""The queue: what waits for a clerk or a maker, filtered as they like, and the next one."""

from collections.abc import Sequence
from uuid import UUID, uuid4, uuid5

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import DomainError
from forms import queue_filters
from forms.posted import posted_id
from forms.queue_filters import QueueQuery
from services import hand_overs, queue, queue_lists, staff_notices
from services.queue import TaskKey
from services.queue_lists import Listed
from views import queue_version
from views.actors import POLL, current_actor, requires
from views.database import transaction
from views.localisation import wording
from views.queue_page import QueuePage, choices, queue_url, read_page, views
from views.task_lists import list_url, task_url
from workflows.colours import COLOUR_WORDS
from workflows.permissions import Permission

bp = Blueprint("queue", __name__, url_prefix="/queue")


@bp.get("")
@requires(Permission.TASK_CLAIM)
def index() -> ResponseReturnValue:
    """One page of what the actor chose to see of their queue."""
    at = now()
    found = queue_version.basis(at)
    is_poll = POLL in request.headers
    known = found.still_good(request.if_none_match.as_set(), at) if is_poll else None
    if known is not None:
        return _unchanged(known)
    asked = _asked()
    page = read_page(current_actor(), asked.chosen, at)
    version = found.page_version(page, at)
    if is_poll:
        return _refreshed(page, asked, version)
    with transaction() as session:
        unread = staff_notices.unread(session, current_actor())
    shown = _shown(page, asked) | {"version": f'"{version}"', "at": now(), "unread": unread}
    return render_template("queue/index.html", **shown), 422 if asked.problems else 200


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


def onwards_in_list(
    command_id: UUID, from_list: Listed, candidates: Sequence[TaskKey]
) -> ResponseReturnValue:
    """To the first of ``candidates`` that is still free, now claimed; to the list if none is."""
    for task in candidates:
        try:
            with transaction() as session:
                queue.claim(session, current_actor(), task, uuid5(command_id, str(task)), now())
        except DomainError:
            continue
        return redirect(task_url(task, from_list), 303)
    flash(_("这个列表后面没有可以领取的件了。"))
    return redirect(list_url(from_list), 303)


def posted_command_id() -> UUID:
    """What the page sent; anything else counts as one press of its own."""
    return posted_id(request.form.get("command_id")) or uuid4()


def _refreshed(page: QueuePage, asked: QueueQuery, version: str) -> Response:
    """The list alone, for a page that keeps itself fresh; 304 if nothing in it has changed."""
    if queue_version.is_same_page(request.if_none_match.as_set(), version):
        return _unchanged(version)
    answer = Response(render_template("queue/list.html", **_shown(page, asked)))
    answer.set_etag(version)
    return answer


def _unchanged(version: str) -> Response:
    """Nothing to draw; the version says how long nobody need look again."""
    answer = Response(status=304)
    answer.set_etag(version)
    return answer


def _asked() -> QueueQuery:
    """What the address asks to see."""
    return queue_filters.read(
        request.args,
        items=queue_lists.item_codes(),
        districts=queue.reach(current_actor(), now()).district_codes,
    )


def _shown(page: QueuePage, asked: QueueQuery) -> dict[str, object]:
    """The values of the queue's templates."""
    with transaction() as session:
        colleagues = hand_overs.colleagues(session, current_actor(), now())
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
        "colleagues": colleagues,
        "colour_words": COLOUR_WORDS,
        "new_id": uuid4,
    }
