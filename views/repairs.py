"""Repairs: operators look a case up and ask; another person confirms."""

from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import DomainError, NotFoundError, RuleViolatedError
from core.text import Text
from forms.accounts import attach
from forms.repairs import AnswerForm, RepairForm
from services import repairs
from services.case_keys import CaseKey
from services.door.snapshot import NO_CASE
from services.repairs import CaseSheet, PartLine, RepairLine
from views.actors import current_actor, requires
from views.database import transaction
from views.queue import posted_command_id
from workflows.permissions import Permission
from workflows.process import CONFIRM_REPAIR, DECLINE_REPAIR, TAKE_BACK_REPAIR
from workflows.repairs import BY_VERB, REASONS, Repair, Verb

bp = Blueprint("repairs", __name__)

CASE = "/operations/repairs/<string:district_code>/<uuid:case_id>"
REQUEST = "/repair-requests/<string:district_code>/<uuid:case_id>/<int:number>"
ANSWERS = {
    "confirm": CONFIRM_REPAIR,
    "decline": DECLINE_REPAIR,
    "take_back": TAKE_BACK_REPAIR,
}
LONGEST_NUMBER = 60


@bp.get("/operations/repairs")
@requires(Permission.OPERATIONS_REPAIR)
def index() -> ResponseReturnValue:
    """Look a case up by its number; what waits to be confirmed, and the newest repairs."""
    at, typed = now(), request.args.get("number", "").strip()[:LONGEST_NUMBER]
    with transaction() as session:
        found = repairs.find(session, typed) if typed and "\0" not in typed else None
        if found is not None:
            return redirect(_case_url(found))
        waiting = repairs.waiting(session, current_actor(), at)
        latest = repairs.latest(session)
    missing = _("没有编号为“%(number)s”的办件。请核对后再找。", number=typed) if typed else None
    return render_template(
        "operations/repairs.html", typed=typed, missing=missing, waiting=waiting, latest=latest
    )


@bp.get(CASE)
@requires(Permission.OPERATIONS_REPAIR)
def show(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """One case: what is wrong with it, what can be done, what was done."""
    return render_template("operations/repair_case.html", sheet=_sheet(district_code, case_id))


@bp.get(f"{CASE}/<string:verb>")
@requires(Permission.OPERATIONS_REPAIR)
def ask_page(district_code: str, case_id: UUID, verb: str) -> ResponseReturnValue:
    """What a repair means, and the form by which it is asked for."""
    return _ask_page(_sheet(district_code, case_id), _repair(verb), RepairForm())


@bp.post(f"{CASE}/<string:verb>")
@requires(Permission.OPERATIONS_REPAIR)
def ask(district_code: str, case_id: UUID, verb: str) -> ResponseReturnValue:
    """Retry at once, or ask for what another person has to confirm."""
    at, form, repair = now(), RepairForm(), _repair(verb)
    sheet = _sheet(district_code, case_id)
    words = form.words()
    if words is None:
        return _ask_page(sheet, repair, form), 422
    wish = repairs.Wish(
        verb=repair.verb,
        command_id=posted_command_id(),
        item_code=_part_code() if repair.of_part else None,
        version=form.drawn_from(),
        reason_code=form.reason_code.data or "",
        words=words,
        to_state=form.to_state.data or None,
    )
    try:
        with transaction() as session:
            repairs.ask(session, current_actor(), sheet.key, wish, at)
    except RuleViolatedError as error:
        _ask_page(sheet, repair, form)
        attach(form, error.problems)
        return _ask_page(sheet, repair, form), 422
    except NotFoundError:
        raise
    except DomainError as error:
        return _ask_page(sheet, repair, form, error.sentence), 409
    asked = _("已提出，等另一个人确认。")
    flash(asked if repair.needs_second else _("已重试。"), "success")
    return redirect(_case_url(sheet.key), 303)


@bp.get("/repair-requests")
@requires(Permission.REPAIR_CONFIRM)
def requests() -> ResponseReturnValue:
    """The requests that wait for somebody like the reader."""
    with transaction() as session:
        waiting = repairs.waiting(session, current_actor(), now())
    return render_template("operations/repair_requests.html", waiting=waiting)


@bp.get(REQUEST)
@requires(Permission.REPAIR_CONFIRM)
def show_request(district_code: str, case_id: UUID, number: int) -> ResponseReturnValue:
    """One request: what it means and why, and the answers that are the reader's."""
    return _request_page(_request(CaseKey(district_code, case_id), number), AnswerForm())


@bp.post(REQUEST)
@requires(Permission.REPAIR_CONFIRM)
def answer(district_code: str, case_id: UUID, number: int) -> ResponseReturnValue:
    """Confirm, decline or take back."""
    form, line = AnswerForm(), _request(CaseKey(district_code, case_id), number)
    trigger, words = ANSWERS.get(request.form.get("answer", "")), form.words()
    if trigger is None or words is None:
        problem = None if words is None else ANSWER_MISSING
        return _request_page(line, form, problem), 422
    try:
        with transaction() as session:
            how = (trigger, posted_command_id(), words)
            repairs.answer(session, current_actor(), line, how, now())
    except DomainError as error:
        return _request_page(_request(line.key, number), form, error.sentence), 409
    flash(_("已办理。"), "success")
    return redirect(url_for("repairs.requests"), 303)


ANSWER_MISSING = Text(
    zh="请选择同意、不同意或者收回。", en="Confirm it, decline it or take it back."
)


def _sheet(district_code: str, case_id: UUID) -> CaseSheet:
    with transaction() as session:
        return repairs.sheet(session, current_actor(), CaseKey(district_code, case_id), now())


def _request(key: CaseKey, number: int) -> RepairLine:
    at: datetime = now()
    with transaction() as session:
        return repairs.request(session, current_actor(), key, number, at)


def _repair(verb: str) -> Repair:
    """Raises `NotFoundError` for a verb that there is not."""
    for each in Verb:
        if each == verb:
            return BY_VERB[each]
    raise NotFoundError(NO_CASE)


def _part_code() -> str:
    return request.args.get("part", "")


def _part(sheet: CaseSheet, repair: Repair) -> PartLine | None:
    part = sheet.part(_part_code()) if repair.of_part else None
    if repair.of_part and part is None:
        raise NotFoundError(NO_CASE)
    return part


def _ask_page(
    sheet: CaseSheet, repair: Repair, form: RepairForm, conflict: Text | None = None
) -> str:
    part = _part(sheet, repair)
    ways = part.ways_back if part and repair.verb is Verb.REWIND else ()
    form.offer(list(REASONS.items()), ways, part.version if part else sheet.version)
    return render_template(
        "operations/repair_ask.html",
        sheet=sheet,
        repair=repair,
        part=part,
        form=form,
        is_possible=repair in (part.possible if part else sheet.possible),
        has_ways=bool(ways),
        conflict=conflict,
        command_id=uuid4(),
    )


def _request_page(line: RepairLine, form: AnswerForm, conflict: Text | None = None) -> str:
    return render_template(
        "operations/repair_request.html",
        line=line,
        form=form,
        is_own=line.asked_by == current_actor().id,
        conflict=conflict,
        command_id=uuid4(),
    )


def _case_url(key: CaseKey) -> str:
    return url_for("repairs.show", district_code=key.district_code, case_id=key.case_id)
