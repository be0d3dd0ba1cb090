"""Keeping out of a case: the declaration of a conflict of interest."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import RuleViolatedError
from forms.accounts import attach
from forms.reassignments import RecusalForm
from services import case_files, conflicts
from services.case_files import CaseFile
from services.cases import CaseKey
from services.queue import TaskKey
from views.actors import current_actor, requires
from views.database import transaction
from workflows.permissions import Permission

bp = Blueprint("conflicts", __name__, url_prefix="/tasks")

PAGE = "/<string:district_code>/<uuid:case_id>/<string:item_code>/recuse"


@bp.get(PAGE)
@requires(Permission.TASK_CLAIM)
def ask(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """What keeping out means, and why one must."""
    form = RecusalForm()
    form.begin()
    return _page(_file(district_code, case_id, item_code), form)


@bp.post(PAGE)
@requires(Permission.TASK_CLAIM)
def declare(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """Keep out from now on; there is no way back to the case."""
    file, form, at = _file(district_code, case_id, item_code), RecusalForm(), now()
    fine, words = form.submitted_and_valid(), form.declaration()
    if not fine or words is None:
        return _page(file, form), 422
    try:
        with transaction() as session:
            conflicts.declare(session, current_actor(), file.task, words, at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _page(file, form), 422
    flash(_("已申明回避。这个办件已从您的队列中移出，由其他人员办理。"), "success")
    return redirect(url_for("queue.index"), 303)


def _file(district_code: str, case_id: UUID, item_code: str) -> CaseFile:
    task = TaskKey(key=CaseKey(district_code, case_id), item_code=item_code)
    with transaction() as session:
        return case_files.open_file(session, current_actor(), task, now())


def _page(file: CaseFile, form: RecusalForm) -> str:
    return render_template("conflicts/ask.html", file=file, form=form)
