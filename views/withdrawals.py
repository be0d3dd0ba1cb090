"""Withdrawing a case or one part of it: first what it means for each part, then the button."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import ConflictError, DomainError, TransitionRefusedError
from forms.withdrawals import WithdrawalForm
from services import withdrawals
from services.cases import CaseKey
from services.withdrawals import Prospect
from views.actors import current_actor, requires
from views.database import transaction
from workflows.permissions import Permission

bp = Blueprint("withdrawals", __name__, url_prefix="/cases")

CASE = "/<string:district_code>/<uuid:case_id>"


@bp.get(f"{CASE}/withdraw")
@requires(Permission.CASE_START)
def show(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """What withdrawing the whole case would mean for each part."""
    return _show(CaseKey(district_code, case_id), None)


@bp.post(f"{CASE}/withdraw")
@requires(Permission.CASE_START)
def withdraw(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Withdraw the whole case, once."""
    return _withdraw(CaseKey(district_code, case_id), None)


@bp.get(f"{CASE}/parts/<string:item>/withdraw")
@requires(Permission.CASE_START)
def show_part(district_code: str, case_id: UUID, item: str) -> ResponseReturnValue:
    """What withdrawing one part would mean."""
    return _show(CaseKey(district_code, case_id), item)


@bp.post(f"{CASE}/parts/<string:item>/withdraw")
@requires(Permission.CASE_START)
def withdraw_part(district_code: str, case_id: UUID, item: str) -> ResponseReturnValue:
    """Withdraw one part, once; the others go on."""
    return _withdraw(CaseKey(district_code, case_id), item)


def _show(key: CaseKey, item: str | None) -> ResponseReturnValue:
    prospect = _prospect(key, item, now())
    if not prospect.is_possible:
        return _to_case(key)
    return _page(prospect, WithdrawalForm(prospect))


def _withdraw(key: CaseKey, item: str | None) -> ResponseReturnValue:
    at = now()
    prospect = _prospect(key, item, at)
    form = WithdrawalForm(prospect, request.form)
    asked = form.read(item)
    if asked is None:
        if not prospect.is_possible:
            return _to_case(key)
        return _page(prospect, form), 422
    try:
        with transaction() as session:
            withdrawals.withdraw(session, current_actor(), key, asked, at)
    except (ConflictError, TransitionRefusedError) as error:
        prospect = _prospect(key, item, at)
        form.renew(prospect)
        return _page(prospect, form, error), 409
    flash(_("已撤回这一项，其他事项照常办理。") if item else _("已撤回。"), "success")
    return _to_case(key)


def _prospect(key: CaseKey, item: str | None, at: datetime) -> Prospect:
    with transaction() as session:
        return withdrawals.prospect(session, current_actor(), key, at, item)


def _page(prospect: Prospect, form: WithdrawalForm, error: DomainError | None = None) -> str:
    return render_template(
        "cases/withdraw.html",
        prospect=prospect,
        progress=prospect.progress,
        form=form,
        error=error,
        is_error=bool(form.problems or error),
    )


def _to_case(key: CaseKey) -> ResponseReturnValue:
    address = url_for("cases.show", district_code=key.district_code, case_id=key.case_id)
    return redirect(address, 303)
