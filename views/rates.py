"""The page of the three rates: what can be had online, without a visit, and what really was."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from core.clock import now
from services import rates
from services.case_scope import case_choices, cases_within_reach
from services.report_filters import OF_CASES
from views.actors import current_actor, requires
from views.case_filters import asked_filters, filter_values
from views.database import report_snapshot
from workflows.permissions import Permission

bp = Blueprint("rates", __name__, url_prefix="/rates")


@bp.get("")
@requires(Permission.LEDGER_READ)
def index() -> ResponseReturnValue:
    """All three with definition, numerator and denominator, and the items that fall short."""
    at = now()
    filters, problems = asked_filters()
    filters = cases_within_reach(current_actor(), filters, at)
    with report_snapshot() as session:
        report = None if problems else rates.rates(session, filters, at)
        facts = OF_CASES.tell(session, filters)
    page = render_template(
        "rates/index.html",
        report=report,
        definitions=rates.DEFINITIONS,
        **filter_values("rates.index", case_choices(current_actor(), at), problems, facts),
    )
    return page, 422 if problems else 200
