"""Hand-over packages: what comes in from other districts and what goes out to them."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import ConflictError, RuleViolatedError
from forms.accounts import attach
from forms.packages import PostingForm, ReceiptForm
from forms.posted import posted_id, posted_instant
from services import package_lists, packages, staff_notices
from services.cases import CaseKey
from services.package_lists import Package
from services.packages import Confirmation
from services.queue import TaskKey
from views import uploads
from views.actors import current_actor, requires
from views.database import transaction
from views.pages import posted_slice
from workflows.permissions import Permission

bp = Blueprint("packages", __name__, url_prefix="/packages")

PAGE = "/<string:district_code>/<uuid:case_id>/<string:item_code>/<int(max=2147483647):number>"


@bp.get("")
@requires(Permission.TASK_REVIEW)
def index() -> ResponseReturnValue:
    """The packages of the officer's own desk, coming in and going out."""
    actor, at = current_actor(), now()
    with transaction() as session:
        incoming = package_lists.incoming(session, actor, at, posted_slice("in"))
        outgoing = package_lists.outgoing(session, actor, at, posted_slice("out"))
        told = staff_notices.unread(session, actor)
    return render_template("packages/index.html", incoming=incoming, outgoing=outgoing, unread=told)


@bp.post("/notices")
@requires(Permission.TASK_REVIEW)
def mark_notices_read() -> ResponseReturnValue:
    """Mark what the page told as read."""
    at = now()
    until = posted_instant(request.form.get("until"), at)
    with transaction() as session:
        staff_notices.mark_read(session, current_actor(), until, at)
    return redirect(url_for("packages.index"), 303)


@bp.get(PAGE)
@requires(Permission.TASK_REVIEW)
def show(district_code: str, case_id: UUID, item_code: str, number: int) -> ResponseReturnValue:
    """One package: what is in it, its hash, who confirmed it; to be printed as it is."""
    receipt, posting = ReceiptForm(), PostingForm()
    receipt.begin()
    posting.begin()
    return _page(_key(district_code, case_id, item_code), number, (receipt, posting))


@bp.post(f"{PAGE}/receive")
@requires(Permission.TASK_REVIEW)
def receive(district_code: str, case_id: UUID, item_code: str, number: int) -> ResponseReturnValue:
    """Compute the hash from what was received, and confirm the package or refuse it."""
    task, form, at = _key(district_code, case_id, item_code), ReceiptForm(), now()
    form.submitted_and_valid()
    try:
        confirmation = Confirmation(
            number=number,
            command_id=_press(form.command_id.data),
            store=uploads.store(),
            arrived_on=form.day(),
        )
        with transaction() as session:
            is_same = packages.receive(session, current_actor(), task, confirmation, at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _page(task, number, (form, _fresh_posting())), 422
    except ConflictError as error:
        return _page(task, number, (form, _fresh_posting()), error), 409
    if is_same:
        flash(_("两边计算的校验值一致，已确认收到，可以开始办理。"), "success")
    return redirect(_url(task, number), 303)


@bp.post(f"{PAGE}/posting")
@requires(Permission.TASK_REVIEW)
def post(district_code: str, case_id: UUID, item_code: str, number: int) -> ResponseReturnValue:
    """Note how the papers travel."""
    task, form, at = _key(district_code, case_id, item_code), PostingForm(), now()
    form.submitted_and_valid()
    receipt = ReceiptForm(formdata=None)
    receipt.begin()
    try:
        posting = form.posting()
        with transaction() as session:
            packages.post(session, current_actor(), task, posting, at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _page(task, number, (receipt, form)), 422
    except ConflictError as error:
        return _page(task, number, (receipt, form), error), 409
    flash(_("邮寄已登记，对方的页面上可以看到。"), "success")
    return redirect(_url(task, number), 303)


@bp.post(f"{PAGE}/send")
@requires(Permission.TASK_REVIEW)
def send(district_code: str, case_id: UUID, item_code: str, number: int) -> ResponseReturnValue:
    """Make a refused package anew."""
    task, at = _key(district_code, case_id, item_code), now()
    press = _press(request.form.get("command_id"))
    try:
        with transaction() as session:
            packages.send_again(session, current_actor(), task, press, at)
            newest = package_lists.newest_number(session, task) or number
    except ConflictError as error:
        receipt, posting = ReceiptForm(formdata=None), _fresh_posting()
        receipt.begin()
        return _page(task, number, (receipt, posting), error), 409
    flash(_("已重新移交，等待对方确认。"), "success")
    return redirect(_url(task, newest), 303)


def _page(
    task: TaskKey,
    number: int,
    forms: tuple[ReceiptForm, PostingForm],
    conflict: ConflictError | None = None,
) -> str:
    with transaction() as session:
        found: Package = package_lists.package(session, current_actor(), task, number, now())
    return render_template(
        "packages/show.html",
        package=found,
        receipt=forms[0],
        posting=forms[1],
        conflict=conflict,
        new_id=uuid4,
        is_error=bool(conflict or forms[0].errors or forms[1].errors),
    )


def _fresh_posting() -> PostingForm:
    form = PostingForm(formdata=None)
    form.begin()
    return form


def _press(typed: str | None) -> UUID:
    return posted_id(typed) or uuid4()


def _key(district_code: str, case_id: UUID, item_code: str) -> TaskKey:
    return TaskKey(key=CaseKey(district_code, case_id), item_code=item_code)


def _url(task: TaskKey, number: int) -> str:
    return url_for(
        "packages.show",
        district_code=task.key.district_code,
        case_id=task.key.case_id,
        item_code=task.item_code,
        number=number,
    )
