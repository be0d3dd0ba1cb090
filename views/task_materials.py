"""The papers of a case for the officers whose item may open them."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from core.clock import now
from services import material_files
from services.case_keys import CaseKey
from services.material_files import StoredFile
from services.queue import TaskKey
from views import uploads
from views.actors import current_actor, requires
from views.database import transaction
from views.pictures import file_answer, page_answer
from workflows.permissions import Permission

bp = Blueprint("task_materials", __name__, url_prefix="/tasks")

FILE = "/<string:district_code>/<uuid:case_id>/<string:item_code>/materials/<uuid:file_id>"


@bp.get(FILE)
@requires(Permission.TASK_CLAIM)
def download(
    district_code: str, case_id: UUID, item_code: str, file_id: UUID
) -> ResponseReturnValue:
    """A file as it was sent, to keep."""
    task = TaskKey(key=CaseKey(district_code, case_id), item_code=item_code)
    return file_answer(uploads.store(), _file(task, file_id))


@bp.get(f"{FILE}/pages/<int:page>")
@requires(Permission.TASK_CLAIM)
def picture(
    district_code: str, case_id: UUID, item_code: str, file_id: UUID, page: int
) -> ResponseReturnValue:
    """One page of a file as a picture beside the answers."""
    task = TaskKey(key=CaseKey(district_code, case_id), item_code=item_code)
    return page_answer(uploads.store(), _file(task, file_id), page)


def _file(task: TaskKey, file_id: UUID) -> StoredFile:
    with transaction() as session:
        return material_files.task_file(session, current_actor(), task, file_id, now())
