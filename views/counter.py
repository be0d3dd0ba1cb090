"""The window officer's pages: the window's cases, and a case begun for a visitor."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import RuleViolatedError
from forms.accounts import attach
from forms.counter import VisitorForm
from services import counter, definitions, slips
from services.cases import EDITABLE, CaseKey
from services.counter import CounterLine
from services.invitations import Link
from views.actors import current_actor, requires
from views.database import transaction
from views.public_addresses import public_url_for
from views.qr_codes import qr_code
from workflows.permissions import Permission

bp = Blueprint("counter", __name__, url_prefix="/counter")


@bp.get("")
@requires(Permission.CASE_TAKE)
def index() -> ResponseReturnValue:
    """Drafts, returned and waiting cases of the window, and what ended today."""
    with transaction() as session:
        lines = counter.desk(session, current_actor(), now())
    return _index_page(lines)


@bp.post("/search")
@requires(Permission.CASE_TAKE)
def search() -> ResponseReturnValue:
    """Cases with exactly this number or of exactly this account; a phone number in no address."""
    typed = request.form.get("searched", "")
    with transaction() as session:
        lines = counter.search(session, current_actor(), typed, now())
    return _index_page(lines, typed)


@bp.route("/start/<string:thing_code>", methods=["GET", "POST"])
@requires(Permission.CASE_TAKE)
def start(thing_code: str) -> ResponseReturnValue:
    """Who came, checked with which paper; then the same form that applicants fill in."""
    form, at = VisitorForm(), now()
    form.offer(counter.districts(current_actor(), at))
    if not form.is_submitted():
        return _start_page(thing_code, form)
    is_shaped = form.submitted_and_valid()
    if not (attach(form, form.problems()) and is_shaped):
        return _start_page(thing_code, form), 422
    try:
        with transaction() as session:
            key = counter.start(session, current_actor(), form.new_visit(thing_code), at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _start_page(thing_code, form), 422
    return redirect(
        url_for("cases.show", district_code=key.district_code, case_id=key.case_id), 303
    )


@bp.get("/<string:district_code>/<uuid:case_id>/slip")
@requires(Permission.CASE_TAKE)
def slip(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """The slip that the applicant takes home, without a link to set a password."""
    return _slip_page(CaseKey(district_code, case_id), None)


@bp.post("/<string:district_code>/<uuid:case_id>/slip")
@requires(Permission.CASE_TAKE)
def invite(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """The slip with a new link; it is shown on the page that answers and nowhere else."""
    key = CaseKey(district_code, case_id)
    with transaction() as session:
        link = slips.invite(session, current_actor(), key, now())
    return _slip_page(key, link)


@bp.post("/<string:district_code>/<uuid:case_id>/slip/revoke")
@requires(Permission.CASE_TAKE)
def revoke_link(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Make the links of earlier slips stop working."""
    key = CaseKey(district_code, case_id)
    with transaction() as session:
        slips.revoke(session, current_actor(), key, now())
    flash(_("以前给出的设置密码的二维码都已作废。"), "success")
    return redirect(url_for("counter.slip", district_code=district_code, case_id=case_id), 303)


def _slip_page(key: CaseKey, link: Link | None) -> str:
    with transaction() as session:
        found = slips.slip(session, current_actor(), key)
    here = url_for("cases.show", district_code=key.district_code, case_id=key.case_id)
    address = public_url_for("accounts.invitation", token=link.token, next=here) if link else None
    return render_template(
        "counter/slip.html",
        slip=found,
        link=link,
        address=address,
        online=public_url_for("cases.show", district_code=key.district_code, case_id=key.case_id),
        printed_at=now(),
        qr_code=qr_code,
    )


def _index_page(lines: Sequence[CounterLine], searched: str | None = None) -> str:
    with transaction() as session:
        things = [definition.thing for definition in definitions.all_current(session)]
    return render_template(
        "counter/index.html",
        to_do=[line for line in lines if line.state in EDITABLE],
        waiting=[line for line in lines if line.state not in EDITABLE and not line.ended_at],
        ended=[line for line in lines if line.ended_at],
        things=things,
        searched=searched,
    )


def _start_page(thing_code: str, form: VisitorForm) -> str:
    with transaction() as session:
        thing = definitions.current(session, thing_code).thing
    return render_template("counter/start.html", thing=thing, form=form)
