"""The end of a draft that nobody wants: a page to ask, and the press that erases it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from services import drafts
from services.cases import CaseKey
from views.actors import current_actor, requires
from views.database import transaction
from workflows.permissions import Permission

bp = Blueprint("drafts", __name__, url_prefix="/cases")

PAGE = "/<string:district_code>/<uuid:case_id>/delete"


@bp.get(PAGE)
@requires(Permission.CASE_APPLY)
def ask(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """What would be erased, before it is."""
    key = CaseKey(district_code, case_id)
    with transaction() as session:
        draft = drafts.draft_line(session, current_actor(), key, now())
    if not draft.can_be_deleted:
        return redirect(url_for("cases.show", district_code=district_code, case_id=case_id), 303)
    return render_template("cases/delete.html", draft=draft)


@bp.post(PAGE)
@requires(Permission.CASE_APPLY)
def delete(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Erase it, and go back to the list."""
    with transaction() as session:
        drafts.delete(session, current_actor(), CaseKey(district_code, case_id))
    flash(_("草稿已删除，里面填的内容和文件也已清除。"), "success")
    return redirect(url_for("cases.index"), 303)
