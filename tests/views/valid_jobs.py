"""Valid requests of the operators' pages: a part of `tests.views.valid_requests.VALID`."""

from collections.abc import Callable

from tests.fixtures.failed_jobs import NAME, given_up
from tests.fixtures.scene import Scene
from tests.views.valid_form import Valid

OPERATOR = "operator"


def _repair(scene: Scene) -> Valid:
    number = given_up(scene.database)
    typed = {"job": str(number), "which": "chosen", "act": "again", "reason": "数据库已恢复。"}
    return Valid(OPERATOR, f"/operations/jobs/{NAME}", typed)


JOBS: dict[str, Callable[[Scene], Valid]] = {"operations.repair_jobs": _repair}
