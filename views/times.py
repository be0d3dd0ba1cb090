"""The pages of the times: how long cases and items took, and the cases behind each figure."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import NotFoundError, Problem
from core.text import Text
from forms.posted import posted_number
from services import time_cases, times
from services.case_scope import CaseFilters, case_choices, cases_within_reach
from services.report_filters import OF_CASES
from services.time_cases import ITEM_MISSING, LISTS, UNKNOWN_LIST, ItemShown, List, Shown
from services.time_words import DEFINITIONS, REASONS
from views import time_charts
from views.actors import current_actor, requires
from views.case_filters import asked_filters, filter_values, narrowed, narrowed_to_month
from views.charts import chart_answer
from views.database import report_snapshot
from views.localisation import wording
from views.savings_addresses import Link
from workflows.permissions import Permission

bp = Blueprint("times", __name__, url_prefix="/times")

LAST_PAGE = 200
"""Who pages further wants a filter."""
NO_PART = Text(zh="不能这样分开看。", en="There is no such break-down.")
PARTS = {
    "item": Text(zh="按事项", en="By item"),
    "department": Text(zh="按部门", en="By department"),
    "month": Text(zh="按提交的月份", en="By month of sending"),
    "district": Text(zh="按区域", en="By district"),
    "channel": Text(zh="按办理渠道", en="By channel"),
    "thing": Text(zh="按一件事", en="By one-thing"),
}
"""What the figures are broken down by, one at a time."""
NO_CHART = Text(zh="没有这张图。", en="There is no such chart.")


@bp.get("")
@requires(Permission.LEDGER_READ)
def index() -> ResponseReturnValue:
    """T_core and T_applicant with all that is counted, and the same by every dimension."""
    at = now()
    filters, problems = asked_filters()
    by = _part()
    filters = cases_within_reach(current_actor(), filters, at)
    with report_snapshot() as session:
        report = None if problems else times.times(session, filters, at)
        facts = OF_CASES.tell(session, filters)
    page = render_template(
        "times/index.html",
        report=report,
        definitions=DEFINITIONS,
        reasons=REASONS,
        bar_label=time_charts.bar_label,
        alternatives=time_charts.alternatives(report) if report else {},
        cases_address=_cases_address,
        chart_address=_chart_address,
        by=by,
        part_links=lambda origin: _part_links(by, origin),
        **filter_values("times.index", case_choices(current_actor(), at), problems, facts),
    )
    return page, 422 if problems else 200


@bp.get("/cases")
@requires(Permission.LEDGER_READ)
def cases() -> ResponseReturnValue:
    """The cases behind one figure, the slowest first, each leading to its record."""
    at, actor = now(), current_actor()
    filters, found = asked_filters()
    shown, more = _shown(filters)
    problems = (*found, *more)
    filters = cases_within_reach(actor, filters, at)
    with report_snapshot() as session:
        page = time_cases.case_page(session, filters, shown, at, _page_number())
        facts = OF_CASES.tell(session, filters)
    values = filter_values("times.cases", case_choices(actor, at), problems, facts)
    html = render_template(
        "times/cases.html",
        page=page,
        cases_address=_cases_address,
        back=narrowed("times.index"),
        **values,
    )
    return html, 422 if problems else 200


@bp.get("/charts/<string:name>")
@requires(Permission.LEDGER_READ)
def chart(name: str) -> Response:
    """One chart of the cases of one origin, with the page's filters, as a picture."""
    draw = time_charts.CHARTS.get(name)
    if draw is None:
        raise NotFoundError(NO_CHART)
    filters, _problems = asked_filters()
    at = now()
    filters = cases_within_reach(current_actor(), filters, at)
    with report_snapshot() as session:
        report = times.times(session, filters, at, with_items=False)
    return chart_answer(draw(report.origins[0]))


def _shown(filters: CaseFilters) -> tuple[List, tuple[Problem, ...]]:
    """Which list the address asks for; all cases if it cannot be told."""
    asked = request.args.get("show", "")
    if not asked:
        return Shown.SENT, ()
    shown = LISTS.get(asked)
    if shown is None:
        return Shown.SENT, (Problem("show", UNKNOWN_LIST),)
    if isinstance(shown, ItemShown) and filters.item_code is None:
        return Shown.SENT, (Problem("item", ITEM_MISSING),)
    return shown, ()


def _cases_address(show: str | None = None, month: str | None = None, **narrower: Any) -> str:
    """The cases behind one figure: the page's own filters, narrowed."""
    values = {**narrower, "show": show or request.args.get("show")}
    if month:
        return narrowed_to_month("times.cases", month, **values)
    return narrowed("times.cases", **values)


def _chart_address(name: str, origin: str) -> Any:
    """What gives the address of a chart in a look."""
    return lambda look: narrowed("times.chart", name=name, origin=origin, look=look)


def _part() -> str:
    """The break-down that this address asks for; by item if it does not say."""
    asked = request.args.get("by") or "item"
    if asked not in PARTS:
        raise NotFoundError(NO_PART)
    return asked


def _part_links(chosen: str, origin: str) -> list[Link]:
    return [
        Link(
            wording(words),
            narrowed("times.index", by=code) + f"#parts-{origin}",
            code == chosen,
        )
        for code, words in PARTS.items()
    ]


def _page_number() -> int:
    return min(posted_number(request.args.get("page")) or 1, LAST_PAGE)
