"""The routing data, for operators: modes of handling, routes, and what an edit would change."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import ConflictError, RuleViolatedError
from forms.accounts import attach
from forms.routing import EndForm, RouteForm, WordingForm
from services import definitions, routing, routing_edits, routing_words
from services.routing_checks import NewRoute
from services.routing_edits import Prospect
from views.actors import current_actor, requires
from views.database import transaction
from workflows.permissions import Permission

bp = Blueprint("routing", __name__, url_prefix="/routing")


@bp.get("")
@requires(Permission.ROUTING_EDIT)
def index() -> ResponseReturnValue:
    """The six modes in their present wording, and every route: in force, coming, ended."""
    with transaction() as session:
        modes = routing.modes(session)
        lines = routing_words.lines(session, now())
    return render_template("routing/index.html", modes=modes, lines=lines)


@bp.route("/modes/<string:mode_code>", methods=["GET", "POST"])
@requires(Permission.ROUTING_EDIT)
def relabel(mode_code: str) -> ResponseReturnValue:
    """Another wording of a mode; the earlier one is kept as its version."""
    form = WordingForm()
    with transaction() as session:
        mode = routing.mode(session, mode_code)
    if not form.is_submitted():
        form.fill(mode)
        return render_template("routing/mode.html", form=form, mode=mode)
    form.submitted_and_valid()
    try:
        wording = form.wording(mode_code)
        with transaction() as session:
            routing_edits.relabel(session, current_actor(), wording, now())
    except RuleViolatedError as error:
        attach(form, error.problems)
        return render_template("routing/mode.html", form=form, mode=mode), 422
    except ConflictError as error:
        page = render_template("routing/mode.html", form=form, mode=mode, conflict=error.sentence)
        return page, 409
    flash(_("名称已保存，以前的写法仍然留存。"), "success")
    return redirect(url_for("routing.index"), 303)


@bp.route("/routes/new", methods=["GET", "POST"])
@requires(Permission.ROUTING_EDIT)
def add() -> ResponseReturnValue:
    """A new route: first what it would change, then, when confirmed, the route."""
    at, form = now(), _route_form()
    if not form.is_submitted():
        form.begin()
        return _route_page(form)
    if not form.submitted_and_valid():
        return _route_page(form), 422
    try:
        new = form.new_route(at)
        if request.form.get("confirmed") != "yes":
            return _route_page(form, _prospect(new, at))
        with transaction() as session:
            routing_edits.add(session, current_actor(), new, at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _route_page(form), 422
    flash(_("路由已添加。已经受理的办件不变。"), "success")
    return redirect(url_for("routing.index"), 303)


@bp.route("/routes/<uuid:route_id>/end", methods=["GET", "POST"])
@requires(Permission.ROUTING_EDIT)
def end(route_id: UUID) -> ResponseReturnValue:
    """The last day of a route, with what its end would change."""
    at, form = now(), EndForm()
    if not form.is_submitted():
        return _end_page(route_id, form)
    form.submitted_and_valid()
    try:
        ends_at = form.ends_at(at)
        with transaction() as session:
            routing_edits.end(session, current_actor(), route_id, ends_at, at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _end_page(route_id, form), 422
    flash(_("路由的结束时间已保存。已经受理的办件不变。"), "success")
    return redirect(url_for("routing.index"), 303)


def _route_form() -> RouteForm:
    form = RouteForm()
    with transaction() as session:
        things = [each.thing for each in definitions.all_current(session)]
        form.offer(routing.modes(session), things)
    return form


def _prospect(new: NewRoute, at: datetime) -> Prospect:
    with transaction() as session:
        course = routing_edits.read(session, new, at)
        return routing_edits.prospect_of_new(session, course, at)


def _route_page(form: RouteForm, prospect: Prospect | None = None) -> str:
    return render_template("routing/route_new.html", form=form, prospect=prospect)


def _end_page(route_id: UUID, form: EndForm) -> str:
    at = now()
    with transaction() as session:
        course = routing.course(session, route_id)
        line = routing_words.one_line(session, course, at)
        prospect = routing_edits.prospect_of_end(session, course, at)
    return render_template("routing/route_end.html", form=form, line=line, prospect=prospect)
