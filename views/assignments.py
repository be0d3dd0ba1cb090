"""How a desk gives out its work: the policy with a dry run, and giving an entry by hand."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from catalog.assignment_rules import items_of
from core.clock import now
from core.errors import ConflictError, NotFoundError, RuleViolatedError
from core.text import Text
from forms.accounts import attach
from forms.assignments import KINDS, PolicyForm
from forms.reassignments import ReassignmentForm
from services import assignment_trials, assignments, desk_work, desks
from services.assignment_trials import DryRun
from services.assignments import ALL_ITEMS, Policy
from services.cases import CaseKey
from services.desk_work import WorkLine
from services.desks import Desk
from services.queue import QueueLine, TaskKey
from views.actors import current_actor, requires
from views.database import transaction
from views.desks import DESK, desk_url
from workflows.permissions import Permission

bp = Blueprint("assignments", __name__)

FROM, BOARD = "from", "board"
"""What an address says of where its reader came from."""
PAGE = "/reassign/<string:district_code>/<uuid:case_id>/<string:item_code>"


@bp.get(f"/assignment{DESK}")
@requires(Permission.ASSIGNMENT_EDIT)
def policy(district_code: str, department_code: str) -> ResponseReturnValue:
    """The policy of a desk, for all its items or for one."""
    desk = _desk(district_code, department_code, now())
    present, items = _present(desk)
    return _policy_page(desk, PolicyForm(present, items), present)


@bp.post(f"/assignment{DESK}")
@requires(Permission.ASSIGNMENT_EDIT)
def save_policy(district_code: str, department_code: str) -> ResponseReturnValue:
    """Publish what was typed, or show what it would do with the present queue."""
    at = now()
    desk = _desk(district_code, department_code, at)
    present, items = _present(desk)
    form = PolicyForm(present, items, request.form)
    new = form.policy()
    try:
        with transaction() as session:
            if "try" in request.form:
                assignments.check(session, desk, new, at)
                run = assignment_trials.dry_run(session, current_actor(), desk, new, at)
                return _policy_page(desk, form, present, run)
            version = assignments.publish(session, current_actor(), desk, new, at)
    except RuleViolatedError as error:
        form.blame(error.problems)
        return _policy_page(desk, form, present), 422
    except ConflictError as error:
        form.version = str(present.version)
        return _policy_page(desk, form, present, conflict=error.sentence), 409
    flash(_("已保存为第 %(version)s 版，以后到岗位的件按它分派。", version=version), "success")
    item = new.item_code or None
    return redirect(f"{desk_url(desk, 'assignments.policy')}{f'?item={item}' if item else ''}", 303)


@bp.get(PAGE)
@requires(Permission.TASK_ASSIGN)
def reassign(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """To whom an entry is to go."""
    task, at = TaskKey(key=CaseKey(district_code, case_id), item_code=item_code), now()
    with transaction() as session:
        line, desk = desk_work.entry(session, current_actor(), task, at)
    return _reassign_page(line, desk, ReassignmentForm())


@bp.post(PAGE)
@requires(Permission.TASK_ASSIGN)
def give(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """Give an entry to somebody of its desk, whoever had it; once, however often sent."""
    task, at = TaskKey(key=CaseKey(district_code, case_id), item_code=item_code), now()
    with transaction() as session:
        line, desk = desk_work.entry(session, current_actor(), task, at)
    form = ReassignmentForm()
    _offer(form, desk)
    fine, order = form.submitted_and_valid(), form.order()
    if not fine or order is None:
        return _reassign_page(line, desk, form), 422
    try:
        with transaction() as session:
            assignments.assign(session, current_actor(), task, order, at)
            name = desks.names(session, [order.receiver_id] if order.receiver_id else ())
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _reassign_page(line, desk, form), 422
    receiver = ", ".join(name.values())
    flash(_("已把 %(number)s 指派给 %(name)s。", number=line.case_number, name=receiver), "success")
    return redirect(_way_back(desk), 303)


def _way_back(desk: Desk) -> str:
    """The board for who came from there, the desk for who manages it, else one's own queue."""
    actor = current_actor()
    if request.args.get(FROM) == BOARD and actor.has(Permission.SUPERVISION_READ):
        return url_for("supervision.index")
    if desk in desks.managed(actor, Permission.ABSENCE_RECORD, now()):
        return desk_url(desk)
    return url_for("queue.index")


def _desk(district_code: str, department_code: str, at: datetime) -> Desk:
    code = f"{district_code}/{department_code}"
    return desks.manage(current_actor(), Permission.ASSIGNMENT_EDIT, code, at)


def _present(desk: Desk) -> tuple[Policy, dict[str, Text]]:
    """The policy that the address asks for, and the items it may weigh."""
    items = items_of(desk.department_code)
    item_code = request.args.get("item", ALL_ITEMS)
    if item_code not in {ALL_ITEMS, *items}:
        raise NotFoundError(assignments.UNKNOWN_ITEM)
    with transaction() as session:
        present = assignments.policy(session, desk, item_code)
    return present, {item_code: items[item_code]} if item_code else items


def _policy_page(
    desk: Desk,
    form: PolicyForm,
    present: Policy,
    run: DryRun | None = None,
    conflict: Text | None = None,
) -> str:
    at = now()
    with transaction() as session:
        members = desks.members(session, desk, at)
        others = assignments.policies(session, desk)
    return render_template(
        "assignments/policy.html",
        desk=desk,
        name=desks.name(desk),
        form=form,
        present=present,
        others=others,
        items=items_of(desk.department_code),
        kinds=KINDS,
        members=members,
        run=run,
        conflict=conflict,
        is_error=bool(form.errors or conflict),
    )


def _offer(form: ReassignmentForm, desk: Desk) -> tuple[WorkLine, ...]:
    with transaction() as session:
        workers = desk_work.work(session, desk, now())
    form.offer(workers)
    return workers


def _reassign_page(line: QueueLine, desk: Desk, form: ReassignmentForm) -> str:
    workers = _offer(form, desk)
    people = {each for each in (line.assigned_to, line.claimed_by) if each}
    with transaction() as session:
        names = desks.names(session, people)
    return render_template(
        "assignments/reassign.html",
        line=line,
        desk=desk,
        name=desks.name(desk),
        form=form,
        workers=workers,
        names={worker.id: worker.name for worker in workers} | names,
        back=_way_back(desk),
        came_from=BOARD if request.args.get(FROM) == BOARD else None,
    )
