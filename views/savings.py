"""The savings pages: totals, their charts and rows, and the entries behind each of them."""

from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from core.clock import CIVIL_ZONE, now
from core.errors import NotFoundError, Problem
from core.text import Text
from forms.posted import posted_number
from services import balance, checksums, entries, savings, synthetic_loads
from services.checksums import ACCOUNTS
from services.ledger_documents import report_document
from services.ledger_scope import Choices, Filters, choices, understood, within_reach
from services.savings_dimensions import HEADS, TITLES
from views import savings_addresses as addresses
from views.actors import current_actor, requires
from views.attachments import IN_MEMORY, attachment, detached
from views.charts import chart_answer
from views.database import report_snapshot
from views.localisation import wording
from views.savings_charts import BURDEN, MONEY, MOST_PARTS, burden_rows, chart, money_rows
from views.savings_words import compared, period_words, written
from workflows.permissions import Permission

bp = Blueprint("savings", __name__, url_prefix="/savings")

LAST_PAGE = 100_000
NO_FIGURE = Text(zh="没有这个数字。", en="There is no such figure.")


@bp.get("")
@requires(Permission.LEDGER_READ)
def index() -> ResponseReturnValue:
    """The figures, each with definition, payer and rows; one break-down as chart and table."""
    at = now()
    by, wrong = addresses.dimension()
    with report_snapshot() as session:
        offered = choices(session, current_actor(), at)
        filters, problems = addresses.asked(offered)
        filters = within_reach(current_actor(), filters, at)
        problems = (*wrong, *problems)
        report = None if problems else savings.totals(session, filters, at, (by,))
        checked = None if problems else balance.check(session, filters)
        loading = synthetic_loads.progress(session)
    page = render_template(
        "savings/index.html",
        report=report,
        balance=checked,
        loading=loading,
        by=by,
        head=HEADS[by],
        title=TITLES[by],
        dimensions=addresses.dimension_links(by),
        periods=addresses.period_links(at.astimezone(CIVIL_ZONE).date()),
        most_parts=MOST_PARTS,
        **_tools(),
        **_filter_values(offered, problems),
    )
    return page, 422 if problems else 200


@bp.get("/charts/<string:kind>.svg")
@requires(Permission.LEDGER_READ)
def chart_picture(kind: str) -> ResponseReturnValue:
    """The chart beside a table, of one origin, with the filters of its page."""
    by, _wrong = addresses.dimension()
    with report_snapshot() as session:
        filters = understood(session, current_actor(), addresses.typed(), now())
        rows = savings.rows(session, _of_one_origin(filters), by)
    return chart_answer(chart(kind, rows))


@bp.get("/report.json")
@requires(Permission.LEDGER_READ)
def report_json() -> ResponseReturnValue:
    """The same figures for a machine; the same as `flask report savings --format json` prints."""
    at = now()
    with report_snapshot() as session:
        filters = understood(session, current_actor(), addresses.typed(), at)
        report = savings.totals(session, filters, at)
        checked = balance.check(session, filters)
    return jsonify(report_document(report, checked))


@bp.get("/rows/<string:figure>.txt")
@requires(Permission.LEDGER_READ)
def rows_text(figure: str) -> Response:
    """The canonical lines that a figure's checksum is made of: their SHA-256 is the checksum.

    They are sent once all of them are read: a slow reader keeps no connection to the database.
    """
    if figure not in ACCOUNTS:
        raise NotFoundError(NO_FIGURE)
    with SpooledTemporaryFile(IN_MEMORY) as file:
        with report_snapshot() as session:
            filters = understood(session, current_actor(), addresses.typed(), now())
            filters = _of_one_origin(filters)
            for lines in checksums.canonical_lines(session, filters, figure):
                file.write(lines.encode())
        content = detached(file)
    name = f"{filters.origin}-{figure}-rows.txt"
    return attachment(content, "text/plain", name, name)


@bp.get("/entries")
@requires(Permission.LEDGER_READ)
def entry_list() -> ResponseReturnValue:
    """The entries behind a total, each leading to its transfers and its case."""
    at = now()
    with report_snapshot() as session:
        offered = choices(session, current_actor(), at)
        filters, problems = addresses.asked(offered)
        filters = within_reach(current_actor(), filters, at)
        found = None if problems else entries.entries(session, filters, _page_number())
    page = render_template(
        "savings/entries.html",
        entries=found,
        periods=addresses.period_links(at.astimezone(CIVIL_ZONE).date(), "savings.entry_list"),
        **_tools(),
        **_filter_values(offered, problems),
    )
    return page, 422 if problems else 200


@bp.get("/entries/<uuid:entry_id>")
@requires(Permission.LEDGER_READ)
def entry(entry_id: UUID) -> ResponseReturnValue:
    """One entry: its transfers with their evidence, the step that posted it, and the case."""
    with report_snapshot() as session:
        found = entries.entry(session, current_actor(), entry_id, now())
    return render_template("savings/entry.html", entry=found)


def _of_one_origin(filters: Filters) -> Filters:
    """The filters of what never shows two origins. Raises `NotFoundError` if none is named."""
    if filters.origin is None:
        raise NotFoundError(NO_FIGURE)
    return filters


def _tools() -> dict[str, Any]:
    """What the templates ask with."""
    return {
        "entries_address": addresses.entries_address,
        "page_address": addresses.page_address,
        "rows_address": addresses.rows_address,
        "chart_address": lambda kind, origin: partial(addresses.chart_address, kind, origin),
        "compared": compared,
        "written": written,
        "period_words": period_words,
        "money_rows": money_rows,
        "burden_rows": burden_rows,
        "money_chart": MONEY,
        "burden_chart": BURDEN,
    }


def _filter_values(offered: Choices, problems: tuple[Problem, ...]) -> dict[str, Any]:
    """What both pages need to show their filters: as typed, what may be chosen, what is wrong."""
    return {
        "typed": addresses.typed(),
        "chosen_dimension": request.args.get("by", ""),
        "choices": offered,
        "problems": problems,
        "is_error": bool(problems),
        "summary": [
            {
                "id": problem.path if problem.path in addresses.NAMES else None,
                "text": wording(problem.sentence),
            }
            for problem in problems
        ],
    }


def _page_number() -> int:
    return min(posted_number(request.args.get("page")) or 1, LAST_PAGE)
