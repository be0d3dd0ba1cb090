"""Desks for those who manage them: people, work, absences, delegations and the policy."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from catalog import registry
from core.clock import now
from services import absences, assignments, conflicts, delegations, desk_work, desks
from services.desks import Desk
from views.actors import current_actor, requires
from views.database import transaction
from views.pages import posted_slice
from workflows.clocks import due_words
from workflows.permissions import Permission

bp = Blueprint("desks", __name__, url_prefix="/desk")

DESK = "/<string:district_code>/<string:department_code>"


@bp.get("")
@requires(Permission.ABSENCE_RECORD)
def index() -> ResponseReturnValue:
    """The desks that the reader manages; the only one at once."""
    at = now()
    found = desks.managed(current_actor(), Permission.ABSENCE_RECORD, at)
    if len(found) == 1:
        return redirect(desk_url(found[0]), 303)
    with transaction() as session:
        counts = desk_work.waiting(session, found)
    return render_template(
        "desks/index.html",
        desks=[(desk, desks.name(desk), counts.get(desk, 0)) for desk in found],
        districts=registry.catalogue().districts,
    )


@bp.get(DESK)
@requires(Permission.ABSENCE_RECORD)
def show(district_code: str, department_code: str) -> ResponseReturnValue:
    """One desk: who is there with how much, who is away, who signs for whom, what waits."""
    at, actor = now(), current_actor()
    desk = desks.manage(actor, Permission.ABSENCE_RECORD, f"{district_code}/{department_code}", at)
    with transaction() as session:
        waiting = desk_work.entries(session, actor, desk, at, posted_slice())
        workers = desk_work.work(session, desk, at)
        page = {
            "counts": desk_work.counts(session, actor, desk, at),
            "stranded": conflicts.stranded(session, actor, desk, at),
            "absences": absences.of_desk(session, desk, at),
            "delegations": delegations.of_desk(session, desk, at),
            "policies": assignments.policies(session, desk),
        }
    return render_template(
        "desks/show.html",
        desk=desk,
        name=desks.name(desk),
        waiting=waiting,
        sees_cases=desk_work.may_see_cases(actor, desk, at),
        at=at,
        due_words=due_words,
        workers=workers,
        names={worker.id: worker.name for worker in workers},
        may_delegate=_manages(desk, Permission.DELEGATION_GRANT),
        may_arrange=_manages(desk, Permission.ASSIGNMENT_EDIT),
        may_assign=_manages(desk, Permission.TASK_ASSIGN),
        **page,
    )


def desk_url(desk: Desk, endpoint: str = "desks.show") -> str:
    """The address of a desk, or of one of its pages."""
    return url_for(endpoint, district_code=desk.district_code, department_code=desk.department_code)


def _manages(desk: Desk, permission: Permission) -> bool:
    return desk in desks.managed(current_actor(), permission, now())
