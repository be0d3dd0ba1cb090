"""Absences: one's own, and those of the people of a desk that one manages."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import CIVIL_ZONE, now
from core.errors import RuleViolatedError
from forms.absences import AbsenceForm, DeskAbsenceForm
from forms.accounts import attach
from services import absences, delegations, desks
from services.desks import Desk
from views.actors import current_actor, requires
from views.database import transaction
from views.desks import DESK, desk_url
from workflows.permissions import Permission

bp = Blueprint("absences", __name__)

Page = Callable[[AbsenceForm], str]


@bp.get("/absences")
@requires(Permission.TASK_REVIEW)
def own() -> ResponseReturnValue:
    """One's own absences, and what others let one sign."""
    return _own_page(_own_form(now()))


@bp.post("/absences")
@requires(Permission.TASK_REVIEW)
def record() -> ResponseReturnValue:
    """Record an absence of one's own."""
    at = now()
    return _record(_own_form(at), at, _own_page, url_for("absences.own"))


@bp.post("/absences/<uuid:absence_id>/end")
@requires(Permission.TASK_REVIEW)
def end(absence_id: UUID) -> ResponseReturnValue:
    """End an absence of one's own, or take it back."""
    _end(absence_id)
    return redirect(url_for("absences.own"), 303)


@bp.get(f"/desk{DESK}/absences")
@requires(Permission.ABSENCE_RECORD)
def of_desk(district_code: str, department_code: str) -> ResponseReturnValue:
    """The absences of a desk, with the form for another one."""
    at = now()
    desk = _desk(district_code, department_code, at)
    return _desk_page(desk)(_desk_form(desk, at))


@bp.post(f"/desk{DESK}/absences")
@requires(Permission.ABSENCE_RECORD)
def record_at_desk(district_code: str, department_code: str) -> ResponseReturnValue:
    """Record an absence of somebody at a desk."""
    at = now()
    desk = _desk(district_code, department_code, at)
    return _record(_desk_form(desk, at), at, _desk_page(desk), desk_url(desk, "absences.of_desk"))


@bp.post(f"/desk{DESK}/absences/<uuid:absence_id>/end")
@requires(Permission.ABSENCE_RECORD)
def end_at_desk(district_code: str, department_code: str, absence_id: UUID) -> ResponseReturnValue:
    """End somebody's absence, or take it back."""
    desk = _desk(district_code, department_code, now())
    _end(absence_id)
    return redirect(desk_url(desk, "absences.of_desk"), 303)


def _record(form: AbsenceForm, at: datetime, page: Page, back: str) -> ResponseReturnValue:
    today = at.astimezone(CIVIL_ZONE).date()
    fine = form.submitted_and_valid()
    new = form.new_absence(current_actor().id, today)
    if not fine or new is None:
        return page(form), 422
    try:
        with transaction() as session:
            absences.record(session, current_actor(), new, at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return page(form), 422
    flash(_("已登记离岗。到第一天，手里的件会自动交出。"), "success")
    return redirect(back, 303)


def _end(absence_id: UUID) -> None:
    with transaction() as session:
        absences.end(session, current_actor(), absence_id, now())
    flash(_("已结束离岗，可以分派新的件了。"), "success")


def _own_form(at: datetime) -> AbsenceForm:
    form, actor = AbsenceForm(), current_actor()
    with transaction() as session:
        members = {
            member.id: member
            for desk in desks.own(actor, at)
            for member in desks.members(session, desk, at)
            if member.id != actor.id
        }
        away = absences.away(session, members, at)
    form.offer(tuple(members.values()), away, at.astimezone(CIVIL_ZONE).date())
    return form


def _own_page(form: AbsenceForm) -> str:
    at, actor = now(), current_actor()
    with transaction() as session:
        lines = absences.of_person(session, actor.id, at)
        received = delegations.received(session, actor, at)
    return render_template(
        "absences/own.html",
        form=form,
        lines=lines,
        received=received,
        desks=[desks.name(desk) for desk in desks.own(actor, at)],
    )


def _desk(district_code: str, department_code: str, at: datetime) -> Desk:
    code = f"{district_code}/{department_code}"
    return desks.manage(current_actor(), Permission.ABSENCE_RECORD, code, at)


def _desk_form(desk: Desk, at: datetime) -> DeskAbsenceForm:
    form = DeskAbsenceForm()
    with transaction() as session:
        members = desks.members(session, desk, at)
        away = absences.away(session, [member.id for member in members], at)
    form.offer(members, away, at.astimezone(CIVIL_ZONE).date())
    return form


def _desk_page(desk: Desk) -> Page:
    def page(form: AbsenceForm) -> str:
        with transaction() as session:
            lines = absences.of_desk(session, desk, now())
        return render_template(
            "absences/desk.html", form=form, lines=lines, desk=desk, name=desks.name(desk)
        )

    return page
