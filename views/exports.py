"""Reports as files that are written in the background: asked for, followed, downloaded."""

import hashlib
import os
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import NotFoundError
from core.text import Text
from forms.posted import posted_id
from services import report_exports, report_filters, reports
from services.report_exports import NO_FORMAT, Export, Request
from services.report_writing import FORMATS, MEDIA_TYPES, FileFormat, Wanted
from views import uploads
from views.actors import POLL, current_actor, requires
from views.attachments import attachment
from views.database import transaction
from views.localisation import locale
from views.pictures import bytes_of
from views.reports import csv_address, json_address
from workflows.permissions import Permission

bp = Blueprint("exports", __name__, url_prefix="/exports")

LONGEST_CODE = 60
EXPORT_GONE = Text(
    zh="这个文件生成过，但它的内容现在读不出来。请重新生成一次；仍然不行的，请联系管理员。",
    en="This file was made, but its content cannot be read now. Please ask for it again; if that "
    "does not help, contact the administrator.",
)


def init_app(app: Flask) -> None:
    """Let every report's page offer its files: see ``templates/exports/links.html``."""
    app.jinja_env.globals.update(
        csv_address=csv_address,
        json_address=json_address,
        new_command_id=uuid4,
        tables_of_report=lambda code: reports.named(code).tables,
    )


@bp.get("")
@requires(Permission.LEDGER_READ)
def index() -> ResponseReturnValue:
    """What the actor asked for, the newest first."""
    with transaction() as session:
        exports = report_exports.mine(session, current_actor(), now())
    return _shown("exports/index.html", "exports/list.html", exports)


@bp.post("")
@requires(Permission.LEDGER_READ)
def ask() -> ResponseReturnValue:
    """Ask for a file; pressed twice it is one."""
    asked = Request(
        command_id=posted_id(request.form.get("command_id")) or uuid4(),
        report_code=request.form.get("report", ""),
        typed=report_filters.typed_filters(request.form),
        wanted=_wanted(),
    )
    with transaction() as session:
        export_id = report_exports.ask(session, current_actor(), asked, now())
    return redirect(url_for("exports.show", export_id=export_id), 303)


@bp.get("/<uuid:export_id>")
@requires(Permission.LEDGER_READ)
def show(export_id: UUID) -> ResponseReturnValue:
    """How far one file is, what it holds, and the file itself once it is there."""
    with transaction() as session:
        export = report_exports.one(session, current_actor(), export_id, now())
    return _shown("exports/show.html", "exports/one.html", [export])


@bp.get("/<uuid:export_id>/file")
@requires(Permission.LEDGER_READ)
def file(export_id: UUID) -> Response:
    """The file, for who asked for it and may still see what is in it."""
    with transaction() as session:
        export = report_exports.file_of(session, current_actor(), export_id, now())
    content = bytes_of(uploads.store(), export.content_hash or b"", EXPORT_GONE)
    plain = f"{export.report_code}-{export.id}.{export.wanted.format}"
    name = export.file_name or plain
    answer = attachment(content, MEDIA_TYPES[export.wanted.format], name, plain)
    answer.content_length = os.fstat(content.fileno()).st_size
    return answer


def _wanted() -> Wanted:
    """What kind of file is asked for. Raises `NotFoundError` if there is no such kind."""
    asked, table = request.form.get("format", ""), request.form.get("table", "")
    if asked not in set(FileFormat):
        raise NotFoundError(NO_FORMAT)
    if len(table) > LONGEST_CODE or (table and not table.isidentifier()):
        raise NotFoundError(reports.NO_TABLE)
    return Wanted(format=FileFormat(asked), language=locale(), table_code=table or None)


def _shown(page: str, part: str, exports: Sequence[Export]) -> ResponseReturnValue:
    """The page, or for a page that keeps itself fresh its moving part alone: 304 if unchanged."""
    version = hashlib.sha256(f"{locale()} {exports!r}".encode()).hexdigest()[:32]
    values: dict[str, Any] = {
        "exports": exports,
        "is_waiting": any(export.state == "waiting" for export in exports),
        "formats": FORMATS,
        "version": f'"{version}"',
    }
    if POLL not in request.headers:
        return render_template(page, **values)
    answer = Response()
    answer.set_etag(version)
    if version not in request.if_none_match:
        answer.set_data(render_template(part, **values))
    answer.make_conditional(request)
    return answer
