"""Accounts of staff, for administrators."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from catalog import registry
from core.clock import now
from core.errors import RuleViolatedError
from core.text import Text
from forms.accounts import ROLE_NAMES, StaffForm, attach
from services import invitations, people
from services.invitations import Link
from services.people import PersonLine
from views.actors import current_actor, requires
from views.database import transaction
from views.public_addresses import public_url_for
from workflows.permissions import Grant, Permission

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("")
@requires(Permission.PERSON_MANAGE)
def index() -> ResponseReturnValue:
    """Everybody who works here, or one account that was searched for, applicants included."""
    searched, at = request.args.get("account", "").strip(), now()
    with transaction() as session:
        lines = people.search(session, searched, at)
        makers = dict(people.makers(session))
    return render_template(
        "accounts/people.html",
        lines=lines,
        searched=searched,
        roles=ROLE_NAMES,
        reaches=lambda grant: _reaches(grant, makers),
        me=current_actor().id,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PERSON_MANAGE)
def create() -> ResponseReturnValue:
    """A new account; its link is shown once, on the page that answers."""
    form = _staff_form()
    if not form.is_submitted():
        return _form_page(form)
    if not form.submitted_and_valid():
        return _form_page(form), 422
    at = now()
    try:
        with transaction() as session:
            person_id = people.create(session, form.new_person(), at)
            link = invitations.invite(session, person_id, at)
            person = people.get(session, person_id, at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _form_page(form), 422
    return _link_page(person, link)


@bp.post("/<uuid:person_id>/invitation")
@requires(Permission.PERSON_MANAGE)
def invite(person_id: UUID) -> ResponseReturnValue:
    """A new link, for a forgotten password or one that was never set."""
    at = now()
    with transaction() as session:
        link = invitations.invite(session, person_id, at)
        person = people.get(session, person_id, at)
    return _link_page(person, link)


@bp.post("/<uuid:person_id>/disable")
@requires(Permission.PERSON_MANAGE)
def disable(person_id: UUID) -> ResponseReturnValue:
    """Close an account at once."""
    at = now()
    with transaction() as session:
        people.disable(session, person_id, at, by=current_actor().id)
        person = people.get(session, person_id, at)
    flash(_("已停用 %(name)s 的账号。", name=person.name), "success")
    return redirect(url_for("people.index"), 303)


@bp.post("/<uuid:person_id>/enable")
@requires(Permission.PERSON_MANAGE)
def enable(person_id: UUID) -> ResponseReturnValue:
    """Open a closed account again."""
    with transaction() as session:
        people.enable(session, person_id)
        person = people.get(session, person_id, now())
    flash(_("已启用 %(name)s 的账号。", name=person.name), "success")
    return redirect(url_for("people.index"), 303)


def _reaches(grant: Grant, makers: Mapping[str, Text]) -> list[Text]:
    """The names of what binds a grant."""
    catalogue = registry.catalogue()
    found = [
        catalogue.departments[grant.department_code].name if grant.department_code else None,
        catalogue.districts[grant.district_code].name if grant.district_code else None,
        makers.get(grant.maker_code or ""),
    ]
    return [name for name in found if name is not None]


def _staff_form() -> StaffForm:
    form = StaffForm()
    with transaction() as session:
        form.offer(people.makers(session))
    return form


def _form_page(form: StaffForm) -> str:
    return render_template("accounts/person_new.html", form=form)


def _link_page(person: PersonLine, link: Link) -> str:
    address = public_url_for("accounts.invitation", token=link.token)
    return render_template("accounts/person_link.html", person=person, link=link, address=address)
