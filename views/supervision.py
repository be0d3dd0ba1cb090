"""The supervisor's board, and the file of a case read-only."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from catalog.summaries import summary_rows
from core.clock import now
from forms import board_filters
from forms.board_filters import BoardQuery
from services import card_lists, case_files, staff_notices, supervised, supervision
from services.board_scope import NOBODY, Band
from services.case_files import CaseFile
from services.cases import CaseKey
from services.queue import TaskKey
from services.supervision import Board
from views.actors import current_actor, requires
from views.database import transaction
from views.localisation import locale, wording
from views.queue_page import Choice
from workflows.clocks import due_day_words, due_words
from workflows.colours import COLOUR_WORDS
from workflows.permissions import Permission

bp = Blueprint("supervision", __name__, url_prefix="/supervision")

FILE = "/tasks/<string:district_code>/<uuid:case_id>/<string:item_code>"


@bp.get("")
@requires(Permission.SUPERVISION_READ)
def index() -> ResponseReturnValue:
    """What presses at the supervisor's desks, and whose it is."""
    at, actor = now(), current_actor()
    desks = supervised.supervised(actor, at)
    asked = board_filters.read(
        request.args,
        districts=supervised.districts(desks),
        departments=supervised.departments(desks),
    )
    with transaction() as session:
        board = supervision.board(session, actor, asked.chosen, at)
        unread = staff_notices.unread(session, actor)
    shown = _shown(board, asked) | {"at": at, "unread": unread}
    return render_template("supervision/index.html", **shown), 422 if asked.problems else 200


@bp.get(FILE)
@requires(Permission.SUPERVISION_READ)
def file(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """One item's part of a case, to be read."""
    task, at = _key(district_code, case_id, item_code), now()
    with transaction() as session:
        opened = case_files.open_file(session, current_actor(), task, at)
        cards = card_lists.of_tasks(session, [task]).get(task, ())
    return render_template(
        "supervision/file.html",
        file=opened,
        cards=cards,
        at=at,
        sections=_sections(opened),
        due=due_words(opened.due_at, at) if opened.due_at else None,
        due_day=due_day_words(opened.due_at, at) if opened.due_at else None,
        colour_words=COLOUR_WORDS,
    )


def _sections(opened: CaseFile) -> list[tuple[Any, list[Any]]]:
    return [
        (seen.section, list(summary_rows(seen.section, seen.answers, locale(), opened.names)))
        for seen in opened.sections
    ]


def _shown(board: Board, asked: BoardQuery) -> dict[str, Any]:
    """The values of the board's page."""
    mistakes = {name: wording(text) for name, text in asked.problems.items()}

    def address(**changes: object) -> str:
        values: dict[str, Any] = dict(board_filters.written(board.chosen, **changes))
        return url_for("supervision.index", **values)

    return {
        "board": board,
        "chosen": board.chosen,
        "bands": _bands(),
        "choices": _choices(board),
        "address": address,
        "mistakes": mistakes,
        "problems": [{"id": name, "text": text} for name, text in mistakes.items()],
        "is_error": bool(mistakes),
        "card_words": card_lists.KIND_WORDS,
        "colour_words": COLOUR_WORDS,
        "due_words": due_words,
        "due_day_words": due_day_words,
        "nobody": NOBODY,
    }


def _bands() -> dict[Band, str]:
    return {
        Band.RED: _("红色超期"),
        Band.TODAY: _("今天变红"),
        Band.YELLOW: _("黄色预警"),
        Band.BLUE: _("蓝色提醒"),
    }


def _choices(board: Board) -> dict[str, list[Choice]]:
    """The options of every filter, with how many there are of each."""
    return {
        "band": [Choice(band, words, board.counts[band]) for band, words in _bands().items()],
        "department": [Choice(code, wording(name)) for code, name in board.departments.items()],
        "person": [Choice(share.value, wording(share.label)) for share in board.by_officer],
        "district": [Choice(code, wording(name)) for code, name in board.districts.items()],
    }


def _key(district_code: str, case_id: UUID, item_code: str) -> TaskKey:
    return TaskKey(key=CaseKey(district_code, case_id), item_code=item_code)
