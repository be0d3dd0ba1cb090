"""One part of the applicant's case: what happened, what it means, what to do now, and doing it."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import CIVIL_ZONE, now
from core.errors import (
    ConflictError,
    DomainError,
    NotFoundError,
    RuleViolatedError,
    TransitionRefusedError,
)
from core.text import Text
from forms.decisions import Decision, DecisionForm
from services import (
    applicant_steps,
    assessments,
    corrections,
    door,
    part_stories,
    tolerance_promises,
)
from services.applicant_steps import ApplicantStep
from services.case_keys import CaseKey
from services.door.snapshot import NO_CASE
from services.progress import Part, Progress, progress
from views.actors import current_actor, requires
from views.database import transaction
from views.localisation import wording
from workflows.clocks import due_words
from workflows.permissions import Permission

bp = Blueprint("parts", __name__, url_prefix="/cases")

CASE = "/<string:district_code>/<uuid:case_id>"
PART = f"{CASE}/parts/<string:item>"
TOO_LATE = Text(
    zh="现在已经不能办理这一步了：可能已经办过、期限已过，或者情况有了变化。没有办理任何内容。",
    en="This can no longer be done: it was done already, its time is over, or things have changed. "
    "Nothing was done.",
)


@bp.get(PART)
@requires(Permission.CASE_START)
def show(district_code: str, case_id: UUID, item: str) -> ResponseReturnValue:
    """How one part stands, in plain words."""
    key, at, actor = CaseKey(district_code, case_id), now(), current_actor()
    with transaction() as session:
        stands = progress(session, actor, district_code, case_id, at)
        part = _part(stands, item)
        story = part_stories.story(session, actor, key, item, at)
        steps = applicant_steps.steps_of(session, actor, key, at)
        asked = corrections.standing(session, actor, key, at)
        awaited = tolerance_promises.awaited(session, actor, key, at)
        assessed = assessments.of_task(session, key, item)
    return render_template(
        "parts/show.html",
        assessed=[each for each in assessed if each.is_granted],
        progress=stands,
        part=part,
        story=story,
        steps=[each for each in steps if each.item_code == item],
        corrections=[each for each in asked if each.item_code == item],
        papers=[each for each in awaited if item in each.items],
        at=at,
        due_words=due_words,
    )


@bp.get(f"{CASE}/steps/<string:trigger>")
@requires(Permission.CASE_START)
def show_case_step(district_code: str, case_id: UUID, trigger: str) -> ResponseReturnValue:
    """What a step of the whole case means, before it is taken."""
    return _show(CaseKey(district_code, case_id), (None, trigger))


@bp.post(f"{CASE}/steps/<string:trigger>")
@requires(Permission.CASE_START)
def take_case_step(district_code: str, case_id: UUID, trigger: str) -> ResponseReturnValue:
    """Take a step of the whole case, once."""
    return _take(CaseKey(district_code, case_id), (None, trigger))


@bp.get(f"{PART}/steps/<string:trigger>")
@requires(Permission.CASE_START)
def show_step(district_code: str, case_id: UUID, item: str, trigger: str) -> ResponseReturnValue:
    """What a step about one part means, before it is taken."""
    return _show(CaseKey(district_code, case_id), (item, trigger))


@bp.post(f"{PART}/steps/<string:trigger>")
@requires(Permission.CASE_START)
def take_step(district_code: str, case_id: UUID, item: str, trigger: str) -> ResponseReturnValue:
    """Take a step about one part, once."""
    return _take(CaseKey(district_code, case_id), (item, trigger))


def _show(key: CaseKey, place: tuple[str | None, str]) -> ResponseReturnValue:
    at = now()
    found = _find(key, place, at)
    if found is None:
        return _to_case(key)
    return _page(key, found, DecisionForm(found.step, ()), at)


def _take(key: CaseKey, place: tuple[str | None, str]) -> ResponseReturnValue:
    at = now()
    found = _find(key, place, at)
    if found is None:
        return _again(key, place, at)
    form = DecisionForm(found.step, (), request.form)
    decision = form.read(at.astimezone(CIVIL_ZONE).date())
    if decision is None:
        return _page(key, found, form, at), 422
    try:
        with transaction() as session:
            door.move(session, _command(key, place, decision), current_actor(), at)
    except RuleViolatedError as error:
        form.blame(error.problems)
        return _page(key, found, form, at), 422
    except (ConflictError, TransitionRefusedError) as error:
        fresh = _find(key, place, at)
        if fresh is None:
            return _gone(key, at, error), 409
        form = DecisionForm(fresh.step, (), request.form)
        form.command_id, form.version = str(decision.command_id), str(fresh.step.version)
        return _page(key, fresh, form, at, error), 409
    flash(_("已提交：%(step)s", step=wording(found.step.label)), "success")
    return _to_case(key) if place[0] is None else _to_part(key, place[0])


def _again(key: CaseKey, place: tuple[str | None, str], at: datetime) -> ResponseReturnValue:
    """A second press of a step that was taken, or a page that has become too old."""
    form = _posted_decision()
    if form is not None:
        try:
            with transaction() as session:
                moved = door.move(session, _command(key, place, form), current_actor(), at)
        except DomainError:
            moved = None
        if moved is not None and moved.repeated:
            return _to_case(key) if place[0] is None else _to_part(key, place[0])
    return _gone(key, at, TransitionRefusedError(TOO_LATE)), 409


def _posted_decision() -> Decision | None:
    """The command's id alone: enough to find that it was carried out before."""
    try:
        command_id = UUID(request.form.get("command_id", ""))
    except ValueError:
        return None
    return Decision(
        command_id=command_id,
        expected_version=-1,
        reason=None,
        reason_code=None,
        places=(),
        inputs={},
    )


def _command(key: CaseKey, place: tuple[str | None, str], decision: Decision) -> door.Command:
    return door.Command(
        district_code=key.district_code,
        case_id=key.case_id,
        item_code=place[0],
        trigger=place[1],
        command_id=decision.command_id,
        expected_version=decision.expected_version,
        reason=decision.reason,
        reason_code=decision.reason_code,
        inputs=decision.inputs,
    )


def _find(key: CaseKey, place: tuple[str | None, str], at: datetime) -> ApplicantStep | None:
    """The step if it may be taken now; None if it is known and it is not the time for it.

    Raises `NotFoundError` for anybody else's case, and for a step that the case does not have.
    """
    with transaction() as session:
        actor = current_actor()
        if applicant_steps.known(session, actor, key, place) is None:
            raise NotFoundError(NO_CASE)
        steps = applicant_steps.steps_of(session, actor, key, at)
    return next((each for each in steps if (each.item_code, each.step.trigger) == place), None)


def _part(stands: Progress, item: str) -> Part:
    found = next((part for part in stands.parts if part.item_code == item), None)
    if found is None:
        raise NotFoundError(NO_CASE)
    return found


def _page(
    key: CaseKey,
    found: ApplicantStep,
    form: DecisionForm,
    at: datetime,
    error: DomainError | None = None,
) -> str:
    with transaction() as session:
        stands = progress(session, current_actor(), key.district_code, key.case_id, at)
    problems = form.problems
    if error is not None:
        problems = [{"id": "", "text": wording(error.sentence)}, *problems]
    return render_template(
        "parts/step.html",
        progress=stands,
        found=found,
        form=form,
        problems=problems,
        is_error=bool(problems),
        at=at,
        due_words=due_words,
    )


def _gone(key: CaseKey, at: datetime, error: DomainError) -> str:
    with transaction() as session:
        stands = progress(session, current_actor(), key.district_code, key.case_id, at)
    return render_template("parts/gone.html", progress=stands, error=error, is_error=True)


def _to_case(key: CaseKey) -> ResponseReturnValue:
    address = url_for("cases.show", district_code=key.district_code, case_id=key.case_id)
    return redirect(address, 303)


def _to_part(key: CaseKey, item: str) -> ResponseReturnValue:
    address = url_for("parts.show", district_code=key.district_code, case_id=key.case_id, item=item)
    return redirect(address, 303)
