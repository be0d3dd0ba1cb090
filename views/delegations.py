"""Delegations of signature, for the head of a desk."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import CIVIL_ZONE, now
from core.errors import RuleViolatedError
from core.settings import Settings
from forms.accounts import attach
from forms.delegations import DelegationForm
from services import absences, delegations, desks
from services.desks import Desk
from views.actors import current_actor, requires
from views.database import transaction
from views.desks import DESK, desk_url
from workflows.permissions import Permission

bp = Blueprint("delegations", __name__, url_prefix="/delegations")


@bp.get(DESK)
@requires(Permission.DELEGATION_GRANT)
def of_desk(district_code: str, department_code: str) -> ResponseReturnValue:
    """The delegations of a desk, with the form for another one."""
    at = now()
    desk = _desk(district_code, department_code, at)
    return _page(desk, _form(desk, at))


@bp.post(DESK)
@requires(Permission.DELEGATION_GRANT)
def grant(district_code: str, department_code: str) -> ResponseReturnValue:
    """Let somebody of the desk sign."""
    at = now()
    desk = _desk(district_code, department_code, at)
    form = _form(desk, at)
    fine = form.submitted_and_valid()
    new = form.new_delegation(at.astimezone(CIVIL_ZONE).date(), _longest_days())
    if not fine or new is None:
        return _page(desk, form), 422
    try:
        with transaction() as session:
            delegations.grant(session, current_actor(), desk, new, at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _page(desk, form), 422
    flash(_("已授权。对方办理时，记录和文书上会写明经您授权代签。"), "success")
    return redirect(desk_url(desk, "delegations.of_desk"), 303)


@bp.post(f"{DESK}/<uuid:delegation_id>/revoke")
@requires(Permission.DELEGATION_GRANT)
def revoke(district_code: str, department_code: str, delegation_id: UUID) -> ResponseReturnValue:
    """End a delegation at once."""
    at = now()
    desk = _desk(district_code, department_code, at)
    with transaction() as session:
        delegations.revoke(session, current_actor(), delegation_id, at)
    flash(_("已收回授权，立即生效。"), "success")
    return redirect(desk_url(desk, "delegations.of_desk"), 303)


def _desk(district_code: str, department_code: str, at: datetime) -> Desk:
    code = f"{district_code}/{department_code}"
    return desks.manage(current_actor(), Permission.DELEGATION_GRANT, code, at)


def _form(desk: Desk, at: datetime) -> DelegationForm:
    form, actor = DelegationForm(), current_actor()
    with transaction() as session:
        members = [each for each in desks.members(session, desk, at) if each.id != actor.id]
        away = absences.away(session, [member.id for member in members], at)
    form.offer(members, away, at.astimezone(CIVIL_ZONE).date())
    return form


def _page(desk: Desk, form: DelegationForm) -> str:
    with transaction() as session:
        lines = delegations.of_desk(session, desk, now())
    return render_template(
        "delegations/desk.html",
        form=form,
        lines=lines,
        desk=desk,
        name=desks.name(desk),
        longest_days=_longest_days(),
    )


def _longest_days() -> int:
    settings: Settings = current_app.extensions["settings"]
    return settings.delegation_days
