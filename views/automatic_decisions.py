"""Decisions without a hand: the rules, their switch at each office, and what came of them."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from catalog.automatic_decisions import TRUST_WORDS
from core.clock import now
from core.errors import ConflictError, NotFoundError, RuleViolatedError
from core.text import Text
from forms.accounts import attach
from forms.automatic_decisions import SwitchForm
from services import automatic_decisions, automatic_figures, desks
from services.automatic_decisions import NO_RULES, OfficeRules
from services.desks import Desk
from views.actors import current_actor, requires
from views.database import transaction
from workflows.permissions import Permission

bp = Blueprint("automatic_decisions", __name__, url_prefix="/automatic-decisions")

RULES = "/<string:district_code>/<string:department_code>/<string:thing_code>/<string:item_code>"


@bp.get("")
@requires(Permission.RULES_READ)
def index() -> ResponseReturnValue:
    """Every rule set within the reader's reach: on or off, and what it did in thirty days."""
    at, actor = now(), current_actor()
    with transaction() as session:
        found = desks.managed(actor, Permission.RULES_READ, at)
        rules = automatic_decisions.rules_of(session, found, at)
    return render_template(
        "automatic_decisions/index.html",
        rules=rules,
        names={each.key.desk: desks.name(each.key.desk) for each in rules},
        window_days=automatic_figures.WINDOW_DAYS,
    )


@bp.get(RULES)
@requires(Permission.RULES_READ)
def show(
    district_code: str, department_code: str, thing_code: str, item_code: str
) -> ResponseReturnValue:
    """One rule set at one office: its conditions, its switch, what was overturned."""
    at = now()
    found = _find(f"{district_code}/{department_code}", (thing_code, item_code), at)
    return _page(found, SwitchForm(), at)


@bp.post(RULES)
@requires(Permission.RULES_SWITCH)
def switch(
    district_code: str, department_code: str, thing_code: str, item_code: str
) -> ResponseReturnValue:
    """Switch it on or off, or change the share that people examine."""
    at, form = now(), SwitchForm()
    found = _find(f"{district_code}/{department_code}", (thing_code, item_code), at)
    if not _may_switch(found.key.desk, at):
        raise NotFoundError(NO_RULES)
    fine, change = form.submitted_and_valid(), form.change()
    if not fine or change is None:
        return _page(found, form, at), 422
    try:
        with transaction() as session:
            automatic_decisions.switch(session, current_actor(), found, change, at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _page(found, form, at), 422
    except ConflictError as error:
        return _page(found, form, at, error.sentence), 409
    flash(_("已保存。"), "success")
    return redirect(rules_url(found), 303)


def rules_url(found: OfficeRules) -> str:
    """The address of a rule set at an office."""
    return url_for(
        "automatic_decisions.show",
        district_code=found.key.desk.district_code,
        department_code=found.key.desk.department_code,
        thing_code=found.key.thing_code,
        item_code=found.key.item_code,
    )


def _find(desk_code: str, codes: tuple[str, str], at: datetime) -> OfficeRules:
    desk = desks.manage(current_actor(), Permission.RULES_READ, desk_code, at)
    with transaction() as session:
        return automatic_decisions.find(session, desk, codes, at)


def _may_switch(desk: Desk, at: datetime) -> bool:
    return desk in desks.managed(current_actor(), Permission.RULES_SWITCH, at)


def _page(found: OfficeRules, form: SwitchForm, at: datetime, conflict: Text | None = None) -> str:
    number = found.turn.number if found.turn else 0
    form.show(is_on=found.is_on, share_permille=found.share_permille, number=number)
    with transaction() as session:
        turns = automatic_decisions.turns(session, found.key)
        overturned = automatic_figures.overturned(session, found.key)
        figures = automatic_figures.figures(session, found.key, at, found.rules.alarm)
    return render_template(
        "automatic_decisions/show.html",
        found=found,
        name=desks.name(found.key.desk),
        form=form,
        may_switch=_may_switch(found.key.desk, at),
        conflict=conflict,
        turns=turns,
        overturned=overturned,
        figures=figures,
        trust_words=TRUST_WORDS,
    )
