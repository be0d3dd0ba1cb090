"""Numbered papers: each a page to read, print and verify; opening one's own is its service."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import CIVIL_ZONE, now
from core.errors import NotPermittedError, RuleViolatedError
from core.text import Text
from forms.document_services import DeliveryForm
from services import document_checks, document_services, documents
from services.case_keys import CaseKey
from services.documents import DocumentPage
from views.actors import current_actor, public, requires
from views.database import transaction
from views.public_addresses import public_url_for
from views.qr_codes import qr_code
from workflows.permissions import Permission

bp = Blueprint("documents", __name__)

PAPER = "/cases/<string:district_code>/<uuid:case_id>/documents/<int(max=2147483647):number>"
NOT_YOURS = Text(
    zh="您没有登记这份文书送达的权限。", en="You are not permitted to record its service."
)


@bp.get(PAPER)
@requires(Permission.CASE_READ)
def show(district_code: str, case_id: UUID, number: int) -> ResponseReturnValue:
    """One paper; when its addressee opens it for the first time, it is served."""
    key, at, actor = CaseKey(district_code, case_id), now(), current_actor()
    with transaction() as session:
        paper = documents.readable(session, actor, key, number)
        document_services.open_by(session, actor, paper, at)
        found = documents.page(session, actor, key, number, at)
    return _page(found, DeliveryForm(_today(at)))


@bp.post(f"{PAPER}/serve")
@requires(Permission.DOCUMENT_SERVE)
def serve(district_code: str, case_id: UUID, number: int) -> ResponseReturnValue:
    """Record that it was handed over at the window or came by post, once."""
    key, at, actor = CaseKey(district_code, case_id), now(), current_actor()
    form = DeliveryForm(_today(at), request.form)
    delivery = form.read()
    try:
        with transaction() as session:
            paper = documents.readable(session, actor, key, number)
            if not documents.may_serve(session, actor, paper, at):
                raise NotPermittedError(NOT_YOURS)
            if delivery is not None:
                document_services.deliver(session, actor, paper, delivery, at)
    except RuleViolatedError as error:
        form.blame(error.problems)
    if form.problems:
        with transaction() as session:
            found = documents.page(session, actor, key, number, at)
        return _page(found, form), 422
    flash(_("已登记送达。"), "success")
    return redirect(
        url_for("documents.show", district_code=district_code, case_id=case_id, number=number), 303
    )


@bp.get("/verify/<string:district_code>/<uuid:case_id>/<int(max=2147483647):number>/<string:code>")
@public
def verify(district_code: str, case_id: UUID, number: int, code: str) -> ResponseReturnValue:
    """That a paper was issued and its record is unchanged, for anybody who holds it."""
    key = CaseKey(district_code, case_id)
    with transaction() as session:
        found = document_checks.check(session, key, number, code)
    return render_template("documents/verify.html", check=found)


def _today(at: datetime) -> date:
    return at.astimezone(CIVIL_ZONE).date()


def _page(found: DocumentPage, form: DeliveryForm) -> str:
    key, number = found.key, found.line.number
    address = public_url_for(
        "documents.verify",
        district_code=key.district_code,
        case_id=key.case_id,
        number=number,
        code=document_checks.code_of(found.event_hash),
    )
    return render_template(
        "documents/show.html",
        document=found,
        form=form,
        problems=form.problems,
        is_error=bool(form.problems),
        address=address,
        qr=qr_code(address, _("查验这份文书的二维码")),
        handed_over=any(not service.is_electronic for service in found.line.services),
        back=_way_back(found),
    )


def _way_back(found: DocumentPage) -> str | None:
    """To the case, or to the part that an officer came from; None for who has no such page."""
    here: dict[str, Any] = {
        "district_code": found.key.district_code,
        "case_id": found.key.case_id,
    }
    actor = current_actor()
    if found.is_applicant or actor.has(Permission.DRAFT_WRITE):
        return url_for("cases.show", **here)
    part = request.args.get("part") or found.line.item_code
    if part is None:
        return None
    if actor.has(Permission.TASK_CLAIM):
        return url_for("tasks.show", item_code=part, **here)
    if actor.has(Permission.SUPERVISION_READ):
        return url_for("supervision.file", item_code=part, **here)
    return None
