"""Saying why a task is overdue, before it is decided: the applicant reads it."""

from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import RuleViolatedError
from forms.delays import DelayForm
from forms.posted import posted_id
from services import case_files, delays
from services.case_files import CaseFile
from services.cases import CaseKey
from services.delays import Explanation
from services.queue import TaskKey
from views.actors import current_actor, requires
from views.database import transaction
from views.task_lists import task_url
from workflows.permissions import Permission

bp = Blueprint("delays", __name__, url_prefix="/tasks")
PAGE = "/<string:district_code>/<uuid:case_id>/<string:item_code>/delay"


@bp.get(PAGE)
@requires(Permission.TASK_CLAIM)
def show(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """The reasons to choose from."""
    task, at = _key(district_code, case_id, item_code), now()
    return _page(_open(task, at), DelayForm(), at)


@bp.post(PAGE)
@requires(Permission.TASK_CLAIM)
def explain(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """Write the reason down, once however often it is sent."""
    task, at = _key(district_code, case_id, item_code), now()
    file, form = _open(task, at), DelayForm(request.form)
    delay = form.read()
    if delay is None:
        return _page(file, form, at), 422
    command_id = posted_id(request.form.get("command_id")) or uuid4()
    try:
        with transaction() as session:
            given = Explanation(command_id=command_id, delay=delay)
            delays.explain(session, current_actor(), task, given, at)
    except RuleViolatedError as error:
        for problem in error.problems:
            form.blame(problem)
        return _page(file, form, at), 422
    flash(_("超期原因已公开，申请人在办件页面可以看到。"), "success")
    return redirect(task_url(task), 303)


def _page(file: CaseFile, form: DelayForm, at: datetime) -> str:
    return render_template(
        "tasks/delay.html",
        file=file,
        form=form,
        at=at,
        back=task_url(file.task),
        command_id=request.form.get("command_id") or uuid4(),
        is_error=bool(form.problems),
    )


def _open(task: TaskKey, at: datetime) -> CaseFile:
    with transaction() as session:
        return case_files.open_file(session, current_actor(), task, at)


def _key(district_code: str, case_id: UUID, item_code: str) -> TaskKey:
    return TaskKey(key=CaseKey(district_code, case_id), item_code=item_code)
