"""Drafts of decisions: saved as one types or by a button, and thrown away by a button."""

from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.clock import now
from forms.decisions import DecisionForm
from services import case_files, decision_drafts
from services.case_files import CaseFile
from services.cases import CaseKey
from services.decision_drafts import KeptDraft
from services.queue import TaskKey
from services.task_steps import Step
from views.actors import current_actor, requires
from views.database import transaction
from views.localisation import clock
from views.refusals import wants_json
from views.task_lists import listed, task_url
from workflows.permissions import Permission

bp = Blueprint("decision_drafts", __name__, url_prefix="/tasks")

STEP = "/<string:district_code>/<uuid:case_id>/<string:item_code>/<string:trigger>/draft"


@bp.post(STEP)
@requires(Permission.TASK_CLAIM)
def save(district_code: str, case_id: UUID, item_code: str, trigger: str) -> ResponseReturnValue:
    """Keep what stands in the form of a step, or throw the draft away if that was pressed."""
    actor, at = current_actor(), now()
    task = TaskKey(key=CaseKey(district_code, case_id), item_code=item_code)
    with transaction() as session:
        file = case_files.open_file(session, actor, task, at)
        step = file.step(trigger, of_case=request.args.get("of") == "case")
        if "clear" in request.form:
            decision_drafts.discard(session, actor, task, step.code, at)
            is_kept = False
        else:
            typed = _typed(step)
            is_kept = decision_drafts.keep(session, actor, (task, step.code), typed, at)
    if wants_json():
        return jsonify(saved_at=clock(at) if is_kept else None)
    flash(_("已存为草稿，只有您能看到。") if is_kept else _("草稿已清空。"), "success")
    return redirect(f"{task_url(task, listed(at))}#step-{step.trigger}", 303)


def fresh_form(file: CaseFile, step: Step, kept: KeptDraft | None) -> DecisionForm:
    """The form of a step: as the actor left it if a draft was kept, otherwise empty."""
    if kept is None:
        return DecisionForm(step, file.places)
    typed: MultiDict[str, str] = MultiDict()
    for name, values in kept.typed.items():
        typed.setlist(name, list(values))
    typed["command_id"], typed["expected_version"] = str(uuid4()), str(step.version)
    form = DecisionForm(step, file.places, typed)
    form.saved_at = kept.saved_at
    return form


def kept_drafts(task: TaskKey, at: datetime) -> dict[str, KeptDraft]:
    """The actor's drafts on a task, by the code of the step."""
    with transaction() as session:
        return decision_drafts.kept(session, current_actor(), task, at)


def _typed(step: Step) -> dict[str, list[str]]:
    """What belongs to the step's own form; the machinery of the page stays out."""
    typed = {
        name: [_without_nul(value) for value in request.form.getlist(name)]
        for name in request.form
        if (name or "").startswith((f"{step.trigger}-", "place-"))  # a broken part has no name
    }
    if any(value.strip() for values in typed.values() for value in values):
        typed["place_count"] = [_without_nul(request.form.get("place_count", ""))]
    return {_without_nul(name): values for name, values in typed.items()}


def _without_nul(text: str) -> str:
    """The database keeps no NUL character, and nobody types one."""
    return text.replace("\x00", "")
