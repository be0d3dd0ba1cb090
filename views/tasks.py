"""The case page of an officer or maker: everything to see, and one form for each step."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from catalog.summaries import SummaryRow, summary_rows
from core.clock import CIVIL_ZONE, now
from core.errors import (
    ConflictError,
    DomainError,
    Problem,
    RuleViolatedError,
    TooManyAttemptsError,
    TransitionRefusedError,
)
from forms.decisions import Decision, DecisionForm
from forms.releases import ReleaseForm
from services import (
    attempts,
    case_files,
    decision_drafts,
    delivery_guesses,
    door,
    hand_overs,
    presences,
    queue,
    queue_lists,
)
from services.case_files import CaseFile
from services.cases import CaseKey
from services.queue import Release, TaskKey
from services.task_steps import Step
from views.actors import current_actor, entrance, passive, requires
from views.changes import change_tables
from views.database import transaction
from views.decision_drafts import fresh_form, kept_drafts
from views.localisation import locale, wording
from views.queue import onwards, onwards_in_list, posted_command_id
from views.task_lists import carried, list_url, listed, task_url, way
from views.typed_words import typed_words
from workflows.clocks import due_day_words, due_words
from workflows.colours import COLOUR_WORDS
from workflows.permissions import Permission

bp = Blueprint("tasks", __name__, url_prefix="/tasks")

SEAL_WAY = ("ordered", "coded", "engraved", "delivered", "filed")
PAGE = "/<string:district_code>/<uuid:case_id>/<string:item_code>"


@bp.get(PAGE)
@requires(Permission.TASK_CLAIM)
def show(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """One item's part of a case; colleagues are told that it is open."""
    at, task = now(), _key(district_code, case_id, item_code)
    file = _open(task, at)
    with transaction() as session:
        presences.note(session, current_actor(), task, at)
    return _page(file, at)


@bp.post(f"{PAGE}/presence")
@passive
@requires(Permission.TASK_CLAIM)
def still_here(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """The page is still open and visible, as it says by itself; who else looks at it now."""
    actor, at, task = current_actor(), now(), _key(district_code, case_id, item_code)
    with transaction() as session:
        presences.note(session, actor, task, at)
        watchers = presences.others(session, actor, {task}, at).get(task, ())
    return jsonify(watchers=[wording(watcher.words(at)) for watcher in watchers])


@bp.post(f"{PAGE}/claim")
@requires(Permission.TASK_CLAIM)
def claim(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """Take it for half an hour, and open it. Whether it is theirs to take the door itself asks."""
    task = _key(district_code, case_id, item_code)
    try:
        with transaction() as session:
            queue.claim(session, current_actor(), task, posted_command_id(), now())
    except ConflictError as error:
        return _conflict(task, error)
    return redirect(task_url(task, listed(now())), 303)


@bp.post(f"{PAGE}/hand-back")
@requires(Permission.TASK_CLAIM)
def hand_back(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """Give it back, so that others can take it, with the reason if one was written."""
    at, task = now(), _key(district_code, case_id, item_code)
    file, form = _open(task, at), ReleaseForm(request.form)
    reason = form.read()
    if reason is None:
        return _page(file, at, release=form), 422
    try:
        with transaction() as session:
            release = Release(command_id=posted_command_id(), reason=reason)
            queue.hand_back(session, current_actor(), task, release, at)
    except ConflictError as error:
        return _conflict(task, error)
    flash(_("已放回队列。"), "success")
    return redirect(list_url(listed(at)), 303)


@bp.get(f"{PAGE}/<string:trigger>")
@requires(Permission.TASK_CLAIM)
def back_to_page(
    district_code: str, case_id: UUID, item_code: str, trigger: str
) -> ResponseReturnValue:
    """Whoever reloads the address of a step wants the page."""
    task = _key(district_code, case_id, item_code)
    _open(task, now()).step(trigger, of_case=request.args.get("of") == "case")
    return redirect(task_url(task), 303)


@bp.post(f"{PAGE}/<string:trigger>")
@requires(Permission.TASK_CLAIM)
def take_step(
    district_code: str, case_id: UUID, item_code: str, trigger: str
) -> ResponseReturnValue:
    """Take one step, once, however often it is sent."""
    at, task = now(), _key(district_code, case_id, item_code)
    file = _open(task, at)
    step = file.step(trigger, of_case=request.args.get("of") == "case")
    form = DecisionForm(step, file.places, request.form)
    if "fill_reason" in request.form:
        form.fill_reason()
    if "add_places" in request.form or "fill_reason" in request.form:
        return _page(file, at, form)
    decision = form.read(at.astimezone(CIVIL_ZONE).date())
    if decision is None:
        return _page(file, at, form), 422
    ahead = _ahead(task, at)
    try:
        _carry_out(task, step, decision, at)
    except RuleViolatedError as error:
        form.blame(error.problems)
        return _page(file, at, form), 422
    except TooManyAttemptsError as error:
        form.blame((Problem(delivery_guesses.FIELD, error.sentence),))
        return _page(file, at, form), 429, {"Retry-After": str(error.wait_seconds)}
    except (ConflictError, TransitionRefusedError) as error:
        return _conflict(task, error)
    flash(_("已办理：%(step)s", step=wording(step.label)), "success")
    return _after(task, step, decision, ahead, at)


def _ahead(task: TaskKey, at: datetime) -> Sequence[TaskKey]:
    """What comes after the task in its list, asked while the task still stands in it."""
    from_list = listed(at)
    if from_list is None or request.form.get("then") != "next":
        return ()
    with transaction() as session:
        found = queue_lists.following(session, current_actor(), from_list.chosen, task, at)
    return [other for other in found if other != task]


def _after(
    task: TaskKey, step: Step, decision: Decision, ahead: Sequence[TaskKey], at: datetime
) -> ResponseReturnValue:
    """Where a step leads: back to the page, or on to the next of its list or of the queue.

    What another district has taken over stands in no queue here, and its page is theirs.
    """
    from_list = listed(at)
    if request.form.get("then") != "next":
        page = list_url(from_list) if step.districts else task_url(task, from_list)
        return redirect(page, 303)
    next_id = uuid5(decision.command_id, "next")
    return onwards_in_list(next_id, from_list, ahead) if from_list else onwards(next_id)


def _carry_out(task: TaskKey, step: Step, decision: Decision, at: datetime) -> None:
    """One command through the door; a wrong delivery code stays counted, a right one does not."""
    with transaction() as session:
        tries = delivery_guesses.reserve(session, step, task, entrance().secret, at)
    with transaction() as session:
        door.move(session, _command(task, step, decision), current_actor(), at)
        decision_drafts.discard(session, current_actor(), task, step.code, at)
        if tries:
            attempts.give_back(session, tries)


def _open(task: TaskKey, at: datetime) -> CaseFile:
    with transaction() as session:
        return case_files.open_file(session, current_actor(), task, at)


def _page(
    file: CaseFile,
    at: datetime,
    posted: DecisionForm | None = None,
    release: ReleaseForm | None = None,
) -> str:
    """The page, with the form that was posted as it was typed and every other one fresh."""
    shown = [step for step in file.steps if posted is None or step != posted.step]
    kept = kept_drafts(file.task, at)
    forms = [fresh_form(file, step, kept.get(step.code)) for step in shown]
    if posted is not None:
        forms.insert(_position(file, posted.step), posted)
    mistaken = posted or release
    from_list = listed(at)
    actor = current_actor()
    with transaction() as session:
        watchers = presences.others(session, actor, {file.task}, at).get(file.task, ())
        colleagues = hand_overs.colleagues(session, actor, at) if file.can_claim else ()
    return render_template(
        "tasks/show.html",
        way=way(file.task, from_list, at),
        carried=carried(from_list),
        list_url=list_url(from_list),
        watchers=[watcher.words(at) for watcher in watchers],
        colleagues=colleagues,
        may_assign=actor.has(Permission.TASK_ASSIGN),
        at=at,
        file=file,
        forms=forms,
        posted=posted,
        release=release,
        problems=mistaken.problems if mistaken else [],
        is_error=bool(mistaken and mistaken.problems),
        sections=[
            (seen.section, _lines(summary_rows(seen.section, seen.answers, locale(), file.names)))
            for seen in file.sections
        ],
        due=due_words(file.due_at, at) if file.due_at else None,
        due_day=due_day_words(file.due_at, at) if file.due_at else None,
        colour_words=COLOUR_WORDS,
        order_steps=_order_steps(file),
        new_id=uuid4,
        change_tables=change_tables(file),
    )


def _position(file: CaseFile, step: Step) -> int:
    return file.steps.index(step) if step in file.steps else 0


def _order_steps(file: CaseFile) -> list[dict[str, object]]:
    """A maker's order as a way with steps behind and ahead; nothing for officers."""
    if not (file.is_order and file.seals):
        return []
    titles = (_("取得印章编码"), _("刻制印章"), _("当面交付，核对领取码"), _("公安机关备案"))
    reached = SEAL_WAY.index(file.seals[0].status.value)
    words = {True: _("已完成"), False: _("未开始")}
    return [
        {
            "title": title,
            "kind": "positive" if number < reached else "open" if number == reached else "waiting",
            "state": _("现在这一步") if number == reached else words[number < reached],
            "facts": (),
            "current": number == reached,
        }
        for number, title in enumerate(titles)
    ]


def _lines(rows: tuple[SummaryRow, ...]) -> dict[str, list[SummaryRow]]:
    """The rows of a section by line of it: one nameless line if it does not repeat."""
    lines: dict[str, list[SummaryRow]] = {}
    for row in rows:
        lines.setdefault(row.line_title, []).append(row)
    return lines


def _conflict(task: TaskKey, error: DomainError) -> ResponseReturnValue:
    """Who did what meanwhile, and the ways on."""
    from_list = listed(now())
    page = render_template(
        "tasks/conflict.html",
        error=error,
        fresh=task_url(task, from_list),
        list_url=list_url(from_list),
        typed=typed_words(),
        is_error=True,
    )
    return page, 409


def _command(task: TaskKey, step: Step, decision: Decision) -> door.Command:
    return door.Command(
        district_code=task.key.district_code,
        case_id=task.key.case_id,
        item_code=None if step.of_case else task.item_code,
        trigger=step.trigger,
        command_id=decision.command_id,
        expected_version=decision.expected_version,
        reason=decision.reason,
        reason_code=decision.reason_code,
        places=decision.places,
        inputs=decision.inputs,
        delay=decision.delay,
    )


def _key(district_code: str, case_id: UUID, item_code: str) -> TaskKey:
    return TaskKey(key=CaseKey(district_code, case_id), item_code=item_code)
