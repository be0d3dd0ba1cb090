"""Reports as CSV and JSON, answered at once under the addresses of their pages.

A file is written row by row, a large one to the disk, and sent from there: no web process holds
it, a broken one is never sent, and a slow reader keeps no transaction open.
"""

from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import Problem, RuleViolatedError
from core.text import ENGLISH, Text
from services import report_filters, report_writing, reports
from services.report_tables import ReportFile
from services.report_writing import FORMATS, MEDIA_TYPES, Counted, FileFormat, Wanted
from views.actors import current_actor, requires
from views.attachments import IN_MEMORY, attachment, detached
from views.database import report_snapshot
from views.localisation import locale
from views.refusals import wants_json
from workflows.permissions import Permission

bp = Blueprint("reports", __name__)

ROWS_AT_ONCE = 30_000
"""More would keep a web process busy for seconds; the worker writes them."""
TOO_MANY_ROWS = Text(
    zh="超过 {most} 行，不能立即下载。可以由后台生成文件，或者缩短期间。",
    en="There are more than {most} rows, too many to download at once. Have the file written in "
    "the background, or choose a shorter period.",
)


class TooManyRowsError(Exception):
    """More rows than are answered at once."""


@bp.get("/savings/report.csv", defaults={"code": "savings"})
@bp.get("/savings/entries.csv", defaults={"code": "entries"})
@bp.get("/times/report.csv", defaults={"code": "times"})
@bp.get("/rates/report.csv", defaults={"code": "rates"})
@requires(Permission.LEDGER_READ)
def as_csv(code: str) -> ResponseReturnValue:
    """One table of a report, ``table`` in the address, with the filters of its page."""
    return _answer(code, FileFormat.CSV)


@bp.get("/savings/entries.json", defaults={"code": "entries"})
@bp.get("/times/report.json", defaults={"code": "times"})
@bp.get("/rates/report.json", defaults={"code": "rates"})
@requires(Permission.LEDGER_READ)
def as_json(code: str) -> ResponseReturnValue:
    """A whole report for a machine, with the filters of its page."""
    return _answer(code, FileFormat.JSON)


def csv_address(code: str, typed: Mapping[str, str], table: str | None = None) -> str:
    """Where a table of a report is had as CSV."""
    values: dict[str, Any] = {**typed, "table": table}
    return url_for("reports.as_csv", code=code, **values)


def json_address(code: str, typed: Mapping[str, str]) -> str:
    """Where a report is had as JSON; the savings report has a document of its own."""
    values: dict[str, Any] = dict(typed)
    if code == "savings":
        return url_for("savings.report_json", **values)
    return url_for("reports.as_json", code=code, **values)


def _answer(code: str, file_format: FileFormat) -> ResponseReturnValue:
    typed = report_filters.typed_filters(request.args)
    wanted = Wanted(
        format=file_format, language=locale(), table_code=request.args.get("table") or None
    )
    try:
        return _file(code, wanted, typed)
    except TooManyRowsError:
        return _offer(code, wanted, typed)


def _file(code: str, wanted: Wanted, typed: dict[str, str]) -> Response:
    at = now()
    bound = reports.named(code).bind(current_actor(), typed, at)
    with SpooledTemporaryFile(IN_MEMORY) as file:
        with report_snapshot() as session:
            report = bound.draw_up(session, at)
            names = [report_writing.file_name(report, wanted, each) for each in (None, ENGLISH)]
            _spool(report, wanted, file)
        content = detached(file)
    return attachment(content, MEDIA_TYPES[wanted.format], *names)


def _offer(code: str, wanted: Wanted, typed: dict[str, str]) -> ResponseReturnValue:
    """A page that offers to have the file written in the background; a script gets the refusal."""
    sentence = TOO_MANY_ROWS.format(most=f"{ROWS_AT_ONCE:,}")
    if wants_json():
        raise RuleViolatedError((Problem("from", sentence),), sentence)
    page = render_template(
        "exports/too_many.html",
        report=reports.named(code),
        wanted=wanted,
        typed=typed,
        sentence=sentence,
        format_name=FORMATS[wanted.format],
        is_error=True,
    )
    return page, 422


def _spool(report: ReportFile, wanted: Wanted, file: IO[bytes]) -> None:
    with Counted(report) as counted:
        for piece in report_writing.pieces(counted.report, wanted):
            file.write(piece)
            if counted.rows > ROWS_AT_ONCE:
                raise TooManyRowsError
