"""The window officer's pages: the window's cases, and a case begun for a visitor."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import RuleViolatedError
from forms.accounts import attach
from forms.counter import VisitorForm
from services import counter, definitions
from services.cases import EDITABLE
from services.counter import CounterLine
from views.actors import current_actor, requires
from views.database import transaction
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
